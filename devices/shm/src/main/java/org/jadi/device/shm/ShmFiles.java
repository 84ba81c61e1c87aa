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

/** Making and opening shared files: mode 0600, space allocated before it is used. */
final class ShmFiles {
    private static final int ZEROS = 256 << 10;

    private ShmFiles() {}

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

    /** Returns what is known of the space where a file lies, or has lain, for error messages. */
    static String space(Path path) {
        Path there = path;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            var store = Files.getFileStore(there);
            return "free=" + (store.getUsableSpace() >> 10) + " KiB of " + (store.getTotalSpace() >> 10) + " KiB";
        } catch (IOException e) {
            return "free space unknown";
        }
    }
}
