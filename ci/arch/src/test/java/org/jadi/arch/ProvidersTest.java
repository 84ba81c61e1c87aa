package org.jadi.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Providers are named twice, for the module path and for the class path; both must say the same. */
class ProvidersTest {
    @Test
    void shouldNameTheSameProvidersForModulePathAndClassPath() throws IOException {
        int[] found = {0};
        ClassFiles.forEachModule(root -> {
            Path moduleInfo = root.resolve("module-info.class");
            if (Files.exists(moduleInfo)) {
                TreeMap<String, List<String>> provided = provided(moduleInfo);
                assertEquals(provided, services(root), root.toString());
                found[0] += provided.size();
            }
        });
        assertTrue(found[0] >= 3, "hardly any provider: " + found[0]);
    }

    private static TreeMap<String, List<String>> provided(Path moduleInfo) throws IOException {
        TreeMap<String, List<String>> provided = new TreeMap<>();
        try (InputStream in = Files.newInputStream(moduleInfo)) {
            ModuleDescriptor.read(in).provides().forEach(p -> provided.put(p.service(), p.providers()));
        }
        return provided;
    }

    private static TreeMap<String, List<String>> services(Path root) throws IOException {
        TreeMap<String, List<String>> services = new TreeMap<>();
        Path folder = root.resolve("META-INF/services");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    services.put(file.getFileName().toString(), Files.readAllLines(file).stream()
                            .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList());
                }
            }
        }
        return services;
    }
}
