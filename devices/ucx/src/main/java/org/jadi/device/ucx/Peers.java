package org.jadi.device.ucx;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jadi.device.ucx.binding.Ep;

/** The endpoints of this rank: how they come to be and how they end. There is at most one to each peer. */
final class Peers {
    private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final UcxWorker worker;
    private final Departures departures;
    private final Failures failures;
    private final UcxConfig config;
    private final int rank;
    private final UcxEndpoint[] endpoints; // guarded by the worker's lock

    /** What UCX reported of endpoints that were just being made; guarded by the worker's lock. */
    private final int[] early;

    Peers(UcxWorker worker, Departures departures, Failures failures, UcxConfig config, int rank, int size) {
        this.worker = worker;
        this.departures = departures;
        this.failures = failures;
        this.config = config;
        this.rank = rank;
        this.endpoints = new UcxEndpoint[size];
        this.early = new int[size];
    }

    /**
     * Makes the endpoint to a peer if there is none. One thread at a time.
     *
     * @param greet sends what a new peer is told before anything else; called with the lock held
     */
    void connect(int peer, UcxAddress address, Consumer<UcxEndpoint> greet) {
        Ep ep;
        worker.lock();
        try {
            if (endpoints[peer] != null) {
                return;
            }
            ep = worker.transport().connect(peer, address.worker());
        } finally {
            worker.unlock();
        }
        UcxEndpoint endpoint = new UcxEndpoint(departures, peer, address.key(), rank, ep, config);
        worker.lock();
        try {
            endpoints[peer] = endpoint;
            greet.accept(endpoint);
            if (early[peer] != 0) {
                failures.add(endpoint, early[peer]);
            }
        } finally {
            worker.unlock();
        }
    }

    /** Returns the endpoint to a peer, or null. */
    UcxEndpoint endpoint(int peer) {
        worker.lock();
        try {
            return endpoints[peer];
        } finally {
            worker.unlock();
        }
    }

    /** Returns whether packets to a peer go into a mailbox, or will from the next on. */
    boolean hasMailbox(int peer) {
        UcxEndpoint endpoint = endpoint(peer);
        return endpoint != null && endpoint.hasMailbox();
    }

    // ------------------------------------------------------------ with the lock held

    /** Returns the endpoint to a peer, or null. */
    UcxEndpoint get(int peer) {
        return endpoints[peer];
    }

    /** Returns UCX's endpoint to a peer; null if there is none, or none any more. */
    Ep ep(int peer) {
        UcxEndpoint endpoint = endpoints[peer];
        return endpoint == null ? null : endpoint.ep();
    }

    void forEach(Consumer<UcxEndpoint> action) {
        for (UcxEndpoint endpoint : endpoints) {
            if (endpoint != null) {
                action.accept(endpoint);
            }
        }
    }

    /** UCX reports that an endpoint failed. */
    void onFailed(int peer, int status) {
        UcxEndpoint endpoint = endpoints[peer];
        if (endpoint != null) {
            failures.add(endpoint, status);
        } else {
            early[peer] = status;
        }
    }

    /** Gives an endpoint up; what is under way on it ends with an error. */
    void abandon(UcxEndpoint endpoint) {
        Ep ep = endpoint.abandon();
        if (ep != null) {
            worker.transport().abandon(ep);
        }
    }

    /** Gives all endpoints up, without waiting for peers: by force, which takes a few turns of progress. */
    void close() {
        forEach(this::abandon);
        long end = System.nanoTime() + CLOSE_NS;
        while (worker.transport().isClosing() && System.nanoTime() - end < 0) {
            worker.transport().progress();
        }
    }
}
