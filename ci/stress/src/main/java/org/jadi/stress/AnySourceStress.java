package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One receive from any source against messages of two peers: it gets the one that arrives first. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first peer's message found the receive.")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "The receive found the first peer's message.")
@Outcome(id = {"0, 1, 0", "0, 0, 2"}, expect = FORBIDDEN, desc = "The earlier arrival was there, and was passed over.")
@Outcome(expect = FORBIDDEN, desc = "The receive was missed by both, or given out twice.")
@State
public class AnySourceStress extends MatchState {
    private final Request receive = new Request();

    /** The poller hands over a message of each peer. */
    @Actor
    public void arrivals(III_Result r) {
        r.r1 = arrive(0, 1) == receive ? 1 : 0;
        r.r2 = arrive(1, 2) == receive ? 1 : 0;
    }

    /** The receive is started. */
    @Actor
    public void receive(III_Result r) {
        r.r3 = numberOf(receive(receive, Request.ANY, Request.ANY));
    }
}
