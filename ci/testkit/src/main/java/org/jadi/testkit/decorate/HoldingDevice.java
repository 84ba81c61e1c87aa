package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.InboundHandler;

/** Holds arrived packets back for some polls. Claims work while it holds anything, so that nobody falls asleep on it. */
final class HoldingDevice extends DecoratedDevice {
    private static final int MOST_HELD = 256;

    private final InboundHandler outer;
    private final SplittableRandom random;
    private final int mostPolls;
    private final List<Queue> queues;

    private static final class Queue {
        final ArrayDeque<Packet> packets = new ArrayDeque<>();
        int pollsLeft;
    }

    private static final class Collector implements InboundHandler {
        final InboundHandler outer;
        final List<Queue> queues;
        int held;

        Collector(InboundHandler outer, List<Queue> queues) {
            this.outer = outer;
            this.queues = queues;
        }

        @Override
        public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            queues.get(rank % queues.size()).packets.add(Packet.copy(rank, h0, h1, h2, h3, payload, offset, length));
            held++;
        }

        @Override
        public void onPeerFailed(int rank, String reason) {
            outer.onPeerFailed(rank, reason);
        }
    }

    private final Collector collector;

    private HoldingDevice(Device inner, Collector collector, SplittableRandom random, int mostPolls) {
        super(inner);
        this.outer = collector.outer;
        this.queues = collector.queues;
        this.collector = collector;
        this.random = random;
        this.mostPolls = mostPolls;
    }

    static Device open(DeviceProvider provider, DeviceContext context, long seed, int mostPolls, boolean perPeer) {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < (perPeer ? context.size() : 1); i++) {
            queues.add(new Queue());
        }
        Collector collector = new Collector(context.inbound(), queues);
        Device inner = provider.open(new DecoratedContext(context, collector, context.doorbell()));
        return new HoldingDevice(inner, collector, new SplittableRandom(seed + context.rank()), mostPolls);
    }

    @Override
    public int progress() {
        int work = collector.held < MOST_HELD ? inner.progress() : 0;
        int first = random.nextInt(queues.size());
        for (int i = 0; i < queues.size(); i++) {
            Queue queue = queues.get((first + i) % queues.size());
            if (--queue.pollsLeft <= 0 && !queue.packets.isEmpty()) {
                deliverSome(queue);
            }
        }
        return work + collector.held;
    }

    private void deliverSome(Queue queue) {
        for (int n = 1 + random.nextInt(4); n > 0 && !queue.packets.isEmpty(); n--) {
            collector.held--;
            queue.packets.poll().deliver(outer);
        }
        queue.pollsLeft = random.nextInt(mostPolls + 1);
    }
}
