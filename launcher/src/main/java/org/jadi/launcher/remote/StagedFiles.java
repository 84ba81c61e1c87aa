package org.jadi.launcher.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jadi.launcher.LauncherException;

/**
 * Files that reach hosts without a shared file system, kept under the hash of what is in them; so a file that is there is
 * right, and comes only once. The folder is the user's own. What nobody has used for a month is deleted.
 */
final class StagedFiles {
    static final String SUFFIX = ".jar";
    static final int CHUNK_BYTES = 1 << 20;

    private static final Duration KEPT = Duration.ofDays(30);
    private static final String NAME = "[0-9a-f]{64}\\.jar";

    private final Path folder;
    private final Map<String, Path> elsewhere = new ConcurrentHashMap<>();

    StagedFiles(Path folder) {
        this.folder = folder;
    }

    /** Returns a digest for names of files. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    /** Returns the name for what has been digested. */
    static String name(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()) + SUFFIX;
    }

    Path folder() {
        return folder;
    }

    /** Makes a file known that stays where it is. Returns its name. */
    String add(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file);
                DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        String name = name(digest);
        elsewhere.put(name, file);
        return name;
    }

    /** Returns whether a file is here, and notes that it is used. */
    boolean has(String name) {
        try {
            Files.setLastModifiedTime(path(name), FileTime.from(Instant.now()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a piece of a file; none at its end. */
    byte[] piece(String name, long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path(name).toFile(), "r")) {
            file.seek(Math.min(offset, file.length()));
            byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, file.length() - file.getFilePointer())];
            file.readFully(bytes);
            return bytes;
        }
    }

    private Path path(String name) {
        if (!name.matches(NAME)) {
            throw new LauncherException(1, "not the name of a staged file: " + name);
        }
        return elsewhere.getOrDefault(name, folder.resolve(name));
    }

    /** Where pieces of files come from. */
    interface Source {
        byte[] piece(String name, long offset) throws IOException;
    }

    /** Takes a file from a source, if it is not here. */
    void fetch(String name, Source source) throws IOException {
        if (has(name)) {
            return;
        }
        Files.createDirectories(folder);
        deleteOld();
        Path part = Files.createTempFile(folder, "new-", "");
        try {
            MessageDigest digest = digest();
            try (DigestOutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
                long offset = 0;
                for (byte[] piece = source.piece(name, 0); piece.length > 0; piece = source.piece(name, offset)) {
                    out.write(piece);
                    offset += piece.length;
                }
            }
            if (!name(digest).equals(name)) {
                throw new LauncherException(1, "a staged file has changed on its way: " + name);
            }
            move(part, path(name));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void deleteOld() throws IOException {
        Instant limit = Instant.now().minus(KEPT);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
