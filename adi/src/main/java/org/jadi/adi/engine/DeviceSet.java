package org.jadi.adi.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.progress.ParkDoorbell;
import org.jadi.adi.stats.Log;
import org.jadi.bootstrap.Bootstrap;

/**
 * The open devices of an engine, in order of preference, and the choice among them for each peer.
 *
 * <p>A rank publishes one value: protocol version, the eager memory it grants each peer, and the address of each device.
 */
final class DeviceSet implements AutoCloseable {
    /** The way to a rank. */
    record Route(Device device, long grantBytes) {}

    private record Published(int version, long grantBytes, Map<String, byte[]> addresses, String host, String machine) {}

    private final Bootstrap bootstrap;
    private final EngineConfig config;
    private final Log log;
    private final List<Device> open = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Map<Integer, Published> published = new ConcurrentHashMap<>();
    private final ForwardingDoorbell doorbell = new ForwardingDoorbell();

    DeviceSet(Config values, EngineConfig config, Bootstrap bootstrap, List<DeviceProvider> providers,
            InboundHandler inbound, Log log, HelperThreads threads) {
        this.bootstrap = bootstrap;
        this.config = config;
        this.log = log;
        DeviceContext context = new Context(values, inbound, threads);
        try {
            openAll(context, providers);
            bootstrap.put(key(bootstrap.rank()), encode());
            bootstrap.fence();
            wireAll();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        open.stream().map(d -> d.capability(Doorbell.class)).filter(d -> d != null).findFirst()
                .ifPresent(d -> doorbell.target = d);
    }

    private void openAll(DeviceContext context, List<DeviceProvider> providers) {
        List<String> names = new ArrayList<>(config.devices());
        // A rank reaches itself without being asked for it; for others the device serves only if it is named.
        if (!names.contains("self")) {
            names.addFirst("self");
        }
        for (String name : names) {
            if (bootstrap.size() == 1 && !open.isEmpty()) {
                return; // a job of one rank needs no second device, and makes no files and sockets
            }
            DeviceProvider provider = providers.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
            if (provider == null) {
                if (config.devices().contains(name)) {
                    checkNotChosen(context, name, providers);
                    refused.put(name, "is not on the class path; present: " + providers.stream().map(DeviceProvider::name).toList());
                }
                continue;
            }
            try {
                open.add(provider.open(context));
            } catch (DeviceException e) {
                refused.put(name, e.getMessage());
                log.info("device " + name + " " + e.getMessage());
            }
        }
    }

    /** The default list names devices that may be left out of a class path; what a user names must be there. */
    private static void checkNotChosen(DeviceContext context, String name, List<DeviceProvider> providers) {
        String source = context.config().source(EngineConfig.DEVICE);
        if (!source.equals("default")) {
            throw new IllegalArgumentException("unknown device " + name + " in " + EngineConfig.DEVICE.property() + " (" + source
                    + "); the class path has " + providers.stream().map(DeviceProvider::name).toList());
        }
    }

    private void wireAll() {
        for (Device device : List.copyOf(open)) {
            try {
                device.wire(rank -> published(rank).addresses().get(device.name()));
            } catch (DeviceException e) {
                refused.put(device.name(), e.getMessage());
                log.info("device " + device.name() + " " + e.getMessage());
                open.remove(device);
                device.close();
            }
        }
    }

    Device[] open() {
        return open.toArray(Device[]::new);
    }

    Doorbell doorbell() {
        return doorbell;
    }

    boolean hasUnflushed() {
        return open.stream().anyMatch(Device::hasUnflushed);
    }

    <T> T capability(Class<T> type) {
        // The node's device before the process's own: memory that only this process reaches is of little use.
        return open.stream().filter(d -> !d.name().equals("self") || open.size() == 1).map(d -> d.capability(type))
                .filter(c -> c != null).findFirst().orElse(null);
    }

    /** Returns the first device that reaches a rank. */
    Route route(int rank) {
        StringBuilder reasons = new StringBuilder();
        Published p = published(rank);
        for (Device device : open) {
            String reason = refusal(device, rank, p);
            if (reason == null) {
                return new Route(device, p.grantBytes());
            }
            reasons.append("; ").append(device.name()).append(' ').append(reason);
        }
        refused.forEach((name, reason) -> reasons.append("; ").append(name).append(' ').append(reason));
        throw new DeviceException("no device reaches rank " + rank + " from rank " + bootstrap.rank() + reasons);
    }

    private String refusal(Device device, int rank, Published p) {
        boolean implied = device.name().equals("self") && !config.devices().contains("self");
        if (implied && rank != bootstrap.rank()) {
            return "was not asked for";
        }
        return p.addresses().get(device.name()) == null ? "is not open at rank " + rank : device.refusal(rank);
    }

    /**
     * Returns a line for each rank.
     *
     * @param way says how a rank is reached, if not directly; null where it is
     */
    String report(IntFunction<String> way) {
        StringBuilder s = new StringBuilder();
        for (int r = 0; r < bootstrap.size(); r++) {
            s.append("  ").append(bootstrap.rank()).append(" -> ").append(r).append(": ");
            Published p = published(r);
            String chosen = null;
            List<String> reasons = new ArrayList<>();
            for (Device d : open) {
                String reason = refusal(d, r, p);
                if (reason == null && chosen == null) {
                    chosen = d.name();
                } else if (reason != null && chosen == null) {
                    reasons.add(d.name() + " " + reason);
                }
            }
            refused.forEach((name, reason) -> reasons.add(name + " " + reason));
            String through = way.apply(r);
            if (through != null) {
                chosen = chosen + ' ' + through;
            }
            s.append(chosen == null ? "none" : chosen).append(reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")");
            s.append('\n');
        }
        return s.toString();
    }

    private Published published(int rank) {
        return published.computeIfAbsent(rank, r -> {
            byte[] value = bootstrap.get(key(r));
            if (value == null) {
                throw new DeviceException("rank " + r + " published no address");
            }
            Published p = decode(value);
            if (p.version() != PacketHeader.VERSION) {
                throw new DeviceException("rank " + r + " speaks another protocol version: ours=" + PacketHeader.VERSION
                        + " theirs=" + p.version() + "; use the same Jadi version on all ranks");
            }
            return p;
        });
    }

    /** Returns the name of a rank's host, as that host says it. */
    String hostOf(int rank) {
        return published(rank).host();
    }

    /** Returns how many ranks share the CPUs of this machine, in whatever containers they are. */
    int ranksOnThisMachine() {
        String machine = published(bootstrap.rank()).machine();
        int count = 0;
        for (int rank = 0; rank < bootstrap.size(); rank++) {
            try {
                count += published(rank).machine().equals(machine) ? 1 : 0;
            } catch (DeviceException e) {
                log.info(e.getMessage()); // of another version: told again to whoever wants to reach it
            }
        }
        return count;
    }

    /** Containers have the boot id of their host: it does not tell what memory is shared, but it tells which CPUs are. */
    private static String thisMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return thisHost();
        }
    }

    /** Asks no name server: names need not be known to any. */
    private static String thisHost() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", System.getenv().getOrDefault("COMPUTERNAME", "unknown"));
        }
    }

    private static String key(int rank) {
        return "jadi.rank." + rank;
    }

    private byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(PacketHeader.VERSION);
            out.writeLong(config.creditBytes());
            out.writeByte(open.size());
            for (Device d : open) {
                byte[] address = d.address();
                out.writeUTF(d.name());
                out.writeShort(address.length);
                out.write(address);
            }
            out.writeUTF(thisHost());
            out.writeUTF(thisMachine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Published decode(byte[] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int version = in.readUnsignedShort();
            long grant = in.readLong();
            Map<String, byte[]> addresses = new LinkedHashMap<>();
            for (int n = in.readUnsignedByte(); n > 0; n--) {
                String name = in.readUTF();
                addresses.put(name, in.readNBytes(in.readUnsignedShort()));
            }
            boolean ours = version == PacketHeader.VERSION;
            return new Published(version, grant, addresses, ours ? in.readUTF() : "", ours ? in.readUTF() : "");
        } catch (IOException e) {
            throw new DeviceException("malformed address of a peer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        open.forEach(Device::close);
    }

    /** What devices see of the engine. */
    private final class Context implements DeviceContext {
        private final Config values;
        private final InboundHandler inbound;
        private final HelperThreads threads;
        private final Authenticator authenticator = new JobAuthenticator(bootstrap);

        Context(Config values, InboundHandler inbound, HelperThreads threads) {
            this.values = values;
            this.inbound = inbound;
            this.threads = threads;
        }

        @Override
        public int rank() {
            return bootstrap.rank();
        }

        @Override
        public int size() {
            return bootstrap.size();
        }

        @Override
        public String jobId() {
            return bootstrap.jobId();
        }

        @Override
        public boolean isNamed() {
            return !values.source(EngineConfig.DEVICE).equals("default");
        }

        @Override
        public Config config() {
            return values;
        }

        @Override
        public Authenticator authenticator() {
            return authenticator;
        }

        @Override
        public InboundHandler inbound() {
            return inbound;
        }

        @Override
        public Doorbell doorbell() {
            return doorbell;
        }

        @Override
        public ConcurrentMap<String, Object> local() {
            return bootstrap.local();
        }

        @Override
        public HelperThreads threads() {
            return threads;
        }

        @Override
        public Log log() {
            return log;
        }
    }

    /** Handed to devices before it is known which of them supplies the word. */
    private static final class ForwardingDoorbell implements Doorbell {
        private volatile Doorbell target = new ParkDoorbell();

        @Override
        public void ring() {
            target.ring();
        }

        @Override
        public int prepare() {
            return target.prepare();
        }

        @Override
        public void sleep(int seen, long timeoutNs) {
            target.sleep(seen, timeoutNs);
        }

        @Override
        public void awake() {
            target.awake();
        }
    }
}
