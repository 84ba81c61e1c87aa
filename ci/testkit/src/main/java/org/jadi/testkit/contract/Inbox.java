package org.jadi.testkit.contract;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jadi.adi.device.InboundHandler;

/**
 * The upper side of one rank's device: checks that each packet of a {@link Lane} comes from the right rank, exactly
 * once, in order and unchanged. Faults are kept, because a device may not pass exceptions on.
 */
public final class Inbox implements InboundHandler {
    /** Sees packets before they are checked; for tests with packets of their own. */
    public interface Tap {
        /** Looks at a packet; false to have it checked as one of a lane. */
        boolean onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length);
    }

    private static final int MOST_FAULTS = 20;

    private final int rank;
    private final AtomicLongArray next;
    private final AtomicLong arrived = new AtomicLong();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> failedPeers = new ConcurrentHashMap<>();
    private volatile Tap tap;
    private volatile Thread inside;

    Inbox(int rank, int size) {
        this.rank = rank;
        this.next = new AtomicLongArray(size);
    }

    @Override
    public void onPacket(int from, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        Thread other = inside;
        if (other != null) {
            fault("two deliveries at once, by " + other + " and " + Thread.currentThread());
        }
        inside = Thread.currentThread();
        Tap t = tap;
        if (t == null || !t.onPacket(from, h0, h1, h2, h3, payload, offset, length)) {
            check(from, h0, h1, h2, h3, payload, offset, length);
        }
        inside = null;
        arrived.incrementAndGet();
    }

    @Override
    public void onPeerFailed(int peer, String reason) {
        if (reason == null || reason.isBlank()) {
            fault("no reason for the failure of rank " + peer);
        }
        failedPeers.putIfAbsent(peer, String.valueOf(reason));
    }

    private void check(int from, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        String packet = "packet of rank " + from + " to " + rank + " number=" + h1 + " length=" + length + ": ";
        if (h0 != Lane.route(from, rank)) {
            fault(packet + "wrong route " + Long.toHexString(h0));
        }
        long expected = next.getAndIncrement(from);
        if (h1 != expected) {
            fault(packet + "out of order, expected number=" + expected);
            next.set(from, h1 + 1);
        }
        if (h3 != length) {
            fault(packet + "wrong length, expected " + h3);
            return;
        }
        long wrong = length == 0 ? -1 : Payload.firstWrong(payload, offset, length, h2);
        if (wrong >= 0) {
            fault(packet + "wrong content from byte " + wrong);
        }
    }

    /** Keeps a fault for {@link #faults}. */
    public void fault(String text) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(text);
        }
    }

    /** Sends packets through a tap; null for none. */
    public void tap(Tap newTap) {
        tap = newTap;
    }

    /** Returns the number of packets that arrived. */
    public long arrived() {
        return arrived.get();
    }

    /** Returns the number of a lane's packets that arrived from a rank. */
    public long arrivedFrom(int from) {
        return next.get(from);
    }

    /** Returns what was wrong. */
    public List<String> faults() {
        return faults;
    }

    /** Returns the reason with which a peer was reported, or null. */
    public String failureOf(int peer) {
        return failedPeers.get(peer);
    }

    @Override
    public String toString() {
        return "inbox of rank " + rank + ": next=" + next + " failed=" + failedPeers + " faults=" + faults;
    }
}
