package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jadi.testkit.Installed;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole list of behaviours as jobs of processes, one for each device and number of ranks. */
class JobsTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String CLASSES = Path.of("target", "classes").toAbsolutePath().toString();

    /** Whether the whole product of devices and sizes runs: {@code ./ci/verify --long}. */
    private static final boolean LONG = Integer.getInteger("jadi.effort", 1) > 1;
    private static final int LIMIT_SECONDS = LONG ? 900 : 240;

    /** Every protocol is crossed, and the wildcard counter wraps around. */
    private static final Map<String, String> LOW = Map.of("JADI_EAGER_LIMIT_BYTES", "0", "JADI_EAGER_CREDIT_BYTES", "256",
            "JADI_MATCH_FIRST_COUNTER", "9223372036854775800");

    /** Between the devices of the first and the second half of the ranks. */
    private static final String TOGETHER_WITH = " together with ";

    @TempDir
    Path folder;

    static Stream<Arguments> jobs() {
        List<Arguments> jobs = new ArrayList<>();
        for (String device : List.of("shm", "tcp")) {
            for (int ranks = 1; ranks <= 5; ranks++) {
                jobs.add(Arguments.of(device, ranks, Map.of()));
            }
            jobs.add(Arguments.of(device, 3, LOW));
        }
        jobs.add(Arguments.of("self,shm,tcp", 3, Map.of()));
        if (Installed.hasLibrary("libucp.so.0")) {
            Map<String, String> low = new HashMap<>(LOW);
            low.put("JADI_UCX_TLS", "posix");
            jobs.add(Arguments.of("ucx", 3, low));
            for (int ranks : LONG ? new int[] {1, 2, 3, 4, 5} : new int[] {1, 5}) {
                jobs.add(Arguments.of("ucx", ranks, Map.of("JADI_UCX_TLS", "posix")));
            }
            jobs.add(Arguments.of("ucx", 2, Map.of("JADI_UCX_TLS", "sysv", "JADI_UCX_BINDING", "jucx")));
            jobs.add(Arguments.of("ucx", 4, Map.of("JADI_UCX_TLS", "tcp")));
            jobs.add(Arguments.of("shm,ucx" + TOGETHER_WITH + "ucx", 4, Map.of("JADI_UCX_TLS", "sysv")));
        }
        if (LONG) {
            for (String device : List.of("shm", "tcp", "self,shm,tcp")) {
                jobs.add(Arguments.of(device, 7, Map.of()));
                jobs.add(Arguments.of(device, 8, Map.of()));
            }
            for (int ranks : new int[] {1, 2, 4, 5}) {
                jobs.add(Arguments.of("self,shm,tcp", ranks, Map.of()));
            }
        }
        return jobs.stream();
    }

    @ParameterizedTest(name = "{0}, {1} ranks {2}")
    @MethodSource("jobs")
    void everyBehaviour(String device, int ranks, Map<String, String> environment) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("mpirun").toString(), "--timeout", "" + LIMIT_SECONDS));
        String[] groups = device.split(java.util.regex.Pattern.quote(TOGETHER_WITH));
        for (String group : groups) {
            command.addAll(group.equals(groups[0]) ? List.of() : List.of(":"));
            command.addAll(List.of("-np", "" + ranks / groups.length, "-x", "JADI_DEVICE=" + group, "-cp", CLASSES,
                    Behaviours.class.getName()));
        }
        ProcessBuilder job = new ProcessBuilder(command);
        job.environment().putAll(environment);
        Process p = job.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!p.waitFor(LIMIT_SECONDS + 30, TimeUnit.SECONDS)) {
            p.destroy();
        }
        String text = Files.readString(output);
        assertEquals(0, p.waitFor(), text);
        assertTrue(text.contains(Behaviours.all().size() + " behaviours as demanded on " + ranks + " ranks"), text);
    }
}
