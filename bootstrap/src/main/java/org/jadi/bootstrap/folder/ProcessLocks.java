package org.jadi.bootstrap.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * The lock files of jobs that this process has open: each once.
 *
 * <p>POSIX drops all locks that a process has on a file when it closes any descriptor of that file. So whoever opened
 * the file of a job of this process a second time, to hold another byte or to see whether the job is dead, would take the
 * first one's lock away. It is a fact of the process, so the register is one too.
 */
final class ProcessLocks {
    private static final ProcessLocks OURS = new ProcessLocks();

    /** By the file's identity: a folder may be deleted while it is held, and be made again under the same name. */
    private final Map<Object, LockFile> files = new HashMap<>(); // guarded by this

    private ProcessLocks() {
    }

    /** An open lock file. */
    static final class LockFile {
        private final Object key;
        private final FileChannel channel;
        private final Map<Long, Held> bytes = new HashMap<>(); // guarded by OURS

        private LockFile(Object key, FileChannel channel) {
            this.key = key;
            this.channel = channel;
        }
    }

    /** A byte that is locked for some parts of this process. */
    private static final class Held {
        private final FileLock lock;
        private int holders;

        private Held(FileLock lock) {
            this.lock = lock;
        }
    }

    /** Locks a byte of a file, which is made if it is not there; returns null if another process has locked it. */
    static LockFile hold(Path path, long position) throws IOException {
        synchronized (OURS) {
            UserFolder.makeFile(path);
            Object key = key(path);
            LockFile file = OURS.files.get(key);
            if (file == null) {
                file = new LockFile(key, open(path));
                OURS.files.put(key, file);
            }
            boolean held = false;
            try {
                held = OURS.take(file, position);
            } finally {
                if (!held) {
                    OURS.closeIfUnused(file);
                }
            }
            return held ? file : null;
        }
    }

    private boolean take(LockFile file, long position) throws IOException {
        Held held = file.bytes.get(position);
        if (held == null) {
            FileLock lock = tryLock(file, position);
            if (lock == null) {
                return false;
            }
            held = new Held(lock);
            file.bytes.put(position, held);
        }
        held.holders++;
        return true;
    }

    /** Ends what {@link #hold} began. */
    static void release(LockFile file, long position) {
        synchronized (OURS) {
            Held held = file.bytes.get(position);
            held.holders--;
            if (held.holders == 0) {
                file.bytes.remove(position);
                try {
                    held.lock.release();
                } catch (IOException e) {
                    // The kernel releases the lock when the process ends.
                }
                OURS.closeIfUnused(file);
            }
        }
    }

    private void closeIfUnused(LockFile file) {
        if (file.bytes.isEmpty()) {
            files.remove(file.key);
            try {
                file.channel.close();
            } catch (IOException e) {
                // It goes with the process.
            }
        }
    }

    /** Returns whether a byte is locked by this or another living process. */
    static boolean isHeld(LockFile file, long position) {
        synchronized (OURS) {
            if (file.bytes.containsKey(position)) {
                return true;
            }
            try (FileLock lock = tryLock(file, position)) {
                return lock == null;
            } catch (IOException e) {
                return true; // Closed meanwhile, or the system does not tell.
            }
        }
    }

    private static FileLock tryLock(LockFile file, long position) throws IOException {
        try {
            return file.channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // A copy of this class in another class loader has it.
        }
    }

    /** Returns whether nobody holds a byte of a file, in this process or another; so too if it is not there. */
    static boolean isFree(Path path) throws IOException {
        synchronized (OURS) {
            Object key;
            try {
                key = key(path);
            } catch (NoSuchFileException e) {
                return true;
            }
            if (OURS.files.containsKey(key)) {
                return false;
            }
            try (FileChannel channel = open(path); FileLock all = channel.tryLock()) {
                return all != null;
            } catch (NoSuchFileException e) {
                return true;
            } catch (OverlappingFileLockException e) {
                return false;
            }
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns what tells a file from all others that exist, whatever its name. */
    static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }
}
