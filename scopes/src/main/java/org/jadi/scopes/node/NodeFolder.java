package org.jadi.scopes.node;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of the node in which the processes of one user meet; nobody else may look into it. */
public final class NodeFolder {
    private NodeFolder() {}

    /**
     * Returns the folder, made if it is not there.
     *
     * @param setting {@code auto} for one in /dev/shm or else the temporary directory, named by user and boot; or its path
     * @throws IOException if it cannot be made, or belongs to somebody else; the message says which
     */
    public static Path find(String setting) throws IOException {
        Path shm = Path.of("/dev/shm");
        Path parent = Files.isDirectory(shm) && Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
        Path folder = setting.equals("auto") ? parent.resolve("jadi-scopes-" + user() + "-" + bootId()) : Path.of(setting);
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")))
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).endsWith("------");
            if (!ours) {
                throw new IOException("others may enter the folder of the node, so claims are not shared there: folder=" + folder
                        + "; it must belong to this user with mode 0700", e);
            }
        }
        return folder;
    }

    private static String user() {
        return System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).substring(0, 8);
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return "boot";
        }
    }
}
