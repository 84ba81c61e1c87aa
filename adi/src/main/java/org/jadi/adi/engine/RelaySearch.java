package org.jadi.adi.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The search for a rank that reaches a peer which we cannot reach: whom to ask next, and what they said. Only the poller. */
final class RelaySearch {
    private static final int WAVE = 8;
    private static final long WAVE_NS = 200_000_000L;

    final Peer peer;

    /** Why the peer cannot be reached directly. */
    final String reason;

    final long deadlineNs;
    private final Deque<Integer> candidates = new ArrayDeque<>();
    private final BitSet waiting = new BitSet();
    private final Map<Integer, String> refusals = new LinkedHashMap<>();
    private long nextWaveNs;

    RelaySearch(Peer peer, String reason, List<Integer> candidates, long nowNs, long limitNs) {
        this.peer = peer;
        this.reason = reason;
        this.deadlineNs = nowNs + limitNs;
        this.nextWaveNs = nowNs;
        this.candidates.addAll(candidates);
    }

    /** Returns whom to ask now; they count as asked. */
    List<Integer> wave(long nowNs) {
        List<Integer> next = new ArrayList<>();
        if (waiting.isEmpty() || nowNs - nextWaveNs >= 0) {
            nextWaveNs = nowNs + WAVE_NS;
            while (next.size() < WAVE && !candidates.isEmpty()) {
                next.add(candidates.poll());
                waiting.set(next.getLast());
            }
        }
        return next;
    }

    /** Asks a rank before all others. */
    void prefer(int rank) {
        if (candidates.remove(rank)) {
            candidates.addFirst(rank);
            nextWaveNs = System.nanoTime();
        }
    }

    void refused(int rank, String why) {
        waiting.clear(rank);
        refusals.put(rank, why);
    }

    /** Returns the ranks that were asked and have not answered. */
    BitSet waiting() {
        return waiting;
    }

    /** Returns whether nobody is left who could answer yes. */
    boolean isExhausted() {
        return candidates.isEmpty() && waiting.isEmpty();
    }

    /** Returns whether all whom it waits for are themselves sought. */
    boolean waitsOnlyFor(BitSet sought) {
        if (!candidates.isEmpty()) {
            return false;
        }
        BitSet others = (BitSet) waiting.clone();
        others.andNot(sought);
        return others.isEmpty();
    }

    /** Returns what became of it, for people. */
    String report() {
        StringBuilder s = new StringBuilder(reason).append("; no other rank relays");
        refusals.forEach((rank, why) -> s.append("; rank ").append(rank).append(' ').append(why));
        if (!waiting.isEmpty()) {
            s.append("; no answer from ranks ").append(waiting)
                    .append(" (a rank answers when it calls the library; --gateway makes one that always does)");
        }
        return s.toString();
    }
}
