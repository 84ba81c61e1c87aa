package org.jadi.device.ucx;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.jadi.adi.device.InboundHandler;
import org.jadi.device.ucx.binding.UcxStatus;

/**
 * Peers that UCX lost the way to, until the engine is told. They are found with the lock held, inside UCX's calls, and told
 * when it is free.
 */
final class Failures {
    /** One lost peer. */
    private record Failure(int peer, int status) {}

    private final InboundHandler inbound;
    private final Queue<Failure> untold = new ConcurrentLinkedQueue<>();

    /** Whether there may be something to tell; spares the poller a look at the queue. */
    private volatile boolean any;

    Failures(InboundHandler inbound) {
        this.inbound = inbound;
    }

    /** Takes note of a failure of an endpoint; the engine learns of the first. */
    void add(UcxEndpoint endpoint, int status) {
        if (endpoint.fail()) {
            untold.add(new Failure(endpoint.rank(), status));
            any = true;
        }
    }

    boolean any() {
        return any;
    }

    /**
     * Tells the engine; no lock held. If the engine throws, the rest is told the next time.
     *
     * @param before done with each peer before
     */
    int tell(IntConsumer before) {
        int work = 0;
        any = false;
        try {
            for (Failure f = untold.poll(); f != null; f = untold.poll()) {
                before.accept(f.peer);
                inbound.onPeerFailed(f.peer, "ucx lost the way to it: " + UcxStatus.text(f.status));
                work++;
            }
        } finally {
            if (!untold.isEmpty()) {
                any = true;
            }
        }
        return work;
    }
}
