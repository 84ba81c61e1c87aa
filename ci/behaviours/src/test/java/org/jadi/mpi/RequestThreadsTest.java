package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import org.jadi.junit.MpiTest;

/** Several threads that wait for the same requests, while the engine's part of a request serves one operation after the other. */
class RequestThreadsTest {
    private static final int WINDOW = 32;
    private static final int TURNS = 2000;

    @MpiTest(ranks = 2, timeoutSeconds = 60)
    void theEnginesPartServesOneOperationAfterTheOther(IntraComm world) {
        Set<org.jadi.adi.request.Request> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int turn = 0; turn < 10; turn++) {
            Request[] requests = start(world, turn);
            for (Request r : requests) {
                parts.add(r.pending());
            }
            check(Request.awaitAll(requests), turn);
        }
        assertTrue(world.rank() == 0 || parts.size() <= 2 * WINDOW, "parts=" + parts.size());
    }

    /**
     * Rank 1 receives; a second thread, platform or virtual, waits for what the first one waits for, in the opposite order. Before it
     * is through, the first one has posted receives for messages that are only sent when it is.
     */
    @MpiTest(ranks = 2, timeoutSeconds = 100)
    void twoThreadsWaitForTheSameRequests(IntraComm world) throws InterruptedException {
        SynchronousQueue<Request[]> given = new SynchronousQueue<>();
        SynchronousQueue<int[]> seen = new SynchronousQueue<>();
        for (boolean virtual : new boolean[] {false, true}) {
            Thread other = (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).unstarted(() -> waitAsWell(given, seen));
            other.start();
            for (int turn = 0; turn < TURNS; turn += 2) {
                Request[] requests = start(world, turn);
                given.put(requests);
                check(Request.awaitAll(requests), turn);
                Request[] next = world.rank() == 1 ? start(world, turn + 1) : null;
                int[] tags = seen.take();
                for (int w = 0; w < WINDOW && world.rank() == 1; w++) {
                    assertEquals(turn * WINDOW + w, tags[w]);
                }
                world.barrier();
                check(Request.awaitAll(next == null ? start(world, turn + 1) : next), turn + 1);
            }
            given.put(new Request[0]);
            other.join();
        }
    }

    private static void waitAsWell(SynchronousQueue<Request[]> given, SynchronousQueue<int[]> seen) {
        try {
            for (Request[] requests = given.take(); requests.length != 0; requests = given.take()) {
                int[] tags = new int[WINDOW];
                for (int w = WINDOW - 1; w >= 0; w--) {
                    tags[w] = requests[w].await().tag();
                }
                seen.put(tags);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Request[] start(IntraComm world, int turn) {
        Request[] requests = new Request[WINDOW];
        for (int w = 0; w < WINDOW; w++) {
            int tag = turn * WINDOW + w;
            requests[w] = world.rank() == 0 ? world.isend(new int[] {tag}, 1, tag) : world.irecv(new int[1], 0, tag);
        }
        return requests;
    }

    private static void check(Status[] statuses, int turn) {
        for (int w = 0; w < WINDOW; w++) {
            assertTrue(statuses[w].tag() == turn * WINDOW + w || statuses[w].equals(Status.EMPTY), statuses[w].toString());
        }
    }
}
