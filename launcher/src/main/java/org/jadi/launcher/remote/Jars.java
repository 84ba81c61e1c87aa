package org.jadi.launcher.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Makes jars, the same bytes from the same files each time. */
final class Jars {
    private static final long FIXED_MILLIS = 1_000_000_000_000L;

    private Jars() {
    }

    /** Packs a folder of classes. */
    static void pack(Path folder, OutputStream target) throws IOException {
        Map<String, Path> sorted = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> sorted.put(folder.relativize(file).toString().replace('\\', '/'),
                    file));
        }
        try (JarOutputStream out = new JarOutputStream(target)) {
            for (Map.Entry<String, Path> file : sorted.entrySet()) {
                begin(out, file.getKey());
                Files.copy(file.getValue(), out);
            }
        }
    }

    /** Writes the classes of several jars or folders into one jar; of two with the same name the first counts. */
    static void merge(List<Path> sources, OutputStream target) throws IOException {
        Set<String> names = new HashSet<>();
        try (JarOutputStream out = new JarOutputStream(target)) {
            for (Path source : sources) {
                if (Files.isDirectory(source)) {
                    mergeFolder(source, names, out);
                } else {
                    mergeJar(source, names, out);
                }
            }
        }
    }

    private static void mergeJar(Path source, Set<String> names, JarOutputStream out) throws IOException {
        try (JarFile jar = new JarFile(source.toFile())) {
            for (JarEntry entry : jar.stream().sorted((a, b) -> a.getName().compareTo(b.getName())).toList()) {
                if (wanted(entry.getName(), names)) {
                    begin(out, entry.getName());
                    try (InputStream in = jar.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
            }
        }
    }

    private static void mergeFolder(Path source, Set<String> names, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = source.relativize(file).toString().replace('\\', '/');
                if (wanted(name, names)) {
                    begin(out, name);
                    Files.copy(file, out);
                }
            }
        }
    }

    private static boolean wanted(String name, Set<String> names) {
        return name.endsWith(".class") && !name.equals("module-info.class") && names.add(name);
    }

    private static void begin(JarOutputStream out, String name) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(FIXED_MILLIS);
        out.putNextEntry(entry);
    }
}
