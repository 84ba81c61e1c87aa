package org.jadi.device.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jadi.adi.device.DeviceException;

/** Making and opening shared files: folders of mode 0700, files of mode 0600, space allocated before it is used. */
final class ShmFiles {
    private static final int ZEROS = 256 << 10;

    private ShmFiles() {}

    /** Returns the folder of a job; made if it is not there, or its parent where no launcher made it. */
    static Path jobDirectory(ShmConfig config, String jobId) {
        try {
            if (!config.jobDirectory().isEmpty()) {
                return Files.createDirectories(Path.of(config.jobDirectory()));
            }
            Path root = Path.of(config.root());
            if (!Files.isWritable(root)) {
                throw new DeviceException("cannot write to " + root + "; mount shared memory there, or set "
                        + ShmConfig.ROOT.property());
            }
            Path mine = root.resolve("jadi-" + userId());
            makeDirectory(mine);
            return mine.resolve(jobId);
        } catch (IOException e) {
            throw new DeviceException("cannot make the job's folder for shared memory: " + e, e);
        }
    }

    /** Makes a folder if it is not there; returns whether it was this call that made it. */
    static boolean makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return true;
            } catch (java.nio.file.FileAlreadyExistsException e) {
                // Another rank was faster.
            }
        }
        return false;
    }

    /** Returns the numeric user id as text: what the launcher uses too. */
    private static String userId() throws IOException {
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return uid.toString();
    }

    /** Makes a new file of mode 0600. */
    static FileChannel create(Path file) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return FileChannel.open(file, options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Opens a file that a peer made; never through a symbolic link. */
    static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Allocates part of a file by writing zeros, so that a full file system is an error here and not a SIGBUS later.
     *
     * @return false if there is no space
     */
    static boolean allocate(FileChannel channel, long offset, long bytes) {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, bytes));
        try {
            for (long at = 0; at < bytes;) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                at += channel.write(zeros, offset + at);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns what is known of the space below a folder, for error messages. */
    static String space(Path directory) {
        try {
            var store = Files.getFileStore(directory);
            return "free=" + (store.getUsableSpace() >> 10) + " KiB of " + (store.getTotalSpace() >> 10) + " KiB";
        } catch (IOException e) {
            return "free space unknown";
        }
    }
}
