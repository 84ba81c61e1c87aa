package org.jadi.bootstrap.folder;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A living process's hold on the job's folder in shared memory: a kernel lock on one byte of the file {@code lock} in it.
 *
 * <p>The kernel releases the lock when the process ends, however it ends; so whoever gets an exclusive lock on the whole
 * file knows that nobody of the job is alive, and may delete the folder.
 *
 * <p>Several parts of one process may hold the same byte, such as a rank's bootstrap and its device; it is released when the
 * last of them closes. The hold outlives the folder's deletion: who has it open goes on seeing who is alive.
 */
public final class JobFolder implements AutoCloseable {
    /** Name of the lock file in the folder of a job. */
    public static final String LOCK_FILE = "lock";
    /** The byte that the launcher holds; a rank holds the byte of its number. */
    public static final long LAUNCHER_BYTE = 1L << 30;

    private final Path path;
    private final long position;
    private final ProcessLocks.LockFile file;
    private boolean closed; // guarded by this

    private JobFolder(Path path, long position, ProcessLocks.LockFile file) {
        this.path = path;
        this.position = position;
        this.file = file;
    }

    /**
     * Holds a folder that is there.
     *
     * @param position the rank, or {@link #LAUNCHER_BYTE}
     * @throws IOException if the folder is not there, or another process holds that byte; the text names the file
     */
    public static JobFolder hold(Path folder, long position) throws IOException {
        Path lock = folder.resolve(LOCK_FILE);
        ProcessLocks.LockFile file = ProcessLocks.hold(lock, position);
        if (file == null) {
            throw new IOException("another process already is this rank: byte " + position + " of " + lock
                    + " is locked; unset the JADI_ variables for processes that a rank starts itself");
        }
        return new JobFolder(folder, position, file);
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }

    /** Returns whether a living process holds a byte; true where that cannot be found out. */
    public boolean isHeld(long byRank) {
        return ProcessLocks.isHeld(file, byRank);
    }

    /** Gives up the hold; the folder stays. Again does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ProcessLocks.release(file, position);
        }
    }
}
