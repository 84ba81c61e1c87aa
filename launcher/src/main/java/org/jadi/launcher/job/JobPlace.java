package org.jadi.launcher.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jadi.bootstrap.JobFolder;
import org.jadi.bootstrap.JobSecret;
import org.jadi.launcher.LauncherException;

/**
 * The job's folder in shared memory, {@code /dev/shm/jadi-UID/JOBID}: secret, lock file and what devices share. It goes
 * with the job. What a killed launcher leaves is swept by the next one: a folder whose lock file can be locked as a whole
 * belongs to nobody alive.
 *
 * <p>Making a folder and sweeping exclude each other by a lock on {@code .sweep}, so a folder is never swept between its
 * creation and the moment its launcher holds it.
 */
final class JobPlace implements AutoCloseable {
    private static final String SWEEP_FILE = ".sweep";
    private static final String SECRET_FILE = "secret";
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> OPEN_OR_CREATE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

    private final Path userFolder;
    private final Path folder;
    private final JobFolder hold;

    private JobPlace(Path userFolder, Path folder, JobFolder hold) {
        this.userFolder = userFolder;
        this.folder = folder;
        this.hold = hold;
    }

    /** Makes the folder of a job, with the secret in it. */
    static JobPlace create(String jobId, JobSecret secret) {
        Path shared = Path.of("/dev/shm");
        Path base = Files.isDirectory(shared) && Files.isWritable(shared) ? shared
                : Path.of(System.getProperty("java.io.tmpdir"));
        return create(base, jobId, secret);
    }

    static JobPlace create(Path base, String jobId, JobSecret secret) {
        Path user = base.resolve("jadi-".concat(userId()));
        try {
            ownFolder(user);
            try (FileChannel sweep = FileChannel.open(user.resolve(SWEEP_FILE), OPEN_OR_CREATE, FILE_MODE)) {
                FileLock lock = sweep.lock();
                Path folder = Files.createDirectory(user.resolve(jobId), FOLDER_MODE);
                Files.createFile(folder.resolve(JobFolder.LOCK_FILE), FILE_MODE);
                JobFolder hold = JobFolder.holdAsLauncher(folder);
                Files.createFile(folder.resolve(SECRET_FILE), FILE_MODE);
                Files.writeString(folder.resolve(SECRET_FILE), secret.toHex());
                lock.release();
                return new JobPlace(user, folder, hold);
            }
        } catch (IOException e) {
            throw new LauncherException(1, "cannot make the job's folder: folder=" + user + " (" + e
                    + "); is there space, and may you write there?", e);
        }
    }

    Path folder() {
        return folder;
    }

    Path secretFile() {
        return folder.resolve(SECRET_FILE);
    }

    /** Deletes the folders of jobs of this user of which no process is alive. */
    void sweepLeftovers() {
        try (FileChannel sweep = FileChannel.open(userFolder.resolve(SWEEP_FILE), OPEN_OR_CREATE, FILE_MODE);
                FileLock lock = sweep.tryLock();
                DirectoryStream<Path> folders = Files.newDirectoryStream(userFolder, Files::isDirectory)) {
            if (lock == null) {
                return; // Another mpirun is just sweeping, or making its folder.
            }
            for (Path other : folders) {
                // Our own lock file must not be opened: closing it again would release our hold.
                if (!other.equals(folder)) {
                    sweepIfDead(other);
                }
            }
        } catch (IOException e) {
            // Sweeping is a kindness to the host; the next start tries again.
        }
    }

    private static void sweepIfDead(Path folder) throws IOException {
        Path file = folder.resolve(JobFolder.LOCK_FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            delete(folder);
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock all = channel.tryLock()) {
            if (all != null) {
                delete(folder);
            }
        }
    }

    /** Deletes the folder; call it when no rank is alive. */
    @Override
    public void close() {
        try {
            delete(folder);
        } catch (IOException e) {
            // Swept at the next start.
        }
        hold.close();
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** /dev/shm is open to all users: what stands at our place must be a folder, ours, and closed to others. */
    private static void ownFolder(Path user) throws IOException {
        try {
            Files.createDirectory(user, FOLDER_MODE);
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(user, LinkOption.NOFOLLOW_LINKS)
                    && userId().equals(ownerOf(user))
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(user)).equals("rwx------");
            if (!ours) {
                throw new LauncherException(1, "the folder for jobs is not safe: folder=" + user
                        + " must be a folder of yours with mode 0700; remove it", e);
            }
        }
    }

    private static String userId() {
        try {
            return ownerOf(Path.of("/proc/self"));
        } catch (IOException e) {
            return System.getProperty("user.name");
        }
    }

    private static String ownerOf(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).toString();
    }
}
