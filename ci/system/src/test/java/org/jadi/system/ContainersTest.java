package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.Installed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Three containers as hosts: ranks that nobody launches, from the image of examples/kubernetes, built from what is on this
 * machine. Each container's main process is a rank, as in a pod. Skipped where no Docker can be had.
 */
class ContainersTest {
    private static final String DOCKER = Path.of("containers", "docker.sh").toAbsolutePath().toString();
    private static final int NODES = 3;
    private static final int SILENCE_SECONDS = 6;
    private static final Duration LIMIT = Duration.ofMinutes(7);

    @TempDir(cleanup = CleanupMode.NEVER) // docker.sh takes its own things away
    static Path folder;

    private static boolean started;
    private final List<GenericContainer<?>> nodes = new ArrayList<>();
    private Network network;
    private String secret;

    @BeforeAll
    static void prepare() throws Exception {
        boolean installed = Installed.hasProgram("docker") && Installed.hasProgram("dockerd") && new File("/bin/busybox").exists();
        assumeTrue(installed, "docker, dockerd or /bin/busybox (package busybox-static) is not installed");
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root: no Docker daemon can be started");
        started = true;
        assumeTrue(script("up", folder.resolve("docker").toString()) == 0, "no Docker daemon runs here: "
                + Files.readString(folder.resolve("script.log")));
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            collect(Path.of(entry), lib);
        }
        assertEquals(0, script("image", folder.resolve("docker").toString(), lib.toString()),
                Files.readString(folder.resolve("script.log")));
    }

    /** Takes what a rank needs of our class path: Jadi's modules and these programs. */
    private static void collect(Path entry, Path lib) throws Exception {
        String name = entry.getFileName().toString();
        if (name.startsWith("jadi-") && name.endsWith(".jar")) {
            Files.copy(entry, lib.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } else if (Files.isDirectory(entry.resolve("org").resolve("jadi")) && !name.equals("test-classes")) {
            String module = entry.getParent().getParent().getFileName().toString();
            assertEquals(0, run(List.of(Path.of(System.getProperty("java.home"), "bin", "jar").toString(), "cf",
                    lib.resolve(module + ".jar").toString(), "-C", entry.toString(), ".")));
        }
    }

    private static int script(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(DOCKER));
        command.addAll(List.of(words));
        return run(command);
    }

    private static int run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("script.log").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(LIMIT)) {
            process.destroy();
        }
        return process.waitFor();
    }

    @AfterAll
    static void end() throws Exception {
        if (started) {
            script("down", folder.resolve("docker").toString());
        }
    }

    @BeforeEach
    void network() {
        network = Network.newNetwork();
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        secret = HexFormat.of().formatHex(random);
    }

    @AfterEach
    void takeAway() {
        nodes.forEach(GenericContainer::stop);
        network.close();
    }

    /** Starts a node; rank 0 comes last, so that the others have to wait for its name and port. */
    private GenericContainer<?> node(int rank, Map<String, String> environment, String... program) {
        String host = "node" + rank;
        GenericContainer<?> node = new GenericContainer<>(DockerImageName.parse("jadi-test/app:1"))
                .withImagePullPolicy(image -> false)
                .withNetwork(network)
                .withNetworkAliases(host)
                .withCreateContainerCmdModifier(c -> c.withHostName(host))
                .withSharedMemorySize(64L << 20)
                .withCopyToContainer(Transferable.of(secret.getBytes(StandardCharsets.US_ASCII), 0444), "/secret")
                .withEnv(Map.of("JADI_RENDEZVOUS", "node0:7077", "JADI_RANK", "" + rank, "JADI_SIZE", "" + NODES,
                        "JADI_SECRET_FILE", "/secret", "JADI_SILENCE", "" + SILENCE_SECONDS, "JADI_REPORT_DEVICES", "true"))
                .withEnv(environment)
                .withStartupCheckStrategy(new AsSoonAsItExists())
                .withCommand(program);
        nodes.add(node);
        node.start();
        return node;
    }

    /** A rank may have ended before it is looked at. */
    private static final class AsSoonAsItExists extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            return StartupStatus.SUCCESSFUL;
        }
    }

    private void startAll(Map<String, String> environment, String... program) {
        for (int rank = NODES - 1; rank >= 0; rank--) {
            node(rank, environment, program);
        }
    }

    private GenericContainer<?> nodeOf(int rank) {
        return nodes.get(NODES - 1 - rank);
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    /** Waits until a container has ended; returns its exit code. */
    private static long exitCode(GenericContainer<?> node) throws Exception {
        Eventually.until("the container has ended", LIMIT, () -> !Boolean.TRUE.equals(stateOf(node).getRunning()), node::getLogs);
        return stateOf(node).getExitCodeLong();
    }

    private static InspectContainerResponse.ContainerState stateOf(GenericContainer<?> node) {
        return client().inspectContainerCmd(node.getContainerId()).exec().getState();
    }

    private static void awaitLog(GenericContainer<?> node, String text) throws Exception {
        Eventually.until("the container says \"" + text + "\"", LIMIT, () -> node.getLogs().contains(text), node::getLogs);
    }

    /** Returns how many packets of TCP the container has sent again, as nobody had confirmed them. */
    private static long resent(GenericContainer<?> node) throws Exception {
        List<String> tcp = Files.readAllLines(Path.of("/proc/" + stateOf(node).getPidLong() + "/net/snmp")).stream()
                .filter(line -> line.startsWith("Tcp: ")).toList();
        return Long.parseLong(tcp.get(1).split(" ")[List.of(tcp.get(0).split(" ")).indexOf("RetransSegs")]);
    }

    @Test
    void shouldBehaveAcrossContainers() throws Exception {
        // Three JVMs on two CPUs: what C2 compiles in so short a life is lost.
        startAll(Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1"), Behaviours.class.getName());
        for (GenericContainer<?> node : nodes) {
            assertEquals(0, exitCode(node), node.getLogs());
        }
        String logs = nodeOf(0).getLogs();
        assertTrue(logs.contains(Behaviours.all().size() + " behaviours as demanded on " + NODES + " ranks"), logs);
        // The containers have one kernel and one boot id, but share no memory: a probe tells, not the id.
        assertTrue(logs.contains("0 -> 1: tcp (self rank 1 is in another process; shm does not see the segment of rank 1:"), logs);
    }

    @Test
    void shouldShareMemoryWithinAContainerAndNotAcross() throws Exception {
        for (int rank : new int[] {2, 0}) {
            String java = "java --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -cp '/app/lib/*' " + Rollcall.class.getName();
            String both = "JADI_RANK=0 " + java + " & JADI_RANK=1 " + java + "; code=$?; wait; exit $code";
            GenericContainer<?> node = new GenericContainer<>(DockerImageName.parse("jadi-test/app:1"))
                    .withImagePullPolicy(image -> false).withNetwork(network).withNetworkAliases("node" + rank)
                    .withSharedMemorySize(64L << 20)
                    .withCopyToContainer(Transferable.of(secret.getBytes(StandardCharsets.US_ASCII), 0444), "/secret")
                    .withEnv(Map.of("JADI_RENDEZVOUS", "node0:7077", "JADI_RANK", "" + rank, "JADI_SIZE", "3",
                            "JADI_SECRET_FILE", "/secret", "JADI_REPORT_DEVICES", "true"))
                    .withCreateContainerCmdModifier(c -> c.withEntrypoint("sh", "-c").withCmd(rank == 0 ? both : java))
                    .withStartupCheckStrategy(new AsSoonAsItExists());
            nodes.add(node);
            node.start();
        }
        for (GenericContainer<?> node : nodes) {
            assertEquals(0, exitCode(node), node.getLogs());
        }
        String logs = nodes.get(1).getLogs();
        assertTrue(logs.contains("0 -> 1: shm"), logs);
        assertTrue(logs.contains("0 -> 2: tcp"), logs);
        assertTrue(logs.contains("rank 1 of 3: sum 6, last word from rank 0"), logs);
    }

    @Test
    void shouldEndAllWhenAContainerIsKilled() throws Exception {
        startAll(Map.of(), Waiting.class.getName());
        for (GenericContainer<?> node : nodes) {
            awaitLog(node, "waits");
        }
        client().killContainerCmd(nodeOf(2).getContainerId()).withSignal("KILL").exec();
        assertEndedBecauseOf("rank 2 on host node2 was lost before it finished");
    }

    @Test
    void shouldEndAllWhenAContainerIsPaused() throws Exception {
        startAll(Map.of(), Waiting.class.getName());
        for (GenericContainer<?> node : nodes) {
            awaitLog(node, "waits");
        }
        client().pauseContainerCmd(nodeOf(2).getContainerId()).exec();
        try {
            assertEndedBecauseOf("rank 2 on host node2 has been silent for " + SILENCE_SECONDS + " s");
        } finally {
            client().unpauseContainerCmd(nodeOf(2).getContainerId()).exec();
        }
        assertNotEquals(0, exitCode(nodeOf(2)), "the paused rank wakes up in a job that is over");
    }

    @Test
    void shouldEndAllWhenAContainerIsUnplugged() throws Exception {
        startAll(Map.of(), Waiting.class.getName());
        for (GenericContainer<?> node : nodes) {
            awaitLog(node, "waits");
        }
        client().disconnectFromNetworkCmd().withContainerId(nodeOf(2).getContainerId()).withNetworkId(network.getId()).exec();
        assertEndedBecauseOf("rank 2 on host node2 ");
        assertNotEquals(0, exitCode(nodeOf(2)), "no orphan on the other side either");
        assertTrue(nodeOf(2).getLogs().contains("the launcher is gone"), nodeOf(2).getLogs());
    }

    /** A cable that is pulled and put back: the job goes on or ends, but nobody hangs and all agree. */
    @Test
    void shouldGoOnOrEndWhenAContainerIsPluggedInAgain() throws Exception {
        startAll(Map.of(), Waiting.class.getName());
        for (GenericContainer<?> node : nodes) {
            awaitLog(node, "waits");
        }
        String id = nodeOf(2).getContainerId();
        long resent = resent(nodeOf(0));
        client().disconnectFromNetworkCmd().withContainerId(id).withNetworkId(network.getId()).exec();
        Eventually.until("rank 0 has spoken into the void", LIMIT, () -> resent(nodeOf(0)) > resent, nodeOf(0)::getLogs);
        client().connectToNetworkCmd().withContainerId(id).withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork().withAliases("node2")).exec();
        long start = System.nanoTime();
        Eventually.until("the ranks agree whether the job goes on", LIMIT, () -> {
            long running = nodes.stream().filter(GenericContainer::isRunning).count();
            // Whoever has missed somebody has given him up by then.
            boolean goesOn = running == NODES && System.nanoTime() - start > 3_000_000_000L * SILENCE_SECONDS;
            return goesOn || running == 0;
        }, () -> nodes.stream().map(n -> n.getLogs() + "running=" + n.isRunning() + "\n").collect(Collectors.joining()));
        if (nodes.stream().noneMatch(GenericContainer::isRunning)) {
            assertEndedBecauseOf("rank 2 on host node2 ");
        }
    }

    private void assertEndedBecauseOf(String reason) throws Exception {
        assertNotEquals(0, exitCode(nodeOf(0)), nodeOf(0).getLogs());
        assertNotEquals(0, exitCode(nodeOf(1)), nodeOf(1).getLogs());
        assertTrue(nodeOf(0).getLogs().contains(reason), nodeOf(0).getLogs());
        assertTrue(nodeOf(1).getLogs().contains("rank 1: rank 0 has ended the job, or is gone: " + reason), nodeOf(1).getLogs());
        assertFalse(nodeOf(1).isRunning());
    }
}
