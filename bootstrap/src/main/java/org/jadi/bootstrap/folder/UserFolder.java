package org.jadi.bootstrap.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The folder in which the jobs of one user have their folders: {@code jadi-UID} below a base such as {@code /dev/shm}. It
 * appears with the user's first job and goes with the last.
 *
 * <p>Making, sweeping and deleting exclude each other by a lock on the file {@code .sweep} in it, so that no folder of a job
 * is swept between its creation and the moment its first process holds it, and the user's folder is not deleted under
 * somebody who enters. That file is deleted too, by who has it locked. So who gets the lock looks whether the file that
 * it opened still stands at its path, and otherwise begins anew. The number of a file is not used again while the file is
 * open, hence what stood there before the opening and stands there after the locking is the file that was opened; on a disk,
 * where numbers are used again, unless two others came and went between two lines of code.
 *
 * <p>Safe for use by any thread and process. A process that dies here leaves at worst an empty folder, which the end of the
 * next job takes away.
 */
public final class UserFolder {
    /** Length of the longest wait in {@link #enter}, in seconds; others hold the lock for milliseconds. */
    static final int ENTER_SECONDS = 30;

    private static final String LOCK_FILE = ".sweep";
    private static final long NANOS = 1_000_000_000L;
    private static final long SWEEP_NANOS = 2 * NANOS;
    private static final long PAUSE_MILLIS = 1;
    private static final String MODE = "rwx------";
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE));
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Held around all use of {@code .sweep}, since closing it drops the lock of the whole process. A constant string is the
     * same object for all class loaders.
     */
    private static final String MONITOR = "org.jadi.bootstrap.folder.UserFolder";

    private final Path path;
    private final Path lockFile;

    private UserFolder(Path path) {
        this.path = path;
        this.lockFile = path.resolve(LOCK_FILE);
    }

    /** Returns this user's folder below a base. Makes nothing yet. */
    public static UserFolder below(Path base) throws IOException {
        return new UserFolder(base.toAbsolutePath().resolve("jadi-".concat(userId())));
    }

    /** Returns the path of the folder, which need not be there. */
    public Path path() {
        return path;
    }

    /** Returns the path of a job's folder, which need not be there. */
    public Path job(String jobId) {
        return path.resolve(jobId);
    }

    /**
     * Makes a job's folder if it is not there, and holds it.
     *
     * @param position byte to hold, see {@link JobFolder#hold}
     * @throws IOException if it cannot be made or held, or what stands in the user folder's place is not a folder of this
     *     user with mode 0700; the text is for the user
     */
    public JobFolder enter(String jobId, long position) throws IOException {
        synchronized (MONITOR) {
            FileChannel locked = lock(true, ENTER_SECONDS * NANOS);
            try {
                return holdNew(job(jobId), position);
            } finally {
                locked.close();
            }
        }
    }

    private JobFolder holdNew(Path folder, long position) throws IOException {
        boolean made = false;
        JobFolder hold = null;
        try {
            made = makeFolder(folder);
            hold = JobFolder.hold(folder, position);
        } finally {
            if (hold == null) {
                if (made) {
                    delete(folder);
                }
                deleteIfEmpty();
            }
        }
        return hold;
    }

    /**
     * Deletes a job's folder, whoever may hold it, and then sweeps.
     *
     * @param folder a folder in this one; it need not be there any more
     */
    public void remove(Path folder) {
        try {
            delete(folder);
        } catch (IOException | DirectoryIteratorException e) {
            // Swept when nobody holds it any more.
        }
        sweep();
    }

    /**
     * Deletes the folders of jobs of which no process is alive, and then the user's folder if nothing is in it. Waits for
     * other processes that are doing the same, for some seconds at most. What cannot be deleted is left to the next sweep.
     */
    public void sweep() {
        synchronized (MONITOR) {
            try (FileChannel locked = lock(false, SWEEP_NANOS)) {
                if (locked != null) {
                    sweepDead();
                    deleteIfEmpty();
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Sweeping is a kindness to the host; the next job tries again.
            }
        }
    }

    private void sweepDead() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    sweepIfDead(entry);
                }
            }
        }
    }

    private static void sweepIfDead(Path folder) {
        try {
            if (ProcessLocks.isFree(folder.resolve(JobFolder.LOCK_FILE))) {
                delete(folder);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The others are no worse for it.
        }
    }

    /** Deletes the user's folder if nothing but the lock file, which the caller has locked, is in it. */
    private void deleteIfEmpty() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (!entry.equals(lockFile)) {
                    return;
                }
            }
        }
        Files.deleteIfExists(lockFile);
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            // Somebody enters, and has just made a lock file of his own: the folder is his.
            return;
        }
    }

    // ------------------------------------------------------------------ the lock

    /**
     * Locks the file that stands at the lock file's path. Closing what is returned ends the lock.
     *
     * @param makes whether the user's folder is made if it is not there
     * @return null if it is not there, and is not to be made
     */
    private FileChannel lock(boolean makes, long patienceNanos) throws IOException {
        long deadline = System.nanoTime() + patienceNanos;
        while (true) {
            try {
                if (makes) {
                    makeFolder(path);
                }
                checkOwn();
                FileChannel locked = lockOnce(deadline);
                if (locked != null) {
                    return locked;
                }
            } catch (NoSuchFileException e) {
                if (!makes && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    return null;
                }
                if (makes && !Files.isDirectory(path.getParent())) {
                    throw new NotDirectoryException(path.getParent().toString());
                }
            }
            // Its last user has just left: now it is ours to make.
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("others make and delete the folder for jobs all the time: folder=" + path);
            }
        }
    }

    /** Locks the lock file; returns null if somebody has deleted it before that. */
    private FileChannel lockOnce(long deadline) throws IOException {
        makeFile(lockFile);
        Object before = ProcessLocks.key(lockFile);
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        boolean good = false;
        try {
            good = awaitLock(channel, before, deadline) && before.equals(ProcessLocks.key(lockFile));
        } finally {
            if (!good) {
                channel.close();
            }
        }
        return good ? channel : null;
    }

    /**
     * Waits for the lock; returns false if the file is deleted meanwhile. Polls, because a wait in the kernel has no limit, and
     * an interrupt would close the channel.
     */
    private boolean awaitLock(FileChannel channel, Object key, long deadline) throws IOException {
        boolean interrupted = false;
        try {
            while (!tryLock(channel)) {
                if (!key.equals(ProcessLocks.key(lockFile))) {
                    return false;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("another process has locked the folder for jobs and does not let go; is one stopped?"
                            + " (fuser " + lockFile + " tells which)");
                }
                try {
                    Thread.sleep(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    // ------------------------------------------------------------- files, folders

    /** The base is open to all users: what stands at our place must be a folder, ours, and closed to others. */
    private void checkOwn() throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:isDirectory,uid,permissions", LinkOption.NOFOLLOW_LINKS);
        String wrong = null;
        if (!Boolean.TRUE.equals(found.get("isDirectory"))) {
            wrong = "it is no folder";
        } else if (!found.get("uid").toString().equals(userId())) {
            wrong = "it belongs to user ".concat(found.get("uid").toString());
        } else if (!PosixFilePermissions.fromString(MODE).equals(found.get("permissions"))) {
            wrong = "others may enter it, or you may not";
        }
        if (wrong != null) {
            throw new IOException("the folder for jobs is not safe: folder=" + path + " must be a folder of yours with mode 0700, but "
                    + wrong + "; remove it");
        }
    }

    /** Makes a folder of mode 0700 if nothing is there; returns whether it was this call that made it. */
    private static boolean makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, FOLDER_MODE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Makes an empty file of mode 0600 if nothing is there. */
    static void makeFile(Path file) throws IOException {
        try {
            Files.createFile(file, FILE_MODE);
        } catch (FileAlreadyExistsException e) {
            // Another rank was faster.
            return;
        }
    }

    /** Deletes a file or a folder with all that is in it; others may be doing the same. */
    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            } catch (NoSuchFileException e) {
                return;
            }
        }
        Files.deleteIfExists(path);
    }

    private static String userId() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    }
}
