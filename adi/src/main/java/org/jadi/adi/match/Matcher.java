package org.jadi.adi.match;

import java.util.ArrayList;
import java.util.List;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;
import org.jadi.adi.stats.HotPath;

/**
 * The rules by which messages and receives find each other. SPEC: MPI 4.1 §3.5, §3.8.
 *
 * <p>Receives from a known source wait at the source's {@link PeerMatch}, those from any source in the wildcard table.
 * A counter arbitrates: it is raised when a wildcard receive is posted (which takes the new value) and stored in every
 * receive, so a receive from a known source was posted before a wildcard receive only if its value is smaller; ties go to
 * the wildcard. Values are compared by their difference, so the counter may wrap around.
 *
 * <p>Within one queue, a sequence number decides between (tag) and (any tag), as bins lose that order.
 */
public final class Matcher {
    private final BriefLock lock = new BriefLock();

    // guarded by lock
    private final BinTable unexpected = new BinTable();
    private final BinTable wildcards = new BinTable();
    private final int[] wildcardsByContext = new int[64];
    private long counter;
    private long nextArrival;
    private long nextWildcard;
    private int unexpectedCount;

    /** Bit (context mod 64) is set while wildcard receives are posted there; written under the lock. */
    private volatile long wildcardMask;

    /** The counter for readers who hold only a peer's lock. */
    private volatile long counterShown;

    /** Creates an empty matcher. */
    public Matcher() {
        this(0);
    }

    /** Creates an empty matcher whose wildcard counter begins at a value, to test that it may wrap around. */
    public Matcher(long firstCounter) {
        counter = firstCounter;
        counterShown = firstCounter;
    }

    /**
     * Finds a message for a receive from a known source, or posts the receive: one atomic step.
     *
     * @return the message, taken out of the queue; null if the receive was posted
     */
    public Arrival findOrPost(PeerMatch peer, Car receive) {
        peer.lock();
        try {
            return findOrPostLocked(peer, receive);
        } finally {
            peer.unlock();
        }
    }

    /** As {@link #findOrPost}, for a caller that holds the peer's lock. */
    public Arrival findOrPostLocked(PeerMatch peer, Car receive) {
        if (peer.mayHaveUnexpected()) {
            lock.lock();
            try {
                Arrival found = search(receive.context, receive.source, receive.tag);
                if (found != null) {
                    take(found);
                    return found;
                }
            } finally {
                lock.unlock();
            }
        }
        post(peer, receive);
        return null;
    }

    @HotPath
    private void post(PeerMatch peer, Car receive) {
        MatchNode node = receive;
        node.sequence = peer.nextSequence++;
        node.stamp = counterShown;
        peer.postedCount++;
        peer.posted.append(receive, receive.context, 0, receive.tag);
    }

    /** Finds a message for a receive from any source, or posts the receive: one atomic step. */
    public Arrival findOrPostWildcard(Car receive) {
        lock.lock();
        try {
            Arrival found = search(receive.context, Request.ANY, receive.tag);
            if (found != null) {
                take(found);
                return found;
            }
            MatchNode node = receive;
            node.stamp = ++counter;
            counterShown = counter;
            node.sequence = nextWildcard++;
            wildcards.append(receive, receive.context, 0, receive.tag);
            countWildcard(receive.context, 1);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds the receive for a message that arrives; the caller holds the peer's lock, and goes on holding it until
     * {@link #storeUnlessMatched} if the answer is null.
     *
     * @return the receive, taken out of its queue, or null
     */
    @HotPath
    public Car match(PeerMatch peer, int context, int tag) {
        Car known = peer.postedCount == 0 ? null : (Car) peer.posted.earlier(context, tag);
        if ((wildcardMask >>> context & 1) != 0) {
            return matchWildcard(peer, context, tag, known);
        }
        if (known != null) {
            unpost(peer, known);
        }
        return known;
    }

    private Car matchWildcard(PeerMatch peer, int context, int tag, Car known) {
        lock.lock();
        try {
            Car wild = (Car) wildcards.earlier(context, tag);
            if (wild != null && (known == null || postedBefore(wild, known))) {
                Bin.remove(wild);
                countWildcard(context, -1);
                return wild;
            }
        } finally {
            lock.unlock();
        }
        if (known != null) {
            unpost(peer, known);
        }
        return known;
    }

    /**
     * Stores a message for which {@link #match} found nothing, unless a wildcard receive was posted since; the caller
     * holds the peer's lock.
     *
     * @return a wildcard receive that takes the message (it is not stored then), or null
     */
    public Car storeUnlessMatched(Arrival arrival) {
        lock.lock();
        try {
            if ((wildcardMask >>> arrival.context & 1) != 0) {
                Car wild = (Car) wildcards.earlier(arrival.context, arrival.tag);
                if (wild != null) {
                    Bin.remove(wild);
                    countWildcard(arrival.context, -1);
                    return wild;
                }
            }
            store(arrival);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Withdraws a posted receive; returns false if it was matched already. */
    public boolean cancel(PeerMatch peer, Car receive) {
        BriefLock guard = peer == null ? lock : peer;
        guard.lock();
        try {
            if (((MatchNode) receive).bin == null) {
                return false;
            }
            Bin.remove(receive);
            if (peer == null) {
                countWildcard(receive.context, -1);
            } else {
                peer.postedCount--;
            }
            return true;
        } finally {
            guard.unlock();
        }
    }

    /**
     * Looks for a message without a receive.
     *
     * @param source sender's rank in the communicator, or ANY
     * @param remove whether the message is taken out (matched probe)
     * @return the earliest message that matches, or null
     */
    public Arrival probe(int context, int source, int tag, boolean remove) {
        lock.lock();
        try {
            Arrival found = search(context, source, tag);
            if (found != null) {
                found.shown = true;
                if (remove) {
                    take(found);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Takes out all receives posted to a source, because it will send no more. */
    public List<Car> drainPosted(PeerMatch peer) {
        List<Car> all = new ArrayList<>();
        peer.lock();
        try {
            peer.posted.forEach(node -> all.add((Car) node));
            all.forEach(car -> unpost(peer, car));
        } finally {
            peer.unlock();
        }
        return all;
    }

    /** Takes out all receives from any source. */
    public List<Car> drainWildcards() {
        List<Car> all = new ArrayList<>();
        lock.lock();
        try {
            wildcards.forEach(node -> all.add((Car) node));
            for (Car car : all) {
                Bin.remove(car);
                countWildcard(car.context, -1);
            }
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** Returns whether a receive is posted to a source (null: to any source) in a context. */
    public boolean hasPosted(PeerMatch peer, int context) {
        if (peer == null ? !mayHaveWildcards(context) : peer.isPostedEmpty()) {
            return false;
        }
        return posted(peer).stream().anyMatch(car -> car.context == context);
    }

    /** Takes out all stored messages of a context, because nobody will receive them. */
    public List<Arrival> drainUnexpected(int context) {
        List<Arrival> all = new ArrayList<>();
        if (unexpectedCount != 0) {
            lock.lock();
            try {
                for (Arrival a = search(context, Request.ANY, Request.ANY); a != null;
                        a = search(context, Request.ANY, Request.ANY)) {
                    take(a);
                    all.add(a);
                }
            } finally {
                lock.unlock();
            }
        }
        return all;
    }

    /** Returns the receives posted to a source (null: to any source), for reports. */
    public List<Car> posted(PeerMatch peer) {
        List<Car> all = new ArrayList<>();
        BriefLock guard = peer == null ? lock : peer;
        guard.lock();
        try {
            (peer == null ? wildcards : peer.posted).forEach(node -> all.add((Car) node));
        } finally {
            guard.unlock();
        }
        return all;
    }

    /** Returns the stored messages, for reports. */
    public List<Arrival> unexpected() {
        List<Arrival> all = new ArrayList<>();
        lock.lock();
        try {
            unexpected.forEach(node -> {
                Arrival arrival = ((Arrival.Node) node).arrival;
                if (node == arrival.known) {
                    all.add(arrival);
                }
            });
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** Returns the number of stored messages; a hint outside the lock. */
    public int unexpectedCount() {
        return unexpectedCount;
    }

    /** Returns whether wildcard receives may be posted in a communicator. */
    @HotPath
    public boolean mayHaveWildcards(int context) {
        return (wildcardMask >>> context & 1) != 0;
    }

    /** The counter's rule; a tie goes to the wildcard, and the difference survives a wraparound. */
    private static boolean postedBefore(MatchNode wild, MatchNode known) {
        return wild.stamp - known.stamp <= 0;
    }

    private static void unpost(PeerMatch peer, Car car) {
        Bin.remove(car);
        peer.postedCount--;
    }

    private Arrival search(int context, int source, int tag) {
        MatchNode node = unexpectedCount == 0 ? null : unexpected.first(context, source, tag);
        return node == null ? null : ((Arrival.Node) node).arrival;
    }

    private void store(Arrival a) {
        a.stored = true;
        a.peer.stored++;
        unexpectedCount++;
        long order = nextArrival++;
        a.known.sequence = order;
        unexpected.append(a.known, a.context, a.source, a.tag);
        unexpected.append(a.anyTag, a.context, a.source, Request.ANY);
        unexpected.append(a.anySource, a.context, Request.ANY, a.tag);
        unexpected.append(a.anyBoth, a.context, Request.ANY, Request.ANY);
    }

    private void take(Arrival a) {
        a.stored = false;
        unexpectedCount--;
        a.peer.taken = a.peer.taken + 1;
        Bin.remove(a.known);
        Bin.remove(a.anyTag);
        Bin.remove(a.anySource);
        Bin.remove(a.anyBoth);
    }

    private void countWildcard(int context, int change) {
        int slot = context & 63;
        wildcardsByContext[slot] += change;
        long bit = 1L << slot;
        wildcardMask = wildcardsByContext[slot] == 0 ? wildcardMask & ~bit : wildcardMask | bit;
    }
}
