package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Waiter;

/**
 * A partitioned receive: after each {@link #start}, partitions arrive one by one. MPI 4.1 §4.2.3. Complete when all have.
 */
public final class PartitionedReceive extends PersistentRequest {
    private static final int NEWS = 3;

    private final Partitions.Area area;
    private final int source;

    /** The message of the sender's init call. */
    private final org.jadi.adi.request.Request matched = new org.jadi.adi.request.Request();
    private final long[] news = new long[NEWS];

    /** The sender's partitions after the latest start; null before they are known. Guarded by this. */
    private org.jadi.adi.request.Request[] pieces;

    PartitionedReceive(Partitions owner, Partitions.Area area, int source, int tag) {
        super(owner.data());
        this.area = area;
        this.source = source;
        if (source != Comm.PROC_NULL) {
            MemorySegment memory = MemorySegment.ofArray(news);
            owner.matching().startReceive(matched, "precvInit", memory, 0, memory.byteSize(), null, source, tag);
        }
    }

    @Override
    void begin() {
        synchronized (this) {
            pieces = null;
        }
        org.jadi.adi.request.Request all = fresh("precvInit");
        pending = all;
        setInactive(false, source == Comm.PROC_NULL ? Status.NO_PROCESS : null);
        if (source == Comm.PROC_NULL) {
            all.pieceDone();
            return;
        }
        Waiter then = new Waiter() {
            @Override
            protected void wake() {
                transfer.engine.defer(() -> post(all));
            }
        };
        if (!matched.addWaiter(then)) {
            post(all);
        }
    }

    /** Posts a receive for each partition of the sender. Its own requests tell which have arrived, and count for the whole. */
    private void post(org.jadi.adi.request.Request all) {
        Failure failure = matched.failure();
        if (failure == null && !matched.cancelled && news[2] != area.bytes()) {
            failure = new Failure(Failure.Kind.REFUSED, "send and receive are of different length: sendBytes=" + news[2]
                    + " recvBytes=" + area.bytes());
        }
        if (failure != null || matched.cancelled) {
            Rounds.finish(all, failure);
            return;
        }
        int number = (int) news[1];
        long each = area.bytes() / number;
        all.statusSource = source;
        all.statusTag = matched.statusTag;
        all.statusBytes = area.bytes();
        all.expect(number);
        org.jadi.adi.request.Request[] parts = new org.jadi.adi.request.Request[number];
        for (int i = 0; i < number; i++) {
            parts[i] = new org.jadi.adi.request.Request();
            area.receive(transfer, parts[i], i * each, each, source, (int) news[0] + i);
        }
        synchronized (this) {
            pieces = parts;
        }
        for (org.jadi.adi.request.Request part : parts) {
            Waiter counted = new Waiter() {
                @Override
                protected void wake() {
                    Rounds.finish(all, part.failure());
                }
            };
            if (!part.addWaiter(counted)) {
                Rounds.finish(all, part.failure());
            }
        }
    }

    /**
     * Makes progress, and says whether a partition has arrived ({@code MPI_Parrived}, MPI 4.1 §4.2.3). If it has, its data is
     * visible, and may be used while others are under way.
     *
     * @param partition 0 to the number of partitions - 1
     * @return whether it is there; true if the request is inactive
     * @throws MpiException ARG if there is no such partition; REQUEST if the request was freed
     */
    public boolean arrived(int partition) {
        checkNotFreed("arrived");
        if (partition < 0 || partition >= area.partitions()) {
            throw transfer.error(ErrorClass.ARG, "arrived", "partitions are 0 to " + (area.partitions() - 1) + ": partition="
                    + partition, null);
        }
        if (!isActive() || isComplete()) {
            return true;
        }
        transfer.instance.checkOpen("arrived");
        if (!isHere(partition)) {
            transfer.engine.poke();
        }
        return isHere(partition);
    }

    private synchronized boolean isHere(int partition) {
        if (pieces == null) {
            return false;
        }
        if (area.each() == 0) {
            return true;
        }
        long each = area.bytes() / pieces.length;
        int first = (int) (partition * area.each() / each);
        int last = (int) (((partition + 1) * area.each() - 1) / each);
        for (int i = first; i <= last; i++) {
            if (!pieces[i].isComplete()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of partitions. */
    public int partitions() {
        return area.partitions();
    }

    @Override
    public void free() {
        super.free();
        if (source != Comm.PROC_NULL && !matched.isComplete() && pending == null) {
            transfer.engine.cancel(matched);
        }
    }
}
