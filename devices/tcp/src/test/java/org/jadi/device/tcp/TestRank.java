package org.jadi.device.tcp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.Log;
import org.jadi.bootstrap.JobSecret;
import org.jadi.testkit.contract.HandshakeAuthenticator;

/** One rank of an in-process job: a device with everything that an engine would give it, and what came up from it. */
final class TestRank implements DeviceContext, InboundHandler, Doorbell, Log, AutoCloseable {
    /** A packet that arrived. */
    record Packet(int rank, long h0, long h1, long h2, long h3, byte[] payload) {}

    /** What one job has in common. */
    record Job(int size, JobSecret secret, Map<Integer, byte[]> addresses) {
        Job(int size) {
            this(size, JobSecret.random(), new ConcurrentHashMap<>());
        }
    }

    final Queue<Packet> packets = new ConcurrentLinkedQueue<>();
    final Map<Integer, String> failures = new ConcurrentHashMap<>();
    final List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
    final Semaphore rings = new Semaphore(0);
    final Device device;
    private final Job job;
    private final int rank;
    private final Config config;
    private final Authenticator authenticator;
    volatile InboundHandler sink;

    TestRank(Job job, int rank, Map<String, String> values) {
        this(job, rank, values, new HandshakeAuthenticator(job.secret(), "job", rank, 0));
    }

    TestRank(Job job, int rank, Map<String, String> values, Authenticator authenticator) {
        this.job = job;
        this.rank = rank;
        Map<String, String> all = new HashMap<>(Map.of("tcp.bind", "127.0.0.1"));
        all.putAll(values);
        this.config = Config.of(all);
        this.authenticator = authenticator;
        this.device = new TcpDeviceProvider().open(this);
        job.addresses().put(rank, device.address());
        device.wire(r -> job.addresses().get(r));
    }

    /** Opens all ranks of a job. */
    static List<TestRank> open(int size, Map<String, String> values) {
        Job job = new Job(size);
        List<TestRank> ranks = new ArrayList<>();
        for (int r = 0; r < size; r++) {
            ranks.add(new TestRank(job, r, values));
        }
        return ranks;
    }

    /** Polls the ranks until something holds; fails after ten seconds. */
    static void until(String what, BooleanSupplier holds, TestRank... ranks) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!holds.getAsBoolean()) {
            int work = 0;
            for (TestRank r : ranks) {
                work += r.device.progress();
            }
            if (work == 0) {
                Thread.onSpinWait();
                Thread.yield();
            }
            if (System.nanoTime() - deadline > 0) {
                StringBuilder s = new StringBuilder("not in time: " + what);
                for (TestRank r : ranks) {
                    s.append("\n rank ").append(r.rank).append(": packets=").append(r.packets.size()).append(" failures=")
                            .append(r.failures).append(' ').append(r.device).append(' ').append(r.lines);
                }
                throw new AssertionError(s.toString());
            }
        }
    }

    int port() {
        return TcpAddress.decode(device.address()).port();
    }

    @Override
    public void onPacket(int from, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        InboundHandler s = sink;
        if (s != null) {
            s.onPacket(from, h0, h1, h2, h3, payload, offset, length);
            return;
        }
        byte[] copy = new byte[length];
        MemorySegment.copy(payload, offset, MemorySegment.ofArray(copy), 0, length);
        packets.add(new Packet(from, h0, h1, h2, h3, copy));
    }

    @Override
    public void onPeerFailed(int peer, String reason) {
        String before = failures.put(peer, reason);
        if (before != null) {
            throw new AssertionError("reported twice: " + before + " / " + reason);
        }
    }

    @Override
    public void ring() {
        rings.release();
    }

    @Override
    public int prepare() {
        return 0;
    }

    @Override
    public void sleep(int seen, long timeoutNs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void awake() {}

    @Override
    public void warn(String message) {
        lines.add("warn " + message);
    }

    @Override
    public void info(String message) {
        lines.add("info " + message);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return job.size();
    }

    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Authenticator authenticator() {
        return authenticator;
    }

    @Override
    public InboundHandler inbound() {
        return this;
    }

    @Override
    public Doorbell doorbell() {
        return this;
    }

    @Override
    public Log log() {
        return this;
    }

    @Override
    public void close() {
        device.close();
    }
}
