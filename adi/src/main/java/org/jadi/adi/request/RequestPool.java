package org.jadi.adi.request;

import java.lang.invoke.VarHandle;
import org.jadi.adi.stats.HotPath;

/**
 * Requests that serve one operation after the other. What is used again lies in the first cache; a new object lies in
 * memory that the collector has swept, where each line of it has to be fetched before the next locked instruction can
 * end, which took longer than all else that a nonblocking receive does.
 *
 * <p>Only the thread that made the pool takes from it and gives back; others get requests of their own. Any other thread
 * that means to look at a request of the pool says so by {@link Request#keep}, and then looks whether it still is the
 * request that it meant: see {@link #giveBack}.
 */
public final class RequestPool {
    /** Requests that wait here to be used again: those of a large window. What is more is left to the collector. */
    private static final int MOST = 512;

    /** The barrier that comes before the reuse is paid once for so many. */
    private static final int BATCH = 16;

    final Thread owner = Thread.currentThread();

    // OWNER: the owner. Idle are those of both lists.
    private Request free;
    private Request given;
    private int givenCount;
    private int idle;

    /** Creates a pool of the calling thread. */
    public RequestPool() {}

    /** Returns an inactive request of one piece. */
    @HotPath
    public Request take() {
        if (Thread.currentThread() != owner) {
            return another(null);
        }
        if (free == null && givenCount >= BATCH) {
            sort();
        }
        Request r = free;
        if (r == null) {
            return another(this);
        }
        free = r.nextInPool;
        r.nextInPool = null;
        idle--;
        return r;
    }

    private static Request another(RequestPool pool) {
        return new Request(pool);
    }

    /**
     * Takes a request back that {@link #take} returned, and that has succeeded; the owner. It must have been made
     * unreachable for other threads before: one that has reached it and kept it either finds that, or its request is not
     * used again.
     */
    @HotPath
    void giveBack(Request request) {
        if (idle == MOST) {
            return;
        }
        request.segment = null; // or an idle request would keep the user's buffer alive
        request.nextInPool = given;
        given = request;
        givenCount++;
        idle++;
    }

    /** Makes what was given back ready for use, unless another thread keeps it. */
    private void sort() {
        // ORDER: that they are out of reach is visible before we look who keeps them. Pairs with keep.
        VarHandle.fullFence();
        Request r = given;
        while (r != null) {
            Request next = r.nextInPool;
            if (r.isKept()) {
                r.nextInPool = null;
                idle--;
            } else {
                r.reset();
                r.nextInPool = free;
                free = r;
            }
            r = next;
        }
        given = null;
        givenCount = 0;
    }
}
