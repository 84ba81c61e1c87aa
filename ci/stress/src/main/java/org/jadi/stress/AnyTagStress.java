package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One receive of any tag against two messages of its source: it gets the first. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first message found the receive.")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "The receive found the first message.")
@Outcome(id = {"0, 1, 0", "0, 0, 2"}, expect = FORBIDDEN, desc = "The second message overtook the first.")
@Outcome(expect = FORBIDDEN, desc = "The receive was missed, or given out twice.")
@State
public class AnyTagStress extends MatchState {
    private final Request receive = new Request();

    /** Two messages arrive, one after the other. */
    @Actor
    public void arrivals(III_Result r) {
        r.r1 = arrive(0, 1) == receive ? 1 : 0;
        r.r2 = arrive(0, 2) == receive ? 1 : 0;
    }

    /** The receive is started. */
    @Actor
    public void receive(III_Result r) {
        r.r3 = numberOf(receive(receive, 0, Request.ANY));
    }
}
