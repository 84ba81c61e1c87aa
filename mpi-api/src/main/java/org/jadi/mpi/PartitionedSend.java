package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jadi.adi.request.Car;

/**
 * A partitioned send: after each {@link #start}, every partition goes when it is said to be ready. MPI 4.1 §4.2.2.
 *
 * <p>Complete when all partitions were said to be ready, and the buffer may be used again. Any thread may say so; what it
 * wrote before is what is sent.
 */
public final class PartitionedSend extends PersistentRequest {
    private final Partitions.Area area;
    private final int dest;
    private final int firstTag;

    /** Number of the start in which each partition was last ready. */
    private final AtomicIntegerArray ready;
    private volatile int starts;

    /** The message by which the receiver finds us, until the first start. */
    private org.jadi.adi.request.Request told;

    PartitionedSend(Partitions owner, Partitions.Area area, int dest, int tag) {
        super(owner.data());
        this.area = area;
        this.dest = dest;
        this.ready = new AtomicIntegerArray(area.partitions());
        this.firstTag = dest == Comm.PROC_NULL ? 0 : owner.takeTags(area.partitions());
        if (dest != Comm.PROC_NULL) {
            org.jadi.adi.request.Request told = new org.jadi.adi.request.Request();
            MemorySegment news = MemorySegment.ofArray(new long[] {firstTag, area.partitions(), area.bytes()});
            owner.matching().startSend(told, told, SendKind.STANDARD, "psendInit", news, 0, news.byteSize(), null, dest, tag);
            this.told = told;
        }
    }

    @Override
    void begin() {
        pending = fresh("psendInit");
        pending.expect(area.partitions());
        if (told != null) {
            // Only from now on the receiver waits for it: a request that is never started need not find a partner.
            if (!told.isComplete()) {
                transfer.instance.detach(told);
            }
            told = null;
        }
        starts++;
        setInactive(false, Status.EMPTY);
    }

    /**
     * Says that a partition is ready to be sent ({@code MPI_Pready}, MPI 4.1 §4.2.2).
     *
     * @param partition 0 to the number of partitions - 1, once after each start
     * @throws MpiException REQUEST if the request is not active; ARG if there is no such partition, or it was ready before
     */
    public void ready(int partition) {
        check(partition, partition);
        send(partition);
    }

    /**
     * Says that some partitions are ready ({@code MPI_Pready_range}, MPI 4.1 §4.2.2).
     *
     * @param low the first
     * @param high the last, not below the first
     * @throws MpiException as {@link #ready}
     */
    public void readyRange(int low, int high) {
        check(low, high);
        for (int p = low; p <= high; p++) {
            send(p);
        }
    }

    /**
     * Says that some partitions are ready ({@code MPI_Pready_list}, MPI 4.1 §4.2.2).
     *
     * @throws MpiException as {@link #ready}
     */
    public void readyList(int... partitions) {
        for (int p : partitions) {
            check(p, p);
        }
        for (int p : partitions) {
            send(p);
        }
    }

    /** Returns the number of partitions. */
    public int partitions() {
        return area.partitions();
    }

    private void check(int low, int high) {
        checkNotFreed("ready");
        transfer.instance.checkOpen("ready");
        if (!isActive()) {
            throw transfer.error(ErrorClass.REQUEST, "ready", "the request is not active; start it first", null);
        }
        if (low < 0 || high < low || high >= area.partitions()) {
            throw transfer.error(ErrorClass.ARG, "ready", "partitions are 0 to " + (area.partitions() - 1) + ": first=" + low
                    + " last=" + high, null);
        }
    }

    private void send(int partition) {
        int now = starts;
        if (ready.getAndSet(partition, now) == now) {
            throw transfer.error(ErrorClass.ARG, "ready", "the partition was ready before: partition=" + partition, null);
        }
        if (dest == Comm.PROC_NULL) {
            pending.pieceDone();
        } else {
            area.send(transfer, pending, new Car(pending), partition, dest, firstTag + partition);
        }
    }
}
