package org.jadi.device.shm;

import static org.jadi.device.shm.ShmSegmentDescriptor.LANES_OFFSET;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.adi.memory.ring.Words;
import org.jadi.adi.stats.HotPath;

/**
 * Polls the rings that end here. Only senders that have made a ring cost anything. Owned by the polling thread, but for
 * what is volatile.
 */
final class ShmProgress {
    /** Records taken from one ring in one poll, so that no sender keeps the poller from the others. */
    private static final int RECORDS_PER_RING = 32;
    private static final int POLLS_PER_LOOK = 1 << 12;
    private static final long LOOK_NS = 200_000_000;

    private final ShmSegment own;
    private final MemorySegment memory;
    private final int size;
    private final InboundHandler inbound;
    private final ShmLiveness liveness;
    private volatile Ring[] rings = {};
    private volatile int[] senders = {};
    private int lanesSeen;
    private int polls;
    private long lastLook = System.nanoTime();

    ShmProgress(ShmSegment own, int size, InboundHandler inbound, ShmLiveness liveness) {
        this.own = own;
        this.memory = own.memory();
        this.size = size;
        this.inbound = inbound;
        this.liveness = liveness;
    }

    @HotPath
    int poll() {
        int work = 0;
        if (Words.loadIntAcquire(memory, LANES_OFFSET) != lanesSeen) {
            addLanes();
        }
        Ring[] r = rings;
        int[] from = senders;
        for (int i = 0; i < r.length; i++) {
            int taken = r[i].drain(from[i], inbound, RECORDS_PER_RING);
            if (taken < 0) {
                dropLane(from[i]);
            }
            work += taken;
        }
        if (work == 0 && (++polls & POLLS_PER_LOOK - 1) == 0) {
            look();
        }
        return work;
    }

    private void addLanes() {
        // ORDER: the counter is read before the bits; a sender sets its bit, then raises the counter.
        lanesSeen = Words.loadIntAcquire(memory, LANES_OFFSET);
        for (int word = 0; word < size; word += 64) {
            long bits = Words.exchangeLong(memory, ShmSegmentDescriptor.bitsOffset(word), 0);
            for (; bits != 0; bits &= bits - 1) {
                addLane(word + Long.numberOfTrailingZeros(bits));
            }
        }
    }

    private void addLane(int sender) {
        int log2 = sender < size ? Words.loadIntAcquire(memory, ShmSegmentDescriptor.stateOffset(size, sender)) : 0;
        if (log2 < 10 || log2 > 26 || (1L << log2) + RingDescriptor.HEADER_BYTES > own.stride()) {
            inbound.onPeerFailed(Math.min(sender, size - 1), "its ring in shared memory is corrupt: log2=" + log2);
            return;
        }
        int n = rings.length;
        int[] from = Arrays.copyOf(senders, n + 1);
        from[n] = sender;
        Ring[] more = Arrays.copyOf(rings, n + 1);
        more[n] = new Ring(memory, own.ring(sender), 1 << log2);
        senders = from;
        rings = more;
    }

    /** A ring with nonsense in it is not read any further: its sender is lost to us. */
    private void dropLane(int sender) {
        int n = rings.length - 1;
        Ring[] fewer = new Ring[n];
        int[] from = new int[n];
        for (int i = 0, j = 0; i <= n; i++) {
            if (senders[i] != sender) {
                fewer[j] = rings[i];
                from[j++] = senders[i];
            }
        }
        rings = fewer;
        senders = from;
        inbound.onPeerFailed(sender, "its ring in shared memory is corrupt");
    }

    /** Returns the ring that brings a rank's packets; it has brought one. */
    Ring ringFrom(int rank) {
        Ring ring = inletFrom(rank);
        if (ring == null) {
            throw new IllegalArgumentException("no packet came from rank " + rank);
        }
        return ring;
    }

    /** Returns the same, or null while none has come. */
    Ring inletFrom(int rank) {
        for (int i = 0; i < rings.length; i++) {
            if (senders[i] == rank) {
                return rings[i];
            }
        }
        return null;
    }

    /** The poller is about to sleep, and will poll rarely: its next poll looks at the clock. */
    void sleeping() {
        polls = -1;
    }

    /** Now and then, an idle rank looks whether its peers still live. */
    private void look() {
        if (System.nanoTime() - lastLook > LOOK_NS) {
            lookNow();
        }
    }

    void lookNow() {
        lastLook = System.nanoTime();
        for (int rank : liveness.newlyDead()) {
            // What a peer wrote before it died has arrived: take it first.
            for (int i = 0; i < rings.length; i++) {
                while (senders[i] == rank && rings[i].drain(rank, inbound, RECORDS_PER_RING) > 0) {
                    // until empty
                }
            }
            inbound.onPeerFailed(rank, "its process has ended");
        }
    }
}
