package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.PackPlan;

/**
 * An operation that can be started again and again with the same arguments. MPI 4.1 §3.9.
 *
 * <p>Inactive when it is made, and after each completion; an inactive one has the empty status. Its memory stays known to
 * the devices until {@link #free}.
 */
public sealed class PersistentRequest extends Request permits PartitionedSend, PartitionedReceive {
    private final SendKind kind;
    private final MemorySegment memory;
    private final long offset;
    private final long bytes;
    private final PackPlan plan;
    private final int peer;
    private final int tag;
    private final Runnable registration;
    private final CollectiveOperation collective;

    /** A kind of null makes a receive; the peer PROC_NULL something that is complete when started. */
    PersistentRequest(Transfer transfer, SendKind kind, MemorySegment memory, long offset, long bytes, PackPlan plan, int peer,
            int tag) {
        super(transfer, null, Status.EMPTY);
        this.kind = kind;
        this.memory = memory;
        this.offset = offset;
        this.bytes = bytes;
        this.plan = plan;
        this.peer = peer;
        this.tag = tag;
        this.registration = memory == null || peer == Comm.PROC_NULL || kind == SendKind.BUFFERED ? null
                : transfer.register(memory, peer);
        this.collective = null;
        setInactive(true, Status.EMPTY);
        transfer.comm.hold();
    }

    /** Makes a request that begins by a method of its own. */
    PersistentRequest(Transfer transfer) {
        this(transfer, null);
    }

    /** Makes a request of a collective operation. */
    PersistentRequest(CollectiveOperation collective) {
        this(collective.transfer, collective);
    }

    private PersistentRequest(Transfer transfer, CollectiveOperation collective) {
        super(transfer, null, Status.EMPTY);
        this.kind = null;
        this.memory = null;
        this.offset = 0;
        this.bytes = 0;
        this.plan = null;
        this.peer = Comm.UNDEFINED;
        this.tag = 0;
        this.registration = null;
        this.collective = collective;
        setInactive(true, Status.EMPTY);
        transfer.comm.hold();
    }

    /**
     * Starts the operation ({@code MPI_Start}, MPI 4.1 §3.9).
     *
     * @throws MpiException REQUEST if it is active, or was freed
     */
    public void start() {
        checkNotFreed("start");
        if (isActive()) {
            throw transfer.error(ErrorClass.REQUEST, "start", "the request is active; wait for it before its next start: "
                    + this, null);
        }
        transfer.instance.checkOpen("start");
        if (collective != null) {
            beginCollective();
        } else if (peer == Comm.PROC_NULL) {
            setInactive(false, kind == null ? Status.NO_PROCESS : Status.EMPTY);
        } else if (kind == SendKind.BUFFERED) {
            transfer.buffer().send(transfer, memory, offset, bytes, plan, peer, tag, "start");
            setInactive(false, Status.EMPTY);
        } else {
            begin();
        }
    }

    private void beginCollective() {
        if (pending == null) {
            pending = CollectiveCall.fresh(collective.call);
        } else {
            pending.reset();
        }
        setInactive(false, Status.EMPTY);
        collective.begin(pending);
    }

    /** Returns the request of the engine for the next start. */
    final org.jadi.adi.request.Request fresh(String operation) {
        org.jadi.adi.request.Request next = new org.jadi.adi.request.Request();
        next.peer = org.jadi.adi.request.Request.ANY;
        next.tag = org.jadi.adi.request.Request.ANY;
        next.operation = operation;
        return next;
    }

    /** Starts the operation, and makes the request active. */
    void begin() {
        if (pending == null) {
            pending = new org.jadi.adi.request.Request();
        } else {
            pending.reset();
        }
        boolean started = false;
        setInactive(false, kind == null ? null : Status.EMPTY);
        try {
            if (kind == null) {
                transfer.startReceive(pending, "recvInit", memory, offset, bytes, plan, peer, tag);
            } else {
                transfer.startSend(pending, pending, kind, kind.persistent, memory, offset, bytes, plan, peer, tag);
            }
            started = true;
        } finally {
            if (!started) {
                pending = null; // will never complete, and nobody must wait for it
                setInactive(true, Status.EMPTY);
            }
        }
    }

    /**
     * Starts several operations, in any order ({@code MPI_Startall}, MPI 4.1 §3.9).
     *
     * @throws MpiException REQUEST if one of them is active, or was freed
     */
    public static void startAll(PersistentRequest... requests) {
        for (PersistentRequest r : requests) {
            r.start();
        }
    }

    /** Waits as {@link Request#await}, and returns the empty status if the request is inactive. */
    @Override
    Status collect() {
        return isActive() ? super.collect() : Status.EMPTY;
    }

    @Override
    public void free() {
        boolean ends = !wasFreed();
        super.free();
        if (ends) {
            transfer.instance.whenDone(pending, () -> {
                if (registration != null) {
                    registration.run();
                }
                transfer.comm.release();
            });
        }
    }
}
