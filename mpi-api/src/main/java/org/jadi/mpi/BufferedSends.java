package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jadi.adi.request.PackPlan;
import org.jadi.adi.request.Waiter;
import org.jadi.mpi.collective.Temporary;

/**
 * The buffer that is attached to a rank or a communicator, and the messages in it. MPI 4.1 §3.6. Only an account is kept:
 * each message is a copy of its own, so that the buffer is never fragmented. Fields are guarded by the monitor; nobody
 * waits, sends or calls user code while holding it.
 */
final class BufferedSends {
    /** A plan packs pieces whose length is an int. */
    private static final int MOST_PACKED = 1 << 30;

    private record Entry(org.jadi.adi.request.Request request, long cost) {}

    private final Instance instance;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private boolean attached;
    private long capacity;
    private long used;

    BufferedSends(Instance instance) {
        this.instance = instance;
    }

    synchronized void attach(long bytes) {
        instance.checkOpen("attachBuffer");
        if (bytes < 0) {
            throw new MpiException(ErrorClass.ARG, "attachBuffer: the size is 0 or more: bytes=" + bytes);
        }
        if (attached) {
            throw new MpiException(ErrorClass.BUFFER, "attachBuffer: a buffer is attached already; detach it first: bytes="
                    + capacity);
        }
        attached = true;
        capacity = bytes;
        instance.buffers.add(this);
    }

    synchronized boolean isAttached() {
        return attached;
    }

    /** Waits until all messages are out; returns the size of the buffer. */
    long detach() {
        long bytes;
        do {
            checkAttached("detachBuffer");
            flush(Long.MAX_VALUE);
            bytes = tryDetach(); // unless another thread has put something in meanwhile
        } while (bytes < 0);
        return bytes;
    }

    private synchronized long tryDetach() {
        sweep();
        if (!attached || used != 0) {
            return -1;
        }
        attached = false;
        instance.buffers.remove(this);
        return capacity;
    }

    /** Waits until the messages that are in the buffer now are out. */
    void flush() {
        checkAttached("flushBuffer");
        flush(Long.MAX_VALUE);
    }

    /** Starts to wait until the messages that are in the buffer now are out. */
    Request iflush(Transfer t) {
        checkAttached("iflushBuffer");
        List<org.jadi.adi.request.Request> out = outstanding();
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = "iflushBuffer";
        done.expect(out.size() + 1);
        for (org.jadi.adi.request.Request r : out) {
            Waiter counted = new Waiter() {
                @Override
                protected void wake() {
                    done.pieceDone();
                }
            };
            if (!r.addWaiter(counted)) {
                done.pieceDone();
            }
        }
        done.pieceDone();
        return new Request(t, done, Status.EMPTY);
    }

    private synchronized List<org.jadi.adi.request.Request> outstanding() {
        sweep();
        return entries.stream().map(Entry::request).toList();
    }

    private void checkAttached(String operation) {
        instance.checkOpen(operation);
        if (!isAttached()) {
            throw new MpiException(ErrorClass.BUFFER, operation + ": no buffer is attached");
        }
    }

    /** Waits until all messages that are in the buffer now are out, or the time is over. */
    void flush(long deadlineNs) {
        for (org.jadi.adi.request.Request r : outstanding()) {
            if (!instance.engine.await(r, deadlineNs)) {
                return;
            }
        }
    }

    /** Sends a copy of a message. */
    void send(Transfer t, MemorySegment memory, long offset, long bytes, PackPlan plan, int dest, int tag,
            String operation) {
        if (!reserve(bytes + Mpi.BSEND_OVERHEAD)) {
            throw t.error(ErrorClass.BUFFER, operation, noRoom(bytes + Mpi.BSEND_OVERHEAD) + " dest=" + dest + " tag=" + tag,
                    null);
        }
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        boolean started = false;
        try {
            MemorySegment copy = copy(memory, offset, bytes, plan);
            PackPlan typed = t.typedCopy(copy, memory, plan);
            t.startSend(request, request, SendKind.BUFFERED, operation, copy, 0, bytes, typed, dest, tag);
            started = true;
        } finally {
            enter(started && !request.isComplete() ? request : null, bytes + Mpi.BSEND_OVERHEAD);
        }
    }

    private boolean reserve(long cost) {
        if (!tryReserve(cost)) {
            instance.engine.poke();
            return tryReserve(cost);
        }
        return true;
    }

    private synchronized boolean tryReserve(long cost) {
        if (!fits(cost)) {
            sweep();
        }
        boolean fits = fits(cost);
        used += fits ? cost : 0;
        return fits;
    }

    private synchronized void enter(org.jadi.adi.request.Request request, long cost) {
        if (request == null) {
            used -= cost;
        } else {
            entries.add(new Entry(request, cost));
        }
    }

    private synchronized String noRoom(long cost) {
        return (attached ? "no room in the attached buffer" : "no buffer is attached; call attachBuffer of the communicator"
                + " or of Mpi")
                + ": neededBytes=" + cost + " bufferBytes=" + capacity + " usedBytes=" + used;
    }

    private boolean fits(long cost) {
        return attached && used + cost <= capacity;
    }

    /** Returns a copy of a message. */
    static MemorySegment copy(MemorySegment memory, long offset, long bytes, PackPlan plan) {
        MemorySegment copy = Temporary.allocate(bytes);
        if (plan == null) {
            MemorySegment.copy(memory, offset, copy, 0, bytes);
        } else {
            for (long at = 0; at < bytes; at += MOST_PACKED) {
                plan.pack(at, copy, at, (int) Math.min(MOST_PACKED, bytes - at));
            }
        }
        return copy;
    }

    /** Forgets what is out. */
    private void sweep() {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext();) {
            Entry e = i.next();
            if (e.request().isComplete()) {
                used -= e.cost();
                i.remove();
            }
        }
    }
}
