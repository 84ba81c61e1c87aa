package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.Operations.Operation;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.RemoteAccess;
import org.jadi.device.ucx.binding.UcxStatus;
import org.jadi.device.ucx.binding.UcxTransport;

/**
 * What UCX does by itself from memory to memory, from start to end: long data of messages, access to a peer's memory, and the
 * flush of everything. Whoever waits for an end is told when the lock is free.
 */
final class Transfers {
    /** Begins something over an endpoint; returns UCX's answer. */
    @FunctionalInterface
    interface Start {
        int start(RemoteAccess access, Ep endpoint, int operation);
    }

    private final UcxWorker worker;
    private final Peers peers;
    private final Departures departures;
    private final Regions regions;
    private final Failures failures;
    private final long key;

    // guarded by the worker's lock
    private final Operations operations = new Operations();
    private long sent;
    private long flushed;
    private boolean flushing;
    private long flushingUpTo;

    /** Whether operations have ended of which nobody was told. Written with the lock held. */
    private volatile boolean hasEnded;

    Transfers(UcxWorker worker, Peers peers, Departures departures, Regions regions, Failures failures, long key) {
        this.worker = worker;
        this.peers = peers;
        this.departures = departures;
        this.regions = regions;
        this.failures = failures;
        this.key = key;
    }

    // ------------------------------------------------------------ long data

    /** Starts to receive into memory; see {@link BulkTransfer}. */
    void receive(int from, long id, MemorySegment memory, long offset, long length, BulkTransfer.Ended ended, Object what) {
        worker.lock();
        int answer;
        try {
            Operation o = operations.add(from, true, memory, ended, what);
            answer = worker.transport().receiveBulk(memory.address() + offset, length, id ^ key,
                    regions.handle(memory, offset, length), o.number);
            forgetUnlessUnderWay(o, answer);
        } finally {
            worker.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            ended.ended(what, answer == UcxTransport.DONE);
        }
    }

    /** Starts to send memory; see {@link BulkTransfer}. */
    void send(int to, long id, MemorySegment memory, long offset, long length, BulkTransfer.Ended ended, Object what) {
        worker.lock();
        int answer = UcxStatus.NOT_CONNECTED;
        try {
            UcxEndpoint endpoint = peers.get(to);
            Ep ep = endpoint.ep();
            if (ep != null) {
                Operation o = operations.add(to, false, memory, ended, what);
                answer = worker.transport().sendBulk(ep, memory.address() + offset, length, id ^ endpoint.peerKey(),
                        regions.handle(memory, offset, length), o.number);
                forgetUnlessUnderWay(o, answer);
                sent++;
            }
            if (answer < 0) {
                failures.add(endpoint, answer);
            }
        } finally {
            worker.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            ended.ended(what, answer == UcxTransport.DONE);
        }
    }

    private void forgetUnlessUnderWay(Operation o, int answer) {
        if (answer != UcxTransport.UNDER_WAY) {
            operations.end(o.number);
            operations.forget(o);
        }
    }

    // ------------------------------------------------------------ a peer's memory

    /** Starts an operation towards a peer; its end is told as that of a transfer. */
    Operation start(int peer, Object memory, BulkTransfer.Ended end, Start what) {
        int answer = UcxStatus.NOT_CONNECTED;
        Operation o;
        worker.lock();
        try {
            o = operations.add(peer, true, memory, end, null);
            Ep ep = peers.ep(peer);
            if (ep != null) {
                answer = what.start(worker.transport().remoteAccess(), ep, o.number);
            }
            o.status = answer;
            if (answer != UcxTransport.UNDER_WAY) {
                operations.end(o.number);
                if (end != Operations.POLLED) {
                    operations.forget(o);
                }
            }
        } finally {
            worker.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            end.ended(null, answer == UcxTransport.DONE);
        }
        return o;
    }

    /** Makes progress until a polled operation is complete; returns its status. */
    int await(Operation o) {
        while (true) {
            worker.lock();
            try {
                if (!o.underWay) {
                    int status = o.status;
                    operations.forget(o);
                    return status;
                }
                worker.transport().progress();
            } finally {
                worker.unlock();
            }
            Thread.onSpinWait();
        }
    }

    /** Makes progress without handing packets on, for a thread that waits for an operation; tells what has ended. */
    void turn() {
        worker.lock();
        try {
            worker.transport().progress();
        } finally {
            worker.unlock();
        }
        if (hasEnded) {
            tellEnded();
        }
        if (failures.any()) {
            failures.tell(peer -> { }); // this may not be the poller, who alone looks into mailboxes
        }
    }

    // ------------------------------------------------------------ ends

    /** An operation has ended; with the lock held. */
    void onEnd(int number, int status) {
        Operation o = operations.end(number);
        o.status = status;
        if (o.ended == null) {
            flushing = false;
            flushed = flushingUpTo;
            operations.forget(o);
        } else if (o.ended != Operations.POLLED) {
            operations.addUntold(o);
            hasEnded = true;
        }
    }

    /** Returns whether anything is under way; without the lock, what was true a moment ago. */
    @HotPath
    boolean isUnderWay() {
        return operations.isUnderWay();
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** Tells of operations that have ended; no lock held. If one who is told throws, the others are told the next time. */
    int tellEnded() {
        int work = 0;
        while (true) {
            BulkTransfer.Ended told;
            Object what;
            boolean done;
            worker.lock();
            try {
                Operation o = operations.takeUntold();
                if (o == null) {
                    hasEnded = false;
                    return work;
                }
                told = o.ended;
                what = o.what;
                done = o.status == UcxTransport.DONE;
                operations.forget(o);
            } finally {
                worker.unlock();
            }
            told.ended(what, done);
            work++;
        }
    }

    /**
     * Ends what is under way with a lost peer. An endpoint that works and has nothing to do stays: to close it would look like
     * a failure to a peer that has only said goodbye.
     */
    void abandon(int peer) {
        worker.lock();
        try {
            UcxEndpoint endpoint = peers.get(peer);
            boolean busy = endpoint != null && endpoint.packetsUnderWay() > 0;
            for (Operation o : operations.all()) {
                if (o.underWay && o.rank == peer) {
                    busy = true;
                    if (o.receive) {
                        worker.transport().cancelReceive(o.number);
                    }
                }
            }
            if (endpoint != null && (busy || endpoint.hasFailed())) {
                peers.abandon(endpoint);
            }
        } finally {
            worker.unlock();
        }
    }

    /** As {@link org.jadi.adi.device.Device#hasUnflushed}: of packets, too. */
    boolean hasUnflushed() {
        worker.lock();
        try {
            if (departures.isUnderWay() || operations.isSending()) {
                return true;
            }
            long all = sent + departures.sent();
            if (!flushing && flushed != all) {
                Operation o = operations.add(-1, true, null, null, null);
                flushing = worker.transport().flush(o.number) == UcxTransport.UNDER_WAY;
                if (flushing) {
                    flushingUpTo = all;
                } else {
                    forgetUnlessUnderWay(o, UcxTransport.DONE);
                    flushed = all;
                }
            }
            return flushed != all;
        } finally {
            worker.unlock();
        }
    }
}
