package org.jadi.bootstrap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A living process's hold on the job's folder in shared memory: a kernel lock on one byte of the file {@code lock} in it.
 *
 * <p>The kernel releases the lock when the process ends, however it ends; so whoever gets an exclusive lock on the whole
 * file knows that nobody of the job is alive, and may delete the folder. Process ids, which are used again, play no part.
 *
 * <p>POSIX drops all of a process's locks on a file when it closes any descriptor of it: nobody else in the process may
 * open {@code lock}.
 */
public final class JobFolder implements AutoCloseable {
    /** Name of the lock file in the folder of a job. */
    public static final String LOCK_FILE = "lock";
    /** The byte that the launcher holds; a rank holds the byte of its number. */
    public static final long LAUNCHER_BYTE = 1L << 30;

    private final FileChannel channel;

    private JobFolder(FileChannel channel) {
        this.channel = channel;
    }

    /** Holds a folder as a rank of its job. */
    public static JobFolder hold(Path folder, int rank) {
        return holdByte(folder, rank);
    }

    /** Holds a folder as the launcher of its job. */
    public static JobFolder holdAsLauncher(Path folder) {
        return holdByte(folder, LAUNCHER_BYTE);
    }

    private static JobFolder holdByte(Path folder, long position) {
        Path file = folder.resolve(LOCK_FILE);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock(position, 1, false);
                if (lock != null) {
                    return new JobFolder(channel);
                }
            } catch (OverlappingFileLockException e) {
                // This JVM holds that byte for another bootstrap of the same rank: not ours to release.
            }
            channel.close();
        } catch (IOException e) {
            throw new BootstrapException("cannot lock the job's folder: file=" + file + " (" + e + ")", e);
        }
        throw new BootstrapException("another process already is this rank: byte " + position + " of " + file
                + " is locked; unset the JADI_ variables for processes that a rank starts itself");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The kernel releases the lock when the process ends.
        }
    }
}
