package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jadi.mpi.launch.InProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as they stand in the tree, on ranks that are threads of a JVM of their own. */
class ExamplesTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    @TempDir
    static Path classes;

    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void compile() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(arguments::add);
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
    }

    private static Result run(int ranks, String... program) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea",
                "-Djadi.device=self", "-cp", classes + java.io.File.pathSeparator + System.getProperty("java.class.path"),
                InProcess.class.getName(), "" + ranks));
        command.addAll(List.of(program));
        Path out = Files.createTempFile(classes, "out", "");
        Path err = Files.createTempFile(classes, "err", "");
        Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!p.waitFor(60, TimeUnit.SECONDS)) {
            p.destroyForcibly();
            throw new AssertionError("not done after 60 s: " + command + Files.readString(err));
        }
        return new Result(p.exitValue(), Files.readString(out), Files.readString(err));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void wordCountShouldAgreeWithASequentialCount(int ranks) throws Exception {
        Path folder = ROOT.resolve("adi");
        Result r = run(ranks, "WordCount", folder.toString());
        assertEquals(0, r.code(), r.err());
        assertEquals(sequential(folder), r.out().replace("\r", ""));
        assertTrue(r.err().contains("dealt "), "progress is shown: " + r.err());
    }

    /** Written apart from the example: a pattern instead of a loop, other maps, another order of files. */
    private static String sequential(Path folder) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(f -> Files.isRegularFile(f) && !Files.isSymbolicLink(f)).map(ExamplesTest::text).forEach(text -> {
                Matcher m = Pattern.compile("\\p{L}+").matcher(text.toLowerCase(Locale.ROOT));
                while (m.find()) {
                    counts.merge(m.group(), 1L, Long::sum);
                }
            });
        }
        long words = counts.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder s = new StringBuilder(words + " words, " + counts.size() + " different\n");
        counts.entrySet().stream().sorted((a, b) -> Long.compare(b.getValue(), a.getValue())).limit(20)
                .forEach(e -> s.append(String.format("%8d %s\n", e.getValue(), e.getKey())));
        return s.toString();
    }

    private static String text(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.indexOf('\0') >= 0 ? "" : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HelloWorld", "Ring", "Pi", "Heat"})
    void shouldAssertItsOwnResult(String example) throws Exception {
        for (int ranks : new int[] {1, 3}) {
            Result r = run(ranks, example);
            assertEquals(0, r.code(), r.err());
        }
    }

    @Test
    void wordCountShouldRefuseWhatIsNoFolder() throws Exception {
        Result r = run(2, "WordCount", "/nonexistent");
        assertEquals(2, r.code(), r.err());
        assertTrue(r.err().contains("not a folder: /nonexistent"), r.err());
        r = run(1, "WordCount");
        assertTrue(r.code() == 2 && r.err().contains("usage:"), r.err());
    }
}
