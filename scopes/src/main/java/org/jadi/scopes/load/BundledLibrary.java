package org.jadi.scopes.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Puts the copy of hwloc that comes in our jar into a file, from which alone a library can be loaded. The file is named by
 * its contents, so several processes and versions share a folder, and it is made in one step, so nobody sees half of it.
 */
final class BundledLibrary {
    private BundledLibrary() {}

    /** Returns the folders in which the file may be put, the best first; a folder's mount may forbid to run what is there. */
    static List<Path> folders() {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home = cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return List.of(Path.of(System.getProperty("java.io.tmpdir"), "jadi-natives-" + user), home.resolve("jadi"));
    }

    /**
     * Returns the file, made if it is not there.
     *
     * @throws IOException if there is no library for this system, or the folder is not ours alone; the message says which
     */
    static Path extract(Path folder) throws IOException {
        byte[] library = read();
        makePrivate(folder);
        Path file = folder.resolve("libhwloc-" + hash(library) + ".so");
        if (!isFile(file, library)) {
            Path unfinished = Files.createTempFile(folder, "libhwloc-", ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                Files.write(unfinished, library);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
        return file;
    }

    private static byte[] read() throws IOException {
        String arch = System.getProperty("os.arch");
        String folder = !System.getProperty("os.name").equals("Linux") ? null : switch (arch) {
            case "amd64" -> "x64";
            case "aarch64" -> "arm64";
            default -> null;
        };
        String name = "/META-INF/hwloc/linux/" + folder + "/org/lwjgl/hwloc/libhwloc.so";
        try (InputStream in = folder == null ? null : BundledLibrary.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no hwloc is bundled for " + System.getProperty("os.name") + " on " + arch);
            }
            return in.readAllBytes();
        }
    }

    /** A folder in which another user could change the file between our check and the load would be a way into this process. */
    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getOwner(Path.of("/proc/self")));
            String mode = ours ? PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)) : "";
            if (!ours || mode.charAt(4) == 'w' || mode.charAt(7) == 'w') {
                throw new IOException("others may write in the folder, so no library is loaded from it: folder=" + folder, e);
            }
        }
    }

    private static boolean isFile(Path file, byte[] contents) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == contents.length
                && Arrays.equals(Files.readAllBytes(file), contents);
    }

    private static String hash(byte[] contents) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(contents), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
