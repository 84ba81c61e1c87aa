package org.jadi.bench.micro;

import java.util.concurrent.TimeUnit;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.match.PeerMatch;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One message finds one receive, by one thread without contention, while {@code depth} others with tags of their own wait in
 * the queue. Flat over depth is what the engine promises.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Match {
    private static final int CONTEXT = 2;
    private static final int SOURCE = 1;
    private static final int FIRST_WAITING_TAG = 1000;

    @Param({"0", "1000", "100000"})
    public int depth;

    private final Matcher postedOnes = new Matcher();
    private final Matcher unexpectedOnes = new Matcher();
    private final PeerMatch poster = new PeerMatch(SOURCE);
    private final PeerMatch sender = new PeerMatch(SOURCE);
    private final Request receive = receive(7);
    private Arrival arrival;
    private int nextTag = FIRST_WAITING_TAG;
    private Car waiting;

    /** Fills both queues. */
    @Setup
    public void fill() {
        for (int i = 0; i < depth; i++) {
            postedOnes.findOrPost(poster, receive(FIRST_WAITING_TAG + i));
            unexpectedOnes.storeUnlessMatched(arrival(FIRST_WAITING_TAG + i));
        }
        arrival = arrival(7);
        waiting = receive(FIRST_WAITING_TAG);
    }

    private static Request receive(int tag) {
        Request receive = new Request();
        receive.context = CONTEXT;
        receive.source = SOURCE;
        receive.tag = tag;
        return receive;
    }

    private Arrival arrival(int tag) {
        return new Arrival(sender, CONTEXT, SOURCE, tag, 8);
    }

    private static Car matchLocked(Matcher matcher, PeerMatch peer, int tag) {
        peer.lock();
        try {
            return matcher.match(peer, CONTEXT, tag);
        } finally {
            peer.unlock();
        }
    }

    private static Car storeLocked(Matcher matcher, PeerMatch peer, Arrival arrival) {
        peer.lock();
        try {
            return matcher.storeUnlessMatched(arrival);
        } finally {
            peer.unlock();
        }
    }

    /** A receive is posted, its message comes. */
    @Benchmark
    public Car postedThenArrival() {
        postedOnes.findOrPost(poster, receive);
        Car found = matchLocked(postedOnes, poster, 7);
        if (found != receive) {
            throw new IllegalStateException("lost");
        }
        return found;
    }

    /** A message comes, a receive takes it. */
    @Benchmark
    public Arrival arrivalThenReceive() {
        storeLocked(unexpectedOnes, sender, arrival);
        Arrival found = unexpectedOnes.findOrPost(sender, receive);
        if (found != arrival) {
            throw new IllegalStateException("lost");
        }
        return found;
    }

    /** A message comes, a receive from any source takes it. */
    @Benchmark
    public Arrival arrivalThenWildcard() {
        storeLocked(unexpectedOnes, sender, arrival);
        Arrival found = unexpectedOnes.findOrPostWildcard(receive);
        if (found != arrival) {
            throw new IllegalStateException("lost");
        }
        return found;
    }

    /** The waiting messages are taken one after another in the order of their tags, each stored again at once. */
    @Benchmark
    public Arrival inOrderThroughAll() {
        if (depth == 0) {
            return null;
        }
        waiting.tag = nextTag;
        nextTag = nextTag + 1 == FIRST_WAITING_TAG + depth ? FIRST_WAITING_TAG : nextTag + 1;
        Arrival found = unexpectedOnes.findOrPost(sender, waiting);
        storeLocked(unexpectedOnes, sender, found);
        return found;
    }
}
