package org.jadi.adi.engine;

import java.util.List;
import org.jadi.adi.config.CommonKeys;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;
import org.jadi.adi.placement.HelperSite;
import org.jadi.adi.progress.WaitPolicy;

/**
 * What can be configured of the engine.
 *
 * @param devices names of the devices, in order of preference
 * @param eagerLimitBytes messages up to this size are sent without asking; -1 for the device's own limit
 * @param getThresholdBytes from this size on the get protocol is used where possible; -1 for the device's own
 * @param packetBytes largest payload of a packet; 0 for the device's own limit
 * @param creditBytes eager memory that each peer may use here
 * @param firstCounter where the wildcard counter begins
 * @param progressThread whether a thread polls all the time
 * @param gateways names of the hosts whose ranks relay; empty for all
 * @param relayWindowBytes most bytes under way to a relay for one destination
 * @param relayTimeoutNs how long a relay is sought
 * @param verbose whether facts are logged
 */
record EngineConfig(List<String> devices, long eagerLimitBytes, long getThresholdBytes, int packetBytes, long creditBytes,
        long firstCounter, boolean progressThread, List<String> gateways, long relayWindowBytes, long relayTimeoutNs,
        boolean verbose) {
    static final ConfigKey DEVICE = new ConfigKey("device", Type.TEXT, "self,shm,ucx,tcp",
            "Devices in order of preference for each pair of ranks; a rank always reaches itself. ucx opens where it is named,"
            + " or where the host has a network of its kind.");
    static final ConfigKey EAGER_LIMIT = new ConfigKey("eager.limitBytes", Type.TEXT, "device",
            "Messages up to this many bytes are sent without asking the receiver; 'device' takes the device's limit.");
    static final ConfigKey GET_THRESHOLD = new ConfigKey("get.thresholdBytes", Type.TEXT, "device",
            "From this many bytes on, messages in memory of Mpi.allocate are fetched by the receiver.");
    static final ConfigKey PACKET = new ConfigKey("packet.maxBytes", Type.SIZE, "0",
            "Largest payload of one packet, 64 or more; 0 takes the device's limit.");
    static final ConfigKey CREDIT = new ConfigKey("eager.creditBytes", Type.TEXT, "auto",
            "Memory that each peer may fill here with messages nobody has asked for, 256 bytes or more;"
            + " 'auto' shares eager.totalBytes among the ranks, at least 64 KiB each.");
    static final ConfigKey TOTAL = new ConfigKey("eager.totalBytes", Type.SIZE, "64m",
            "Memory of one rank for messages that nobody has asked for.");
    static final ConfigKey FIRST_COUNTER = new ConfigKey("match.firstCounter", Type.TEXT, "0",
            "First value of the wildcard counter; for tests of its wraparound.");
    static final ConfigKey PROGRESS = new ConfigKey("progress.thread", Type.TEXT, "auto",
            "A thread that moves messages while the program computes: off, auto (while virtual threads wait), on.");
    static final ConfigKey SPIN = new ConfigKey("wait.spin", Type.TEXT, "auto",
            "How long a waiting thread polls without giving up its CPU, such as 50us; 'auto' by ranks per CPU.");
    static final ConfigKey YIELD = new ConfigKey("wait.yield", Type.TEXT, "auto",
            "How long it then polls with a yield at every turn, before it sleeps; 'auto' by ranks per CPU.");
    static final ConfigKey LOCAL_SIZE = new ConfigKey("localSize", Type.INTEGER, "0",
            "Number of ranks that share the CPUs of this machine; 0 for as many as run on the same booted system.");
    static final ConfigKey HOST_CPUS = new ConfigKey("hostCpus", Type.INTEGER, "0",
            "Number of CPUs that the ranks of this host share; 0 for what the JVM sees.");
    static final ConfigKey GATEWAY = new ConfigKey("gateway", Type.TEXT, "",
            "Names of hosts, comma-separated, whose ranks pass messages on between ranks that do not reach each other, and"
            + " poll all the time for it; if empty, any rank that reaches both is asked.");
    static final ConfigKey RELAY_WINDOW = new ConfigKey("relay.windowBytes", Type.SIZE, "1m",
            "Most bytes that one rank has under way to a relay for one destination; bounds the relay's memory.");
    static final ConfigKey RELAY_TIMEOUT = new ConfigKey("relay.timeout", Type.TIME, "60s",
            "How long a relay is sought for a rank that cannot be reached, before it is given up.");
    static final ConfigKey VERBOSE = new ConfigKey("verbose", Type.BOOLEAN, "false", "Whether facts are logged.");
    static final ConfigKey REPORT = new ConfigKey("reportDevices", Type.BOOLEAN, "false",
            "Whether rank 0 prints at start which device serves which pair, and why others were refused.");

    static final List<ConfigKey> KEYS = List.of(DEVICE, EAGER_LIMIT, GET_THRESHOLD, PACKET, CREDIT, TOTAL, FIRST_COUNTER,
            PROGRESS, SPIN, YIELD, LOCAL_SIZE, HOST_CPUS, GATEWAY, RELAY_WINDOW, RELAY_TIMEOUT, VERBOSE, REPORT,
            CommonKeys.NATIVE);

    /** All keys of the engine. */
    static List<ConfigKey> keys() {
        return java.util.stream.Stream.concat(KEYS.stream(), HelperSite.KEYS.stream()).toList();
    }

    static EngineConfig of(Config c, int size) {
        List<String> devices = names(c.text(DEVICE));
        if (devices.isEmpty()) {
            throw new IllegalArgumentException(DEVICE.property() + " names no device: value=" + c.text(DEVICE));
        }
        long total = c.bytes(TOTAL, 4096, Long.MAX_VALUE);
        long credit = c.text(CREDIT).equals("auto") ? Math.max(64 << 10, total / size)
                : c.bytes(CREDIT, 256, Integer.MAX_VALUE);
        int packet = (int) c.bytes(PACKET, 0, Integer.MAX_VALUE);
        if (packet != 0 && packet < 64) {
            throw new IllegalArgumentException(PACKET.property() + " must be 0, or 64 or more: value=" + packet);
        }
        return new EngineConfig(devices, orDevice(c, EAGER_LIMIT), orDevice(c, GET_THRESHOLD), packet, credit,
                Long.parseLong(c.text(FIRST_COUNTER)), progress(c), names(c.text(GATEWAY)), c.bytes(RELAY_WINDOW, 0, Integer.MAX_VALUE),
                c.nanos(RELAY_TIMEOUT), c.flag(VERBOSE));
    }

    private static List<String> names(String list) {
        return java.util.Arrays.stream(list.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    /** Returns whether a host, by its own name, is one of the gateways; a name without a domain stands for one with any. */
    boolean isGateway(String host) {
        return gateways.stream().anyMatch(g -> g.equals(host) || host.startsWith(g.concat(".")) || g.startsWith(host.concat(".")));
    }

    private static long orDevice(Config c, ConfigKey key) {
        return c.text(key).equals("device") ? -1 : c.bytes(key, 0, Long.MAX_VALUE);
    }

    private static boolean progress(Config c) {
        return switch (c.text(PROGRESS)) {
            case "on" -> true;
            case "off", "auto" -> false;
            default -> throw new IllegalArgumentException(PROGRESS.property() + " must be off, auto or on: value="
                    + c.text(PROGRESS));
        };
    }

    private static int ranksHere(Config c, int here) {
        int local = c.integer(LOCAL_SIZE, 0, Integer.MAX_VALUE);
        return local == 0 ? here : local;
    }

    private static int cpusHere(Config c) {
        int cpus = c.integer(HOST_CPUS, 0, Integer.MAX_VALUE);
        return cpus == 0 ? Runtime.getRuntime().availableProcessors() : cpus;
    }

    /**
     * Returns what is known of the place of helper threads.
     *
     * @param here number of ranks that share this machine's CPUs, unless it is configured
     */
    static HelperSite site(Config c, int here) {
        return HelperSite.of(c, ranksHere(c, here), cpusHere(c));
    }

    /**
     * Returns how idle threads wait.
     *
     * @param here number of ranks that share this machine's CPUs, unless it is configured
     */
    static WaitPolicy waiting(Config c, int here) {
        WaitPolicy auto = WaitPolicy.forLoad(ranksHere(c, here), cpusHere(c));
        return new WaitPolicy(c.text(SPIN).equals("auto") ? auto.spinNs() : c.nanos(SPIN),
                c.text(YIELD).equals("auto") ? auto.yieldNs() : c.nanos(YIELD), auto.sleepNs());
    }
}
