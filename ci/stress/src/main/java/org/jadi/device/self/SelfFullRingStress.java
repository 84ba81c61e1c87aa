package org.jadi.device.self;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.stress.RingTraffic;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The ring is full of ones; a two is tried while the consumer makes room: no one is overwritten before it is read. */
@JCStressTest
@Outcome(id = {"1, 0", "0, 0"}, expect = ACCEPTABLE, desc = "Every packet was whole; the two found room, or none.")
@Outcome(expect = FORBIDDEN, desc = "A packet was overwritten, torn or lost.")
@State
public class SelfFullRingStress {
    private final SelfRingPair ring = new SelfRingPair();
    private final int full;
    private int bad;
    private int ones;
    private int twos;

    /** Fills the ring. */
    public SelfFullRingStress() {
        int count = 0;
        while (ring.send(1)) {
            count++;
        }
        full = count;
    }

    /** The producer. */
    @Actor
    public void produce(II_Result r) {
        r.r1 = ring.send(2) ? 1 : 0;
    }

    /** The consumer. */
    @Actor
    public void consume() {
        drainSome(3);
    }

    /** Takes the rest and counts. */
    @Arbiter
    public void rest(II_Result r) {
        drainSome(full + 1);
        r.r2 = bad + Math.abs(full - ones) + Math.abs(twos - r.r1);
    }

    private void drainSome(int most) {
        for (int i = 0; i < most; i++) {
            RingTraffic one = new RingTraffic();
            ring.drain(one, 1);
            switch (one.digits()) {
                case 0 -> { }
                case 1 -> ones++;
                case 2 -> twos++;
                default -> bad++;
            }
        }
    }
}
