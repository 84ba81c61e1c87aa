package org.jadi.device.self;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.device.InboundHandler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/** Packets through the ring of the self device; in its package, because the ring is its own business. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SelfQueue {
    private static final int RING_BYTES = 1 << 16;

    private static boolean send(SelfRing ring, long id) {
        long position = ring.claimData(8);
        if (position == SelfRing.NO_ROOM) {
            return false;
        }
        ring.publish(position, 8, 1, 2, 8, id);
        return true;
    }

    /** Keeps the id of the last packet. */
    private static final class Last implements InboundHandler {
        private long id;

        @Override
        public void onPacket(
                int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            id = h3;
        }

        @Override
        public void onPeerFailed(int rank, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** One thread on both ends. */
    @State(Scope.Thread)
    public static class Alone {
        private final SelfRing ring = new SelfRing(0, RING_BYTES);
        private final Last last = new Last();
        private long id;
    }

    /** Two rings between two threads. */
    @State(Scope.Group)
    public static class Pair {
        private final SelfRing there = new SelfRing(0, RING_BYTES);
        private final SelfRing back = new SelfRing(1, RING_BYTES);
        private final Last atFar = new Last();
        private final Last atNear = new Last();
        private long id;
    }

    /** A packet in and out. */
    @Benchmark
    public long oneThread(Alone alone) {
        send(alone.ring, ++alone.id);
        alone.ring.drain(alone.last, 1);
        if (alone.last.id != alone.id) {
            throw new IllegalStateException("lost");
        }
        return alone.last.id;
    }

    /** A packet there and one back. */
    @Benchmark
    @Group("roundTrip")
    @GroupThreads(1)
    public long near(Pair pair, Control control) {
        long id = ++pair.id;
        send(pair.there, id);
        while (pair.atNear.id != id && !control.stopMeasurement) {
            pair.back.drain(pair.atNear, 1);
        }
        return pair.atNear.id;
    }

    /** The other end of the round trip. */
    @Benchmark
    @Group("roundTrip")
    @GroupThreads(1)
    public long far(Pair pair, Control control) {
        while (!control.stopMeasurement) {
            if (pair.there.drain(pair.atFar, 1) == 1) {
                send(pair.back, pair.atFar.id);
                break;
            }
            Thread.onSpinWait();
        }
        return pair.atFar.id;
    }
}
