package org.jadi.device.shm;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.folder.JobFolder;
import org.jadi.bootstrap.folder.UserFolder;

/**
 * A rank's place in the folder of its job. A launcher of ours makes the folder and takes it away; otherwise the first rank on
 * a node makes it, and it goes as soon as all ranks have mapped each other's segments, so that a job leaves nothing however
 * it ends. What a job leaves that is killed before that, the next one sweeps.
 */
final class ShmJobFolder implements AutoCloseable {
    private final UserFolder user; // null where the folder is the launcher's
    private final JobFolder hold;

    private ShmJobFolder(UserFolder user, JobFolder hold) {
        this.user = user;
        this.hold = hold;
    }

    /** Makes the folder if it is not there, and holds this rank's place in it. */
    static ShmJobFolder enter(ShmConfig config, String jobId, int rank) {
        try {
            if (!config.jobDirectory().isEmpty()) {
                return new ShmJobFolder(null, JobFolder.hold(Path.of(config.jobDirectory()), rank));
            }
            Path root = Path.of(config.root());
            if (!Files.isWritable(root)) {
                throw new DeviceException("cannot write to " + root + "; mount shared memory there, or set "
                        + ShmConfig.ROOT.property());
            }
            UserFolder user = UserFolder.below(root);
            boolean first = !Files.exists(user.job(jobId), LinkOption.NOFOLLOW_LINKS);
            JobFolder hold = user.enter(jobId, rank);
            if (first) {
                user.sweep(); // before space is needed
            }
            return new ShmJobFolder(user, hold);
        } catch (IOException e) {
            throw new DeviceException("cannot make the job's folder for shared memory: " + e.getMessage() + " (" + e + ")", e);
        }
    }

    Path path() {
        return hold.path();
    }

    /** Returns this rank's hold, by which it sees who lives; also when the folder is gone. */
    JobFolder hold() {
        return hold;
    }

    /** Deletes the folder if no segment has a name in it any more. Call it after a name was removed. */
    void removeIfUnused() {
        if (user == null) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path())) {
            for (Path entry : entries) {
                if (!entry.endsWith(JobFolder.LOCK_FILE)) {
                    return;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // Another rank was faster.
        }
        user.remove(path());
    }

    /** Leaves. Where a job ends before all have mapped all, the last one out deletes the folder. */
    @Override
    public void close() {
        hold.close();
        if (user != null && Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            user.sweep();
        }
    }
}
