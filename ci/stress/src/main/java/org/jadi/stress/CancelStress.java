package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receive is cancelled while its message arrives: one of the two happens. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The message was first.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The cancellation was first; the message is stored.")
@Outcome(expect = FORBIDDEN, desc = "Both or neither happened.")
@State
public class CancelStress extends MatchState {
    private final Request receive = new Request();

    /** Posts the receive. */
    public CancelStress() {
        receive(receive, Request.ANY, Request.ANY);
    }

    /** The message arrives. */
    @Actor
    public void arrival(II_Result r) {
        r.r1 = arrive(1, 1) == receive ? 1 : 0;
    }

    /** The receive is withdrawn. */
    @Actor
    public void cancel(II_Result r) {
        r.r2 = matcher.cancel(null, receive) ? 1 : 0;
    }
}
