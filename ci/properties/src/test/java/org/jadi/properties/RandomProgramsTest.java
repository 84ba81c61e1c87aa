package org.jadi.properties;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Installed;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.decorate.Decorated;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Random programs against {@link Oracle}, with every limit forced low in turn, on each device and on mixtures. */
class RandomProgramsTest {
    private static final String MIXED = "mixed with ";
    private static final long LIMIT_MS = Long.getLong("jadi.limitMs", 20_000);

    /** A way to run programs. */
    private record Setting(String name, Map<String, String> values, UnaryOperator<DeviceProvider> around) {
        Setting(String name, String... values) {
            this(name, map(values), UnaryOperator.identity());
        }

        private static Map<String, String> map(String... values) {
            Map<String, String> map = new HashMap<>();
            for (int i = 0; i < values.length; i += 2) {
                map.put(values[i], values[i + 1]);
            }
            return map;
        }
    }

    private static final List<Setting> SETTINGS = List.of(
            new Setting("as-is"),
            new Setting("rendezvous-only", "eager.limitBytes", "0"),
            new Setting("get-always", "eager.limitBytes", "0", "get.thresholdBytes", "1"),
            new Setting("small-packets", "packet.maxBytes", "64", "eager.limitBytes", "20k"),
            new Setting("sleep-at-once", "wait.spin", "0us", "wait.yield", "0us"),
            new Setting("progress-thread", "progress.thread", "on"),
            new Setting("counter-wraps", "match.firstCounter", Long.toString(Long.MAX_VALUE - 2)),
            new Setting("counter-passes-zero", "match.firstCounter", "-3"),
            new Setting("credit-of-a-packet", "eager.creditBytes", "256"),
            new Setting("ring-of-two-records", "self.ringBytes", "512", "shm.ringBytes", "4k",
                    "ucx.sendBytes", "0", "ucx.keepBytes", "0"),
            new Setting("delayed", Map.of(), p -> Decorated.delay(p, 5, 6)),
            new Setting("reordered", Map.of("eager.limitBytes", "300"), p -> Decorated.reorder(p, 6, 6)),
            new Setting("torn", Map.of(), p -> Decorated.tear(p, 7, 64, 3)),
            new Setting("lent-buffers", Map.of("packet.maxBytes", "100"), Decorated::lentBuffers),
            new Setting("through-a-hub", Map.of(), p -> Decorated.unreachable(p, (a, b) -> a == 0 || b == 0)),
            new Setting("along-a-chain", Map.of("relay.windowBytes", "0", "packet.maxBytes", "200"),
                    p -> Decorated.unreachable(p, (a, b) -> Math.abs(a - b) < 2)),
            new Setting("descriptors", Map.of("wait.spin", "0us", "wait.yield", "0us"), Decorated::sleepSource));

    /** Every setting on every device, and on all of them mixed. */
    @TestFactory
    Stream<DynamicTest> shouldMatchTheModel() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String devices : deviceLists()) {
            for (Setting setting : SETTINGS) {
                tests.add(DynamicTest.dynamicTest(devices + " " + setting.name, () -> runPrograms(devices, setting, false)));
            }
            tests.add(DynamicTest.dynamicTest(devices + " many threads", () -> runPrograms(devices, SETTINGS.get(0), true)));
        }
        String only = System.getProperty("jadi.only", "");
        return tests.stream().filter(test -> test.getDisplayName().contains(only));
    }

    private static List<String> deviceLists() {
        List<String> found = ServiceLoader.load(DeviceProvider.class).stream().map(p -> p.get().name()).toList();
        List<String> lists = new ArrayList<>();
        for (String name : List.of("self", "shm", "tcp", "ucx")) {
            if (found.contains(name) && (!name.equals("ucx") || Installed.hasLibrary("libucp.so.0"))) {
                lists.add(name);
            }
        }
        for (String between : List.of("tcp", "ucx")) {
            if (lists.contains("shm") && lists.contains(between)) {
                lists.add("mixed with " + between);
            }
        }
        return lists;
    }

    private static void runPrograms(String devices, Setting setting, boolean threads) {
        long seed = Seeds.seed("programs on " + devices + " " + setting.name);
        int programs = (threads ? 6 : 5) * Seeds.effort();
        for (int i = 0; i < programs; i++) {
            runProgram(devices, setting, threads, seed + i);
        }
    }

    private static void runProgram(String devices, Setting setting, boolean threads, long seed) {
        int ranks = 1 + (int) (Math.abs(seed) % 5);
        Program program = new Program(seed,
                new Program.Shape(ranks, threads ? 3 : 2, 3, 4, 12 * ranks, 40_000));
        List<DeviceProvider> providers = ServiceLoader.load(DeviceProvider.class).stream().map(ServiceLoader.Provider::get)
                .map(p -> p.name().equals("self") && !devices.equals("self") ? p : setting.around.apply(p)).toList();
        Map<String, String> values = new HashMap<>(setting.values);
        values.put("device", devices.startsWith(MIXED) ? "shm," + devices.substring(MIXED.length()) : devices);
        values.put("ucx.tls", devices.equals("ucx") ? "posix" : "tcp");
        InProcessCluster cluster = new InProcessCluster(ranks, Config.of(values), providers, LIMIT_MS);
        if (devices.startsWith(MIXED)) {
            cluster = cluster.withProviders(mixed(providers, ranks));
        }
        try {
            cluster.run((engine, deadlineNs) -> {
                if (threads) {
                    inThreads(program, engine, seed, deadlineNs);
                } else {
                    new ProgramRun(program, engine, -1, seed, deadlineNs).run();
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError("devices=" + devices + " setting=" + setting.name + " jadi.seed=" + seed + ": "
                    + e.getMessage(), e);
        }
    }

    /** Runs programs of one setting for some seconds: devices, setting ("threads": many threads), seconds, first seed. */
    public static void main(String[] args) {
        boolean threads = args[1].equals("threads");
        Setting setting = threads ? SETTINGS.get(0)
                : SETTINGS.stream().filter(s -> s.name.equals(args[1])).findFirst().orElseThrow();
        long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
        long seed = Long.parseLong(args[3]);
        long first = seed;
        for (; System.nanoTime() - end < 0; seed++) {
            runProgram(args[0], setting, threads, seed);
        }
        System.out.println("programs run: " + (seed - first));
    }

    /** Even ranks reach each other by shm; everybody else by the other device. */
    private static List<List<DeviceProvider>> mixed(List<DeviceProvider> providers, int ranks) {
        List<List<DeviceProvider>> byRank = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            boolean even = rank % 2 == 0;
            byRank.add(providers.stream().map(p -> even || !p.name().equals("shm") ? p : Decorated.refuse(p)).toList());
        }
        return byRank;
    }

    /** One thread of the rank per context: what one thread does in its communicator is ordered, the rest is not. */
    private static void inThreads(Program program, org.jadi.adi.engine.Engine engine, long seed, long deadlineNs)
            throws InterruptedException {
        List<Throwable> thrown = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<Thread> running = new ArrayList<>();
        for (int context = 0; context < program.shape.contexts(); context++) {
            ProgramRun run = new ProgramRun(program, engine, context, seed, deadlineNs);
            Thread.Builder builder = context == 0 ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
            running.add(builder.start(() -> {
                try {
                    run.run();
                } catch (Throwable e) {
                    thrown.add(e);
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        if (!thrown.isEmpty()) {
            throw new AssertionError(thrown.toString(), thrown.get(0));
        }
    }
}
