package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jadi.testkit.Installed;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over the device ucx: a soak, JNI's own checks, and what is said where UCX is missing. */
class UcxJobsTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String CLASSES = Path.of("target", "classes").toAbsolutePath().toString();
    private static final int LIMIT_SECONDS = 240;

    /** A minute in ./ci/verify, ten with --long. */
    private static final int SOAK_SECONDS = System.getenv().getOrDefault("JADI_LONG", "").isEmpty() ? 60 : 600;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"posix"})
    void shouldSurviveRandomTraffic(String transports) throws Exception {
        Assumptions.assumeTrue(Installed.hasLibrary("libucp.so.0"), "UCX is not installed");
        String text = run(0, SOAK_SECONDS + LIMIT_SECONDS, Map.of(), "-np", "4", "--device", "ucx", "--ucx-tls", transports,
                "-cp", CLASSES, Soak.class.getName(), "" + SOAK_SECONDS);
        assertTrue(text.contains("soaked: "), text);
        System.out.println(text);
    }

    /** Of jucx's call of the handler of messages, which throws nothing here. */
    private static final String KNOWN = "WARNING in native method: JNI call made without checking exceptions when required to from"
            + " CallIntMethodV";

    /** The JVM checks every call through JNI: each complaint is a line. */
    @ParameterizedTest
    @ValueSource(strings = {"ffm", "jucx"})
    void shouldCallJniAsItIsMeant(String binding) throws Exception {
        Assumptions.assumeTrue(Installed.hasLibrary("libucp.so.0"), "UCX is not installed");
        String text = run(0, LIMIT_SECONDS, Map.of("JADI_JVM_FLAGS", "-Xcheck:jni"), "-np", "2", "--device", "ucx",
                "--ucx-tls", "posix", "--ucx-binding", binding, "-cp", CLASSES, Soak.class.getName(), "2");
        assertTrue(text.contains("soaked: "), text);
        assertFalse(text.contains("FATAL ERROR in native method"), text);
        String complaints = binding.equals("jucx") ? text.replace(KNOWN, "") : text;
        assertFalse(complaints.contains("WARNING in native method"), text);
    }

    /** One line says why, and the program runs on another device. */
    @Test
    void shouldDoWithoutUcx() throws Exception {
        String text = run(0, LIMIT_SECONDS, Map.of("JADI_UCX_LIBRARY", "libucp-that-is-not-there.so"), "-np", "2", "--device",
                "ucx,shm", "--report-devices", "-cp", CLASSES, Soak.class.getName(), "1");
        assertTrue(text.contains("soaked: "), text);
        assertTrue(text.contains("0 -> 1: shm"), text);
        assertTrue(text.contains("ucx finds no libucp-that-is-not-there.so"), text);
    }

    /** A device that nobody asked for does not open without the network that it is made for. */
    @Test
    void shouldStayAsideWhereNobodyNamesIt() throws Exception {
        Assumptions.assumeFalse(Files.isDirectory(Path.of("/sys/class/infiniband")), "this host has a fast network");
        String text = run(0, LIMIT_SECONDS, Map.of(), "-np", "2", "--report-devices", "-cp", CLASSES, Soak.class.getName(), "1");
        assertTrue(text.contains("0 -> 1: shm"), text);
        assertTrue(text.contains("ucx is left out"), text);
    }

    private String run(int expected, int limitSeconds, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("mpirun").toString(), "--timeout", "" + limitSeconds));
        command.addAll(List.of(arguments));
        ProcessBuilder job = new ProcessBuilder(command);
        job.environment().putAll(environment);
        Process p = job.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!p.waitFor(limitSeconds + 30, TimeUnit.SECONDS)) {
            p.destroy();
        }
        String text = Files.readString(output);
        assertEquals(expected, p.waitFor(), text);
        return text;
    }
}
