package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.InboundHandler;

/**
 * Loses the victim, as seen from one other rank, after a number of packets between the two; the victim loses nobody. The
 * loss is reported by the next poll, and by nothing else.
 */
final class FailingDevice extends DecoratedDevice {
    private final Fate fate;
    private final ConcurrentMap<Integer, Endpoint> endpoints = new ConcurrentHashMap<>();

    private static final class Fate implements InboundHandler {
        final InboundHandler outer;
        final int victim;
        final boolean spared;
        final AtomicLong packetsLeft;
        final AtomicBoolean reported = new AtomicBoolean();

        Fate(InboundHandler outer, int victim, boolean spared, long packets) {
            this.outer = outer;
            this.victim = victim;
            this.spared = spared;
            this.packetsLeft = new AtomicLong(packets);
        }

        boolean lost(int rank) {
            return !spared && rank == victim && packetsLeft.get() <= 0;
        }

        void count(int rank) {
            if (rank == victim) {
                packetsLeft.decrementAndGet();
            }
        }

        @Override
        public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            if (!lost(rank)) {
                count(rank);
                outer.onPacket(rank, h0, h1, h2, h3, payload, offset, length);
            }
        }

        @Override
        public void onPeerFailed(int rank, String reason) {
            outer.onPeerFailed(rank, reason);
        }

        @Override
        public void onUnreachable(int rank, String reason) {
            outer.onUnreachable(rank, reason);
        }
    }

    private FailingDevice(Device inner, Fate fate) {
        super(inner);
        this.fate = fate;
    }

    static Device open(DeviceProvider provider, DeviceContext context, int victim, long packets) {
        Fate fate = new Fate(context.inbound(), victim, context.rank() == victim, packets);
        return new FailingDevice(provider.open(new DecoratedContext(context, fate, context.doorbell())), fate);
    }

    @Override
    public Endpoint connect(int rank) {
        return endpoints.computeIfAbsent(rank, r -> new FailingEndpoint(inner.connect(r), r));
    }

    @Override
    public int progress() {
        int work = inner.progress();
        if (fate.lost(fate.victim) && fate.reported.compareAndSet(false, true)) {
            fate.outer.onPeerFailed(fate.victim, "lost by the test kit");
            work++;
        }
        return work;
    }

    private final class FailingEndpoint extends Endpoint {
        private final Endpoint inner;
        private final int rank;

        FailingEndpoint(Endpoint inner, int rank) {
            this.inner = inner;
            this.rank = rank;
        }

        @Override
        public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            return fate.lost(rank) ? FAILED : counted(inner.trySend(h0, h1, h2, h3, payload, offset, length));
        }

        @Override
        public int trySendControl(long h0, long h1, long h2, long h3) {
            return fate.lost(rank) ? FAILED : counted(inner.trySendControl(h0, h1, h2, h3));
        }

        @Override
        public boolean isConnected() {
            return inner.isConnected();
        }

        private int counted(int answer) {
            if (answer == SENT) {
                fate.count(rank);
            }
            return answer;
        }

        @Override
        public String toString() {
            return "failing " + inner;
        }
    }
}
