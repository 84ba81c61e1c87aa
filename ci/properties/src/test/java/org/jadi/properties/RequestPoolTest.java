package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.RequestPool;
import org.jadi.adi.request.State;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.Test;

/** Requests that serve one operation after the other. */
@TimeLimit(60)
class RequestPoolTest {
    private static final int MANY = 64;

    private final RequestPool pool = new RequestPool();

    @Test
    void shouldUseRequestsAgain() {
        Set<Request> first = identities(succeeded(MANY));
        first.forEach(Request::giveBack);

        List<Request> second = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            second.add(pool.take());
        }

        assertEquals(first, identities(second));
        second.forEach(r -> {
            assertFalse(r.isComplete());
            assertEquals(State.INACTIVE, r.state());
        });
    }

    /** Such as those that are cancelled, fail, or are never waited for. */
    @Test
    void shouldGoOnAfterManyThatNeverComeBack() {
        for (int i = 0; i < 10_000; i++) {
            pool.take();
        }
        shouldUseRequestsAgain();
    }

    @Test
    void shouldNotKeepBuffersAlive() {
        Request r = succeeded(1).getFirst();
        r.setMemory(MemorySegment.ofArray(new byte[8]), 0, 8);
        r.giveBack();

        assertNull(r.memory());
    }

    @Test
    void shouldNotUseWhatIsKept() {
        List<Request> all = succeeded(MANY);
        Request kept = all.get(MANY / 2);
        kept.keep();
        all.forEach(Request::giveBack);

        Set<Request> next = identities(succeeded(MANY));

        assertFalse(next.contains(kept));
        assertTrue(kept.isComplete(), "whoever keeps it must go on seeing its end");
    }

    @Test
    void shouldKeepAFailedOneForThoseWhoAskWhy() {
        Request failed = pool.take();
        failed.fail(new Failure(Failure.Kind.TRUNCATE, "too long"));
        failed.end(State.FAILED);
        failed.pieceDone();

        assertFalse(failed.isReturnable());
    }

    @Test
    void shouldGiveOtherThreadsTheirOwn() {
        succeeded(MANY).forEach(Request::giveBack);

        Request foreign = CompletableFuture.supplyAsync(pool::take).join();
        foreign.end(State.COMPLETE);
        foreign.pieceDone();

        assertFalse(foreign.isReturnable());
        assertTrue(foreign.isSafeHere());
    }

    private List<Request> succeeded(int count) {
        List<Request> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Request r = pool.take();
            r.end(State.COMPLETE);
            r.pieceDone();
            assertTrue(r.isReturnable());
            all.add(r);
        }
        return all;
    }

    private static Set<Request> identities(List<Request> requests) {
        Set<Request> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(requests);
        return set;
    }
}
