package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.packet.PacketHeader;

/**
 * Forwarding, both halves of it: finding a rank that reaches a peer for us, and passing on what others send through us.
 *
 * <p>A peer that a device cannot reach is no lost peer yet. Other ranks are asked whether they reach it (QUERY, ANSWER),
 * those of the gateway hosts first; the first that says yes becomes the relay, and the peer's endpoint a
 * {@link RelayEndpoint}. Nothing was sent to the peer before, so the order of its packets is that of the new way. Who
 * answers yes must reach the peer directly or through a relay of its own choice made before, so ways of several hops come
 * about by themselves, without circles. A peer that nobody wants anything of (asked for only on behalf of others) is not
 * sought but set aside.
 *
 * <p>A relay passes packets on in their order, at once or from a queue at the destination's {@link Peer}, gives the room
 * back to their sender (RETURN), and tells the two sides when one of them is lost (LOST). It polls all the time from its
 * first forwarded packet on, and does not end before those that it serves.
 *
 * <p>OWNER: everything here belongs to the poller, unless a comment says otherwise.
 */
final class Relays {
    private static final int LEAST_PAYLOAD = 16;

    /** A packet that waits at its destination's peer until it can be passed on. */
    record Parcel(int from, long h0, long h1, long h2, long h3, byte[] payload) {}

    private record Question(int from, Peer about) {}

    private record Passed(int from, int destination, long bytes) {}

    private final Engine engine;
    private final EngineConfig config;
    private final Map<Integer, RelaySearch> searches = new HashMap<>();
    private final List<Question> questions = new ArrayList<>();
    private final Map<Integer, BitSet> partners = new HashMap<>();
    private final BitSet crashes = new BitSet();

    /** Any thread adds: what was passed on from a queue, for which the sender is to get its room back. */
    private final Queue<Passed> passed = new ConcurrentLinkedQueue<>();

    /** Whether {@link #tick} has something to do; any thread reads. */
    private volatile boolean busy;

    /** How many ranks this one serves; any thread reads. */
    private volatile int served;

    Relays(Engine engine, EngineConfig config, Inbound inbound) {
        this.engine = engine;
        this.config = config;
        inbound.own(PacketHeader.FORWARD, this::onForward);
        inbound.own(PacketHeader.RELAY_QUERY, (from, h0, h1, h2, h3, m, o, n) -> onQuery(from, PacketHeader.tag(h1)));
        inbound.own(PacketHeader.RELAY_ANSWER, (from, h0, h1, h2, h3, m, o, n) -> onAnswer(from, PacketHeader.tag(h1), h2));
        inbound.own(PacketHeader.RELAY_RETURN, (from, h0, h1, h2, h3, m, o, n) -> onReturn(from, PacketHeader.tag(h1), h2));
        inbound.own(PacketHeader.RELAY_LOST, (from, h0, h1, h2, h3, m, o, n) -> onLost(from, PacketHeader.tag(h1)));
    }

    // ------------------------------------------------------------------ finding a relay

    /** A device cannot reach a peer. */
    void unreachable(int rank, String reason) {
        Peer peer = engine.peer(rank);
        if (peer.failure != null || peer.isRelayed() || searches.containsKey(rank)) {
            return;
        }
        peer.aside = reason;
        if (isWanted(peer)) {
            search(peer, -1);
        }
    }

    /** Somebody wants something of a peer that was set aside. */
    void want(Peer peer) {
        if (peer.aside != null && peer.failure == null && !peer.isRelayed() && !searches.containsKey(peer.rank())) {
            search(peer, -1);
        }
    }

    private void search(Peer peer, int first) {
        List<Integer> candidates = new ArrayList<>();
        for (int rank = 0; rank < engine.size(); rank++) {
            boolean other = rank != engine.rank() && rank != peer.rank();
            if (other && (config.gateways().isEmpty() || config.isGateway(engine.hostOf(rank)) || rank == first)) {
                candidates.add(rank);
            }
        }
        String reason = peer.aside == null ? "rank " + peer.rank() + " called through rank " + first : peer.aside;
        RelaySearch search = new RelaySearch(peer, reason, candidates, System.nanoTime(), config.relayTimeoutNs());
        search.prefer(first);
        searches.put(peer.rank(), search);
        busy = true;
        engine.log().info(reason + "; looking for a rank that relays");
    }

    /** Returns whether anything was begun with a peer, other than asking it for help. */
    private boolean isWanted(Peer peer) {
        peer.sendLock.lock();
        try {
            if (peer.hasQueued()) {
                return true;
            }
        } finally {
            peer.sendLock.unlock();
        }
        return isReceivedFrom(peer);
    }

    private boolean isReceivedFrom(Peer peer) {
        var direct = engine.inbound().direct();
        return !peer.isPostedEmpty() || direct != null && direct.peer == peer.rank();
    }

    /** Returns whether there is something to do for {@link #tick}. Any thread. */
    boolean hasPending() {
        return busy || !passed.isEmpty();
    }

    /** Goes on with what is under way; returns the amount of work done. */
    int tick() {
        int work = 0;
        for (Passed p = passed.poll(); p != null; p = passed.poll()) {
            giveBack(p.from(), p.destination(), p.bytes());
            work++;
        }
        long now = System.nanoTime();
        for (Iterator<Question> i = questions.iterator(); i.hasNext();) {
            if (answer(i.next())) {
                i.remove();
                work++;
            }
        }
        for (RelaySearch search : List.copyOf(searches.values())) {
            work += ask(search, now);
        }
        endHopeless(now);
        busy = !searches.isEmpty() || !questions.isEmpty();
        return work;
    }

    private int ask(RelaySearch search, long nowNs) {
        int asked = 0;
        for (int rank : search.wave(nowNs)) {
            try {
                Peer candidate = engine.peer(rank);
                engine.outbound().control(candidate, PacketHeader.h0(PacketHeader.RELAY_QUERY, 0, 0),
                        PacketHeader.h1(engine.rank(), search.peer.rank()), 0, 0);
                want(candidate);
                asked++;
            } catch (DeviceException e) {
                search.refused(rank, "cannot be asked: " + e.getMessage());
            }
        }
        BitSet waiting = search.waiting();
        for (int rank = waiting.nextSetBit(0); rank >= 0; rank = waiting.nextSetBit(rank + 1)) {
            Peer candidate = engine.peer(rank);
            if (candidate.failure != null) {
                search.refused(rank, "is lost");
            } else if (candidate.aside != null && !candidate.isRelayed() && !searches.containsKey(rank)) {
                search.refused(rank, "is not reached itself");
            }
        }
        return asked;
    }

    private void endHopeless(long nowNs) {
        BitSet sought = new BitSet();
        searches.keySet().forEach(sought::set);
        boolean stuck = searches.values().stream().allMatch(s -> s.waitsOnlyFor(sought));
        for (RelaySearch search : List.copyOf(searches.values())) {
            if (stuck || search.isExhausted() || nowNs - search.deadlineNs >= 0) {
                searches.remove(search.peer.rank());
                giveUp(search);
            }
        }
    }

    private void giveUp(RelaySearch search) {
        Peer peer = search.peer;
        peer.sendLock.lock();
        boolean wanted;
        try {
            peer.controls.removeAll(PacketHeader.RELAY_QUERY);
            wanted = peer.hasQueued();
        } finally {
            peer.sendLock.unlock();
        }
        if (wanted || isReceivedFrom(peer)) {
            engine.losses().lose(peer, true, "rank " + peer.rank() + " is lost: " + search.report());
        } else {
            peer.aside = search.report();
        }
    }

    private void onAnswer(int from, int about, long maxPayload) {
        RelaySearch search = searches.get(about);
        if (search == null) {
            return;
        }
        Peer relay = engine.peer(from);
        long room = Math.min(maxPayload, relay.wireBytes) - RelayEndpoint.INNER_BYTES;
        if (maxPayload <= 0 || room < LEAST_PAYLOAD || relay.failure != null) {
            search.refused(from, maxPayload <= 0 ? "does not reach it either" : "has no room for packets inside packets");
            return;
        }
        searches.remove(about);
        Peer peer = search.peer;
        peer.sendLock.lock();
        try {
            peer.relayThrough(new RelayEndpoint(relay, engine.rank(), about, (int) room, config.relayWindowBytes()), (int) room,
                    search.reason);
        } finally {
            peer.sendLock.unlock();
        }
        engine.log().info("rank " + about + " is reached through rank " + from);
        engine.outbound().push(peer);
    }

    // ------------------------------------------------------------------ being asked, and passing on

    private void onQuery(int from, int about) {
        if (about < 0 || about >= engine.size() || about == engine.rank() || about == from) {
            return;
        }
        try {
            questions.add(new Question(from, engine.peer(about)));
            busy = true;
        } catch (DeviceException e) {
            say(PacketHeader.RELAY_ANSWER, from, about, 0);
        }
    }

    /** Answers a question if it can be answered yet. */
    private boolean answer(Question q) {
        Peer about = q.about();
        boolean reached = about.failure == null && about.endpoint.isConnected();
        if (!reached && about.failure == null && about.aside == null) {
            return false; // the device is still trying
        }
        if (about.isRelayed() && ((RelayEndpoint) about.endpoint).relay().rank() == q.from()) {
            reached = false; // through the one who asks
        }
        say(PacketHeader.RELAY_ANSWER, q.from(), about.rank(), reached ? about.wireBytes : 0);
        return true;
    }

    private void say(int type, int to, int about, long value) {
        engine.outbound().control(engine.peer(to), PacketHeader.h0(type, 0, 0), PacketHeader.h1(engine.rank(), about), value, 0);
    }

    private void giveBack(int to, int destination, long bytes) {
        say(PacketHeader.RELAY_RETURN, to, destination, bytes);
    }

    private void onForward(int from, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        int origin = PacketHeader.source(h1);
        int destination = PacketHeader.tag(h1);
        if (length < RelayEndpoint.INNER_BYTES || origin < 0 || origin >= engine.size() || destination < 0
                || destination >= engine.size() || origin == engine.rank()) {
            engine.log().warn("malformed forwarded packet dropped: from=" + from + " origin=" + origin + " destination="
                    + destination);
        } else if (destination == engine.rank()) {
            deliver(from, origin, payload, offset, length);
        } else {
            passOn(from, destination, new long[] {h0, h1, h2, h3}, payload, offset, length);
        }
    }

    private void deliver(int from, int origin, MemorySegment payload, long offset, int length) {
        Peer peer = engine.peer(origin);
        if (!peer.endpoint.isConnected() && !peer.isRelayed() && peer.failure == null && !searches.containsKey(origin)) {
            search(peer, from); // who calls through a relay is answered through it
        }
        engine.inbound().onPacket(origin, RelayEndpoint.innerWord(payload, offset, 0),
                RelayEndpoint.innerWord(payload, offset, 1), RelayEndpoint.innerWord(payload, offset, 2),
                RelayEndpoint.innerWord(payload, offset, 3), payload, offset + RelayEndpoint.INNER_BYTES,
                length - RelayEndpoint.INNER_BYTES);
    }

    private void passOn(int from, int destination, long[] h, MemorySegment payload, long offset, int length) {
        Peer peer = engine.peer(destination);
        if (peer.failure == null && engine.failureOf(from) == null) {
            serve(from, destination);
        }
        int result = Endpoint.FAILED;
        peer.sendLock.lock();
        try {
            if (peer.failure == null) {
                result = peer.parcels.isEmpty() ? peer.endpoint.trySend(h[0], h[1], h[2], h[3], payload, offset, length)
                        : Endpoint.NO_ROOM;
                if (result == Endpoint.NO_ROOM) {
                    byte[] copy = payload.asSlice(offset, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
                    peer.parcels.add(new Parcel(from, h[0], h[1], h[2], h[3], copy));
                }
            }
        } finally {
            peer.sendLock.unlock();
        }
        if (result == Endpoint.SENT) {
            giveBack(from, destination, cost(length));
        } else if (result == Endpoint.NO_ROOM) {
            engine.outbound().push(peer);
        } else if (crashes.get(destination)) {
            say(PacketHeader.RELAY_LOST, from, destination, 0);
        }
    }

    private static long cost(int length) {
        return length - RelayEndpoint.INNER_BYTES + RelayEndpoint.COST_BYTES;
    }

    /** A packet left the queue. Any thread, under the destination's send lock: so the room is given back later. */
    void passed(Parcel parcel, int destination) {
        passed.add(new Passed(parcel.from(), destination, cost(parcel.payload().length)));
    }

    private void serve(int a, int b) {
        if (partners.computeIfAbsent(a, r -> new BitSet()).get(b)) {
            return;
        }
        partners.get(a).set(b);
        partners.computeIfAbsent(b, r -> new BitSet()).set(a);
        served = partners.size();
        engine.progress().helpAlways();
    }

    /** Returns whether no other rank sends through this one any more. Any thread. */
    boolean isIdle() {
        return served == 0;
    }

    // ------------------------------------------------------------------ losses

    private void onReturn(int from, int about, long bytes) {
        Peer peer = engine.peer(about);
        if (peer.endpoint instanceof RelayEndpoint way && way.relay().rank() == from) {
            way.returned(bytes);
        }
    }

    private void onLost(int from, int about) {
        Peer peer = engine.peer(about);
        if (peer.endpoint instanceof RelayEndpoint way && way.relay().rank() == from) {
            engine.losses().lose(peer, true, "rank " + about + " is lost: so says rank " + from + ", through which it is reached");
        }
    }

    /** A peer is lost, or said goodbye: ends what goes through it, and tells those that reach it through us. */
    void gone(Peer lost, boolean crashed) {
        searches.remove(lost.rank());
        crashes.set(lost.rank(), crashed);
        BitSet others = partners.remove(lost.rank());
        if (others != null) {
            for (int rank = others.nextSetBit(0); rank >= 0; rank = others.nextSetBit(rank + 1)) {
                if (crashed && engine.failureOf(rank) == null) {
                    say(PacketHeader.RELAY_LOST, rank, lost.rank(), 0);
                }
            }
            served = partners.size();
        }
        for (int rank = 0; rank < engine.size(); rank++) {
            Peer peer = engine.knownPeer(rank);
            if (peer != null && peer.endpoint instanceof RelayEndpoint way && way.relay() == lost) {
                engine.losses().lose(peer, crashed, "rank " + rank + " is lost: it was reached through rank " + lost.rank()
                        + ", which is gone");
            }
        }
    }
}
