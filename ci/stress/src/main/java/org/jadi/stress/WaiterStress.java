package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.jadi.adi.request.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The last two pieces of a request complete while somebody begins to wait: the waiter is told, one way or the other. */
@JCStressTest
@Outcome(id = {"1, 0, 42", "0, 1, 42"}, expect = ACCEPTABLE, desc = "Told by wake or by the answer; the status is seen.")
@Outcome(expect = FORBIDDEN, desc = "Not told, told twice, or told before the status was written.")
@State
public class WaiterStress {
    private final Request request = new Request();
    private int woken;
    private int refused;
    private int seen;

    /** A request of two pieces. */
    public WaiterStress() {
        request.expect(2);
    }

    /** One piece is done, the other writes the status and is done. */
    @Actor
    public void pieces() {
        request.pieceDone();
        request.statusTag = 42;
        request.pieceDone();
    }

    /** Somebody begins to wait. */
    @Actor
    public void await() {
        boolean waits = request.addWaiter(new Waiter() {
            @Override
            protected void wake() {
                woken++;
                seen = request.statusTag;
            }
        });
        if (!waits) {
            refused = 1;
            seen = request.isComplete() ? request.statusTag : -1;
        }
    }

    /** Says who told the waiter, and what it saw. */
    @Arbiter
    public void judge(III_Result r) {
        r.r1 = woken;
        r.r2 = refused;
        r.r3 = seen;
    }
}
