package org.jadi.launcher;

import static org.jadi.launcher.MpiRunHarness.ACTOR;
import static org.jadi.launcher.MpiRunHarness.run;
import static org.jadi.launcher.MpiRunHarness.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jadi.launcher.MpiRunHarness.Result;
import org.jadi.launcher.MpiRunHarness.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that end well. */
@Timeout(60)
class RunTest {
    @TempDir
    Path folder;

    private static void assertGood(Result result) {
        assertEquals(0, result.code(), result.err());
        assertEquals("", result.err());
    }

    @Test
    void shouldExchangeBetweenRanks() throws Exception {
        Result result = run("-np", "4", ACTOR, "exchange");
        assertGood(result);
        assertEquals(IntStream.range(0, 4).mapToObj(r -> r + " of 4: hello from " + (r + 1) % 4).toList(),
                result.sortedLines());
    }

    @Test
    void shouldGiveInputToRankZero() throws Exception {
        Running job = start("-n", "2", ACTOR, "input");
        job.type("a word\n");
        Result result = job.await();
        assertGood(result);
        assertEquals(List.of("0 read a word", "1 read null"), result.sortedLines());
    }

    @Test
    void shouldStartSeveralPrograms() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Result result = run("--device", "shm,tcp", "-np", "1", "-x", "ROLE=master", ACTOR, "tell", ":", "-np", "2", "-x",
                "ROLE=worker", "--wdir", inner.toString(), ACTOR, "tell");
        assertGood(result);
        String here = Path.of("").toAbsolutePath().toString();
        assertEquals(List.of("0 role=master here=" + here + " device=shm,tcp", "1 role=worker here=" + inner + " device=shm,tcp",
                "2 role=worker here=" + inner + " device=shm,tcp"), result.sortedLines());
    }

    @Test
    void shouldPassVariablesByName() throws Exception {
        Running job = start(Map.of("ROLE", "outside"), "-np", "1", "-x", "ROLE", ACTOR, "tell");
        assertTrue(job.await().out().contains("role=outside"));
    }

    @Test
    void shouldTagLines() throws Exception {
        Result result = run("-np", "2", "--tag-output", "--timestamp", "/bin/sh", "-c", "echo one; printf two");
        assertGood(result);
        List<String> lines = result.out().lines().toList();
        assertEquals(4, lines.size(), result.out());
        lines.forEach(line -> assertTrue(line.matches("[0-9:.]{12} \\[[01]\\] (one|two)"), line));
    }

    @Test
    void shouldWriteFilePerRank() throws Exception {
        Path out = folder.resolve("new/out");
        Result result = run("-np", "2", "--output-dir", out.toString(), "/bin/sh", "-c", "echo rank $JADI_RANK; echo error >&2");
        assertGood(result);
        assertEquals("", result.out());
        for (int rank = 0; rank < 2; rank++) {
            List<String> lines = Files.readAllLines(out.resolve("rank-" + rank + ".log"));
            assertEquals(List.of("error", "rank " + rank), lines.stream().sorted().toList());
        }
    }

    @Test
    void shouldKeepLinesWholeAndAllOfThem() throws Exception {
        Result result = run("-np", "3", ACTOR, "flood", "100");
        assertGood(result);
        List<String> lines = result.out().lines().toList();
        assertEquals(30_003, lines.size());
        for (String line : lines) {
            assertTrue(line.matches("a{99}|b{99}|c{99}|end of [012]"), line);
        }
    }

    @Test
    void shouldRunClassJarAndJava() throws Exception {
        Path source = Files.writeString(folder.resolve("Say.java"), """
                package say;
                public class Say {
                    public static void main(String[] args) throws Exception {
                        System.out.println(args[0] + " " + Runtime.getRuntime().maxMemory() / 1000000 + " "
                                + Class.forName("org.jadi.bootstrap.Bootstraps").getSimpleName());
                    }
                }
                """);
        Result compiled = run("-np", "1", source.toString(), "source");
        assertGood(compiled);
        assertTrue(compiled.out().startsWith("source "), compiled.out());
        Path classes = compile(source);
        assertEquals("class ", run("-np", "1", "-cp", classes.toString(), "say.Say", "class").out().substring(0, 6));
        Result own = run("-np", "1", "java", "-Xmx77m", "-XX:+UseSerialGC", "-cp", classes.toString(), "say.Say", "java");
        assertTrue(own.out().matches("java 7[0-9] Bootstraps\n|java 8[01] Bootstraps\n"), own.out() + own.err());
        Result warned = run("-np", "1", "java", "-Xmx77m", "-XX:+UseSerialGC", "-XX:MaxNewSize=900m", "-cp",
                classes.toString(), "say.Say", "java");
        assertTrue(warned.err().contains("MaxNewSize"), warned.err());
        assertFalse(warned.out().contains("MaxNewSize"), warned.out());
        Path jar = folder.resolve("say.jar");
        tool("jar", "cfe", jar.toString(), "say.Say", "-C", classes.toString(), ".");
        assertTrue(run("-np", "1", jar.toString(), "jar").out().matches("jar [0-9]+ Bootstraps\n"));
        assertTrue(run("-np", "1", "java", "-jar", jar.toString(), "jar").out().matches("jar [0-9]+ Bootstraps\n"));
    }

    private Path compile(Path source) throws Exception {
        Path classes = folder.resolve("classes");
        tool("javac", "-d", classes.toString(), source.toString());
        return classes;
    }

    private static void tool(String name, String... words) {
        assertEquals(0, java.util.spi.ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, words));
    }

    @Test
    void shouldCompileOnce() throws Exception {
        Path source = Files.writeString(folder.resolve("Once.java"), """
                void main() throws Exception {
                    var file = java.nio.file.Path.of(getClass().getResource("Once.class").toURI());
                    IO.println(getClass().getName() + " of " + java.nio.file.Files.getLastModifiedTime(file));
                }
                """);
        Result first = run("-np", "1", source.toString());
        assertGood(first);
        assertTrue(first.out().startsWith("Once of "), first.out());
        Result second = run("-np", "1", source.toString());
        assertGood(second);
        assertEquals(first.out(), second.out());
    }

    @Test
    void shouldPrintWhatItStarts() throws Exception {
        Result result = run("-np", "1", "--verbose", "--debug", "5999", "--jfr=" + folder, ACTOR, "tell");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains("mpirun: rank 0: "), result.err());
        assertTrue(result.err().contains("-Xmx"), result.err());
        assertTrue(result.err().contains("suspend=n,address=127.0.0.1:5999"), result.err());
        assertTrue(Files.size(folder.resolve("rank-0.jfr")) > 0);
    }

    @Test
    void shouldRecogniseEndWithoutFinish() throws Exception {
        Result result = run("-np", "2", ACTOR, "leave", "1");
        assertEquals(1, result.code());
        assertTrue(result.err().matches("mpirun: rank 1 \\(pid [0-9]+\\) ended without Mpi.close\\(\\); the job was ended\n"),
                result.err());
    }

    @Test
    void shouldHelpAndTellVersion() throws Exception {
        Result help = run("--help");
        assertGood(help);
        assertTrue(help.out().contains("--output-dir DIR"), help.out());
        assertTrue(help.out().lines().allMatch(line -> line.length() <= 120), help.out());
        Result version = run("--version");
        assertGood(version);
        assertFalse(version.out().isBlank());
    }
}
