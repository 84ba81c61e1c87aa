package org.jadi.launcher.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.folder.JobFolder;
import org.jadi.bootstrap.folder.UserFolder;
import org.jadi.launcher.LauncherException;

/**
 * The job's folder in shared memory, {@code /dev/shm/jadi-UID/JOBID}: secret, lock file and what devices share. It goes
 * with the job, and the user's folder with the last job. What a killed launcher leaves is swept by the next one.
 */
final class JobPlace implements AutoCloseable {
    /** The variable by which the shm device too is told where shared memory is mounted. */
    static final String ROOT = "JADI_SHM_ROOT";

    private static final String SECRET_FILE = "secret";
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final UserFolder user;
    private final JobFolder hold;
    private boolean closed; // guarded by this

    private JobPlace(UserFolder user, JobFolder hold) {
        this.user = user;
        this.hold = hold;
    }

    /** Makes the folder of a job, with the secret in it. */
    static JobPlace create(String jobId, JobSecret secret) {
        String root = System.getenv(ROOT);
        if (root != null && !root.isEmpty()) {
            return create(Path.of(root), jobId, secret);
        }
        Path shared = Path.of("/dev/shm");
        Path base = Files.isDirectory(shared) && Files.isWritable(shared) ? shared
                : Path.of(System.getProperty("java.io.tmpdir"));
        return create(base, jobId, secret);
    }

    private static JobPlace create(Path base, String jobId, JobSecret secret) {
        JobPlace place = null;
        try {
            UserFolder user = UserFolder.below(base);
            place = new JobPlace(user, user.enter(jobId, JobFolder.LAUNCHER_BYTE));
            Files.createFile(place.secretFile(), FILE_MODE);
            Files.writeString(place.secretFile(), secret.toHex());
            return place;
        } catch (IOException e) {
            if (place != null) {
                place.close();
            }
            throw new LauncherException(1, "cannot make the job's folder: below=" + base + " (" + e
                    + "); is there space, and may you write there?", e);
        }
    }

    Path folder() {
        return hold.path();
    }

    Path secretFile() {
        return folder().resolve(SECRET_FILE);
    }

    /** Deletes the folders of jobs of this user of which no process is alive; nothing once the job is over. */
    synchronized void sweepLeftovers() {
        // Its thread dies with mpirun: it must not begin what it might not finish.
        if (!closed) {
            user.sweep();
        }
    }

    /** Deletes the folder, and the user's if it is the last; call it when no rank is alive. */
    @Override
    public synchronized void close() {
        closed = true;
        hold.close();
        user.remove(folder());
    }
}
