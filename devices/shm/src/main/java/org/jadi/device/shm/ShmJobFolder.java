package org.jadi.device.shm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jadi.adi.device.DeviceException;

/**
 * The folder of a job that no launcher of ours made: the first rank on a node makes it, and takes away what killed jobs of
 * this user have left. As in mpirun, a folder whose file {@code lock} can be locked as a whole belongs to nobody alive, and
 * making and sweeping exclude each other by a lock on {@code .sweep}.
 */
final class ShmJobFolder {
    private static final String SWEEP = ".sweep";

    private ShmJobFolder() {}

    /** Makes the folder if it is not there, and holds this rank's place in it. */
    static ShmLiveness enter(Path folder, int rank) {
        Path user = folder.getParent();
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(user.resolve(SWEEP), options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileLock lock = channel.lock()) {
            boolean first = lock.isValid() && ShmFiles.makeDirectory(folder);
            ShmLiveness liveness = ShmLiveness.hold(folder, rank);
            if (first) {
                sweep(user, folder);
            }
            return liveness;
        } catch (IOException e) {
            throw new DeviceException("cannot make the job's folder for shared memory: " + e, e);
        }
    }

    private static void sweep(Path user, Path mine) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(user, Files::isDirectory)) {
            for (Path other : folders) {
                // Our own lock file must not be opened again: closing it would release our hold.
                if (!other.equals(mine)) {
                    sweepIfDead(other);
                }
            }
        } catch (IOException e) {
            // Sweeping is a kindness to the host; the next job tries again.
        }
    }

    private static void sweepIfDead(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            delete(folder);
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock all = channel.tryLock()) {
            if (all != null) {
                delete(folder);
            }
        } catch (OverlappingFileLockException e) {
            // A job of this JVM lives there.
        }
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}
