package org.jadi.launcher.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.bootstrap.crypto.Sha256;
import org.jadi.launcher.LauncherException;

/**
 * A program in one source file, compiled to a folder of the user's cache. The folder's name is a hash of all that the
 * class files depend on, so a folder that exists is right, and nothing is ever changed in it.
 *
 * @param classes folder with the class files
 * @param mainClass name of the class to start
 */
record SourceProgram(Path classes, String mainClass) {
    private static final String MAIN_FILE = "META-INF/jadi-main-class";

    /** Returns the compiled program, from the cache or compiled now. */
    static SourceProgram compiled(Path source, String libraries, String fingerprint, Map<String, String> environment) {
        try {
            Path folder = cache(environment).resolve(key(source, libraries, fingerprint));
            if (!Files.isRegularFile(folder.resolve(MAIN_FILE))) {
                compile(source, libraries, folder);
            }
            return new SourceProgram(folder, Files.readString(folder.resolve(MAIN_FILE)));
        } catch (IOException e) {
            throw new LauncherException(1, "cannot compile: file=" + source + " (" + e + ")", e);
        }
    }

    private static Path cache(Map<String, String> environment) {
        String home = environment.get("XDG_CACHE_HOME");
        Path base = home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return base.resolve("jadi").resolve("classes").toAbsolutePath();
    }

    private static String key(Path source, String libraries, String fingerprint) throws IOException {
        String[] others = {source.getFileName().toString(), libraries, fingerprint, Runtime.version().toString()};
        byte[] rest = String.join("\0", others).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Sha256.digest(Files.readAllBytes(source), new byte[1], rest));
    }

    /** Compiles aside and renames, so that several mpirun at once do not see each other's halves. */
    private static void compile(Path source, String libraries, Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        Path work = Files.createTempDirectory(folder.getParent(), "new-");
        try {
            String mainClass = SourceCompiler.compile(source, libraries, work);
            Files.createDirectories(work.resolve(MAIN_FILE).getParent());
            Files.writeString(work.resolve(MAIN_FILE), mainClass);
            try {
                Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                throw e;
            } catch (IOException e) {
                if (!Files.isRegularFile(folder.resolve(MAIN_FILE))) {
                    delete(folder); // what a cleaning of the cache has left of it
                    Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
                }
                // Otherwise another mpirun was faster; its result is the same.
            }
        } finally {
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
