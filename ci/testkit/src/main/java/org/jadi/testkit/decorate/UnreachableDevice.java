package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntPredicate;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Endpoint;

/** Does not reach some ranks, which shows only when it tries: the poll after the first connect says so. */
final class UnreachableDevice extends DecoratedDevice {
    private final DeviceContext context;
    private final IntPredicate reached;
    private final ConcurrentMap<Integer, Endpoint> nowhere = new ConcurrentHashMap<>();
    private final Queue<Integer> news = new ConcurrentLinkedQueue<>();

    private UnreachableDevice(Device inner, DeviceContext context, IntPredicate reached) {
        super(inner);
        this.context = context;
        this.reached = reached;
    }

    static Device open(DeviceProvider provider, DeviceContext context, IntPredicate reached) {
        return new UnreachableDevice(provider.open(context), context, reached);
    }

    @Override
    public Endpoint connect(int rank) {
        return rank == context.rank() || reached.test(rank) ? inner.connect(rank) : nowhere.computeIfAbsent(rank, r -> {
            news.add(r);
            context.doorbell().ring();
            return new Nowhere();
        });
    }

    @Override
    public int progress() {
        int work = inner.progress();
        for (Integer rank = news.poll(); rank != null; rank = news.poll()) {
            context.inbound().onUnreachable(rank, "rank " + context.rank() + " cannot reach rank " + rank + ", as the test wants");
            work++;
        }
        return work;
    }

    private static final class Nowhere extends Endpoint {
        @Override
        public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            return NO_ROOM;
        }

        @Override
        public int trySendControl(long h0, long h1, long h2, long h3) {
            return NO_ROOM;
        }

        @Override
        public boolean isConnected() {
            return false;
        }

        @Override
        public String toString() {
            return "nowhere";
        }
    }
}
