package org.jadi.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jadi.adi.match.Arrival;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receive from any source, then one from a known source, against two messages: they get them in this order. */
@JCStressTest
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "Each receive got its message.")
@Outcome(id = "1, 2", expect = FORBIDDEN, desc = "The counter arbitrated wrongly.")
@Outcome(expect = FORBIDDEN, desc = "A receive or a message was missed, or given out twice.")
@State
public class AnyAndKnownStress extends MatchState {
    private final Request known = new Request();
    private final Request any = new Request();
    private Car firstTakenBy;
    private Car secondTakenBy;
    private Arrival foundByKnown;
    private Arrival foundByAny;

    /** Two messages of one peer arrive. */
    @Actor
    public void arrivals() {
        firstTakenBy = arrive(0, 1);
        secondTakenBy = arrive(0, 2);
    }

    /** The receives are started. */
    @Actor
    public void receives() {
        foundByAny = receive(any, Request.ANY, Request.ANY);
        foundByKnown = receive(known, 0, Request.ANY);
    }

    /** Says which message each receive got; 0 for none, 3 for two. */
    @Arbiter
    public void judge(II_Result r) {
        r.r1 = numberOf(foundByKnown) + (firstTakenBy == known ? 1 : 0) + (secondTakenBy == known ? 2 : 0);
        r.r2 = numberOf(foundByAny) + (firstTakenBy == any ? 1 : 0) + (secondTakenBy == any ? 2 : 0);
    }
}
