package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One receive from any source against messages of two peers: exactly one of them is its message. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first peer's message found the receive.")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The second peer's message found the receive.")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "The receive found the first peer's message.")
@Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "The receive found the second peer's message.")
@Outcome(expect = FORBIDDEN, desc = "The receive was missed by both, or given out twice.")
@State
public class AnySourceStress extends MatchState {
    private final Request receive = new Request();

    /** The first peer's message arrives. */
    @Actor
    public void first(III_Result r) {
        r.r1 = arrive(0, 1) == receive ? 1 : 0;
    }

    /** The second peer's message arrives. */
    @Actor
    public void second(III_Result r) {
        r.r2 = arrive(1, 2) == receive ? 1 : 0;
    }

    /** The receive is started. */
    @Actor
    public void receive(III_Result r) {
        r.r3 = numberOf(receive(receive, Request.ANY, Request.ANY));
    }
}
