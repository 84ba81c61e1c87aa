package org.jadi.scopes.node;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of the node in which the processes of one user meet; nobody else may look into it. */
public final class NodeFolder {
    private static final String PREFIX = "jadi-scopes-";
    private static final int MOST_ATTEMPTS = 1000;

    private NodeFolder() {}

    /** Opens something in the folder. */
    public interface Opening<T> {
        /** Opens it; the folder is there, or was until a moment ago. */
        T open(Path folder) throws IOException;
    }

    /**
     * Opens something in the folder, which the last process to leave may delete at any time before.
     *
     * @param setting as for {@link #find}
     */
    public static <T> T open(String setting, Opening<T> opening) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                return opening.open(find(setting));
            } catch (NoSuchFileException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Deletes the folder of a file if it is one that we have named, and nothing is in it any more. */
    static void leave(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder.getFileName().toString().startsWith(PREFIX)) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                // Somebody else is there.
                return;
            }
        }
    }

    /**
     * Returns the folder, made if it is not there.
     *
     * @param setting {@code auto} for one in /dev/shm or else the temporary directory, named by user and boot; or its path
     * @throws NoSuchFileException if its last user deleted it this moment; {@link #open} tries again
     * @throws IOException if it cannot be made, or belongs to somebody else; the message says which
     */
    public static Path find(String setting) throws IOException {
        Path shm = Path.of("/dev/shm");
        Path parent = Files.isDirectory(shm) && Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
        Path folder = setting.equals("auto") ? parent.resolve(PREFIX + user() + "-" + bootId()) : Path.of(setting);
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")))
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).endsWith("------");
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(folder.toString(), null, "its last user has just left");
            }
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
