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

/** Two packets are published, across the ring's end, while the consumer takes what is there. */
@JCStressTest
@Outcome(id = {"0, 12", "1, 12", "12, 12"}, expect = ACCEPTABLE, desc = "Whole packets, in order, none missing in the end.")
@Outcome(expect = FORBIDDEN, desc = "A packet was torn, lost, doubled or overtaken.")
@State
public class SelfRingStress {
    private final SelfRingPair ring = new SelfRingPair();
    private final RingTraffic traffic = new RingTraffic();

    /** Moves the next record close to the ring's end. */
    public SelfRingStress() {
        ring.wind(new RingTraffic());
    }

    /** The producer. */
    @Actor
    public void produce() {
        ring.send(1);
        ring.send(2);
    }

    /** The consumer. */
    @Actor
    public void consume(II_Result r) {
        ring.drain(traffic, 1);
        ring.drain(traffic, 1);
        r.r1 = traffic.digits();
    }

    /** Takes the rest. */
    @Arbiter
    public void rest(II_Result r) {
        ring.drain(traffic, 5);
        r.r2 = traffic.digits();
    }
}
