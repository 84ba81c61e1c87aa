package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every behaviour that the list of chapters names is the name of a behaviour here, or named by a test of one module or another. */
class NamedBehavioursTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final List<String> TESTS = List.of("ci/behaviours/src", "ci/properties/src", "mpi-api/src/test",
            "ci/system/src/main");

    @Test
    void everyNameHasATest() throws IOException {
        String names;
        try (InputStream in = NamedBehavioursTest.class.getResourceAsStream("named-behaviours.txt")) {
            names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Set<String> words = new TreeSet<>();
        for (String folder : TESTS) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    words.addAll(List.of(Files.readString(file).split("\\W+")));
                }
            }
        }
        Set<String> missing = Pattern.compile("\\s+").splitAsStream(names).filter(n -> !n.isEmpty() && !n.endsWith(":"))
                .filter(n -> !words.contains(n)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }
}
