package org.jadi.device.ucx;

import java.util.Arrays;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.stats.HotPath;

/** Operations that UCX has under way, by number; objects are used again. Guarded by the device's lock. */
final class Operations {
    /** One operation. */
    static final class Operation {
        final int number;
        BulkTransfer.Ended ended;
        Object what;

        /** Whose operation it is, or -1. */
        int rank;
        boolean receive;
        boolean underWay;

        /** Held so that the garbage collector leaves the memory alone. */
        Object memory;
        int status;

        /** Next free one, or next of those that have ended and of which nobody was told. */
        Operation next;

        Operation(int number) {
            this.number = number;
        }
    }

    /** For an operation whose starter looks itself whether it is under way. */
    static final BulkTransfer.Ended POLLED = (what, done) -> {};

    private Operation[] all = {};
    private Operation free;
    private Operation firstUntold;
    private Operation lastUntold;
    private int sends;
    private int underWay;

    Operation add(int rank, boolean receive, Object memory, BulkTransfer.Ended ended, Object what) {
        if (free == null) {
            grow();
        }
        Operation o = free;
        free = o.next;
        o.next = null;
        o.rank = rank;
        o.receive = receive;
        o.memory = memory;
        o.ended = ended;
        o.what = what;
        o.underWay = true;
        underWay++;
        sends += receive ? 0 : 1;
        return o;
    }

    /** Says that an operation is not under way any more; its object stays in use until {@link #forget}. */
    Operation end(int number) {
        Operation o = all[number];
        o.underWay = false;
        underWay--;
        sends -= o.receive ? 0 : 1;
        return o;
    }

    /** Keeps an operation that has ended until somebody can be told. */
    void addUntold(Operation o) {
        if (firstUntold == null) {
            firstUntold = o;
        } else {
            lastUntold.next = o;
        }
        lastUntold = o;
    }

    /** Returns the operation that ended first of those of which nobody was told, or null; it is taken out. */
    Operation takeUntold() {
        Operation o = firstUntold;
        if (o != null) {
            firstUntold = o.next;
            o.next = null;
        }
        return o;
    }

    void forget(Operation o) {
        o.memory = null;
        o.ended = null;
        o.what = null;
        o.next = free;
        free = o;
    }

    /** Returns whether anything is under way. */
    @HotPath
    boolean isUnderWay() {
        return underWay != 0;
    }

    /** Returns whether a send is under way. */
    boolean isSending() {
        return sends != 0;
    }

    Operation[] all() {
        return all;
    }

    private void grow() {
        int old = all.length;
        all = Arrays.copyOf(all, Math.max(16, old * 2));
        for (int i = all.length - 1; i >= old; i--) {
            all[i] = new Operation(i);
            all[i].next = free;
            free = all[i];
        }
    }
}
