package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.device.LentBuffers;

/**
 * Lends a buffer per endpoint. A committed packet that finds no room is sent by a later call on the endpoint or by
 * progress, and until then nothing else is; deliveries are copies, so that retaining needs nothing but an account.
 */
public final class ToyLentBuffers extends DecoratedDevice implements LentBuffers {
    private final ConcurrentMap<Integer, StagedEndpoint> endpoints = new ConcurrentHashMap<>();
    private final Retained retained;

    private static final class Retained implements InboundHandler {
        final InboundHandler outer;
        final ConcurrentMap<Long, Integer> live = new ConcurrentHashMap<>();
        final AtomicLong tickets = new AtomicLong();

        Retained(InboundHandler outer) {
            this.outer = outer;
        }

        @Override
        public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            Packet.copy(rank, h0, h1, h2, h3, payload, offset, length).deliver(outer);
        }

        @Override
        public void onPeerFailed(int rank, String reason) {
            outer.onPeerFailed(rank, reason);
        }
    }

    private ToyLentBuffers(Device inner, Retained retained) {
        super(inner);
        this.retained = retained;
    }

    static Device open(DeviceProvider provider, DeviceContext context) {
        Retained retained = new Retained(context.inbound());
        return new ToyLentBuffers(provider.open(new DecoratedContext(context, retained, context.doorbell())), retained);
    }

    @Override
    public Endpoint connect(int rank) {
        return endpoints.computeIfAbsent(rank, r -> new StagedEndpoint(inner.connect(r), limits().maxPayloadBytes()));
    }

    @Override
    public int progress() {
        int work = inner.progress();
        for (StagedEndpoint endpoint : endpoints.values()) {
            work += endpoint.flush();
        }
        return work;
    }

    @Override
    public boolean hasUnflushed() {
        return inner.hasUnflushed() || endpoints.values().stream().anyMatch(e -> e.staged);
    }

    @Override
    public long reserve(Endpoint endpoint, int length) {
        return ((StagedEndpoint) endpoint).reserve(length);
    }

    @Override
    public MemorySegment segment(Endpoint endpoint) {
        return ((StagedEndpoint) endpoint).buffer;
    }

    @Override
    public void commit(Endpoint endpoint, int length, long h0, long h1, long h2, long h3) {
        ((StagedEndpoint) endpoint).commit(length, h0, h1, h2, h3);
    }

    @Override
    public long retain(int rank) {
        long ticket = retained.tickets.incrementAndGet();
        retained.live.put(ticket, rank);
        return ticket;
    }

    @Override
    public void release(int rank, long ticket) {
        Integer owner = retained.live.remove(ticket);
        if (owner == null || owner != rank) {
            throw new IllegalStateException("not retained from this rank: rank=" + rank + " ticket=" + ticket);
        }
    }

    /** Returns how many payloads are retained. */
    public int live() {
        return retained.live.size();
    }

    /** Returns how many payloads were ever retained. */
    public long retainedSoFar() {
        return retained.tickets.get();
    }

    private static final class StagedEndpoint extends Endpoint {
        private static final long OFFSET = 24; // not zero, so that whoever forgets the offset is found out

        private final Endpoint inner;
        final MemorySegment buffer;
        private long h0;
        private long h1;
        private long h2;
        private long h3;
        private int length;
        volatile boolean staged;

        StagedEndpoint(Endpoint inner, int maxPayloadBytes) {
            this.inner = inner;
            this.buffer = MemorySegment.ofArray(new byte[(int) OFFSET + maxPayloadBytes]);
        }

        synchronized long reserve(int bytes) {
            if (staged) {
                flush();
            }
            if (bytes > buffer.byteSize() - OFFSET) {
                throw new IllegalArgumentException("payload too long for one packet: length=" + bytes);
            }
            return staged ? -1 : OFFSET;
        }

        synchronized void commit(int bytes, long w0, long w1, long w2, long w3) {
            length = bytes;
            h0 = w0;
            h1 = w1;
            h2 = w2;
            h3 = w3;
            staged = true;
            flush();
        }

        synchronized int flush() {
            if (!staged || inner.trySend(h0, h1, h2, h3, buffer, OFFSET, length) == NO_ROOM) {
                return 0;
            }
            staged = false;
            return 1;
        }

        @Override
        public synchronized int trySend(long w0, long w1, long w2, long w3, MemorySegment payload, long offset, int bytes) {
            flush();
            return staged ? NO_ROOM : inner.trySend(w0, w1, w2, w3, payload, offset, bytes);
        }

        @Override
        public synchronized int trySendControl(long w0, long w1, long w2, long w3) {
            flush();
            return staged ? NO_ROOM : inner.trySendControl(w0, w1, w2, w3);
        }

        @Override
        public String toString() {
            return "lending " + inner;
        }
    }
}
