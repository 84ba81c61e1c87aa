package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.request.Request;
import org.jadi.adi.request.RequestPool;
import org.jadi.adi.request.State;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The owner collects an operation and uses its request for another one, while a thread means to wait for the operation. */
@JCStressTest
@Outcome(id = {"true, false", "false, true", "false, false"}, expect = ACCEPTABLE, desc = "Found and left alone, or not found.")
@Outcome(expect = FORBIDDEN, desc = "A request serves another operation while somebody looks at it.")
@org.openjdk.jcstress.annotations.State
public class PoolStress {
    private static final int MANY = 16;

    private volatile Request pending;
    private Request meant;

    /** The owner. */
    @Actor
    public void collect(ZZ_Result r) {
        RequestPool pool = new RequestPool();
        Request[] all = new Request[MANY];
        for (int i = 0; i < MANY; i++) {
            all[i] = pool.take();
            all[i].end(State.COMPLETE);
            all[i].pieceDone();
        }
        meant = all[MANY - 1];
        pending = meant;
        pending = null;
        for (Request one : all) {
            one.giveBack();
        }
        for (int i = 0; i < MANY - 1; i++) {
            r.r2 |= pool.take() == meant;
        }
    }

    /** Another thread. */
    @Actor
    public void look(ZZ_Result r) {
        for (int looks = 0; looks < 1000; looks++) {
            Request p = pending;
            if (p != null) {
                p.keep();
                r.r1 = pending == p;
                return;
            }
        }
    }
}
