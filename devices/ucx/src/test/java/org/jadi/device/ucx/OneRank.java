package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.Log;

/** What an engine would give the device of one rank that has a process of its own. */
final class OneRank implements DeviceContext, InboundHandler, Doorbell, Log {
    final AtomicLong arrived = new AtomicLong();
    final List<String> failures = new CopyOnWriteArrayList<>();
    private final int rank;
    private final Config config;

    OneRank(int rank, Map<String, String> values) {
        this.rank = rank;
        this.config = Config.of(values);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public String jobId() {
        return "two-processes";
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Authenticator authenticator() {
        throw new UnsupportedOperationException();
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
    public void onPacket(int from, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        arrived.incrementAndGet();
    }

    @Override
    public void onPeerFailed(int peer, String reason) {
        failures.add(peer + ": " + reason);
    }

    @Override
    public void ring() {}

    @Override
    public int prepare() {
        return 0;
    }

    @Override
    public void sleep(int seen, long timeoutNs) {}

    @Override
    public void awake() {}

    @Override
    public void warn(String message) {
        System.err.println(message);
    }

    @Override
    public void info(String message) {}
}
