package org.jadi.adi.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;

/**
 * The receiving half: dispatches packets by type, matches envelopes, and puts data where it belongs. Runs on the polling
 * thread, which takes the packets of a peer one after the other.
 */
final class Inbound implements InboundHandler {
    private static final long MOST_ARRAY_BYTES = 1 << 30;
    private static final int LEAST_ROOM_BYTES = 64;
    private static final int MOST_ROUNDED_BYTES = 64 << 10;

    private final Engine engine;
    private final Matcher matcher;
    private final BulkTransfer.Ended moved = this::onMoved;
    private final PacketHandler[] handlers = new PacketHandler[256];

    /**
     * OWNER: the poller. A blocking receive of the polling thread itself that was not posted, because nothing else could
     * match before it: see {@link Engine#receive}.
     */
    private Request direct;

    private BulkCopy bulk;
    private int bulkBytes = Integer.MAX_VALUE;

    Inbound(Engine engine, Matcher matcher) {
        this.engine = engine;
        this.matcher = matcher;
        handlers[PacketHeader.EAGER_MORE] = this::onMore;
        handlers[PacketHeader.RTS] = this::onRequestToSend;
        handlers[PacketHeader.CTS] = this::onClearToSend;
        handlers[PacketHeader.FIN] = this::onFinished;
        handlers[PacketHeader.CREDIT] = (p, h0, h1, h2, h3, m, o, n) -> onCredit(p, h2);
        handlers[PacketHeader.GOODBYE] = (p, h0, h1, h2, h3, m, o, n) -> engine.onGoodbye(p);
    }

    /** Registers what is done with packets of a type that the engine does not use itself. */
    void register(int type, PacketHandler handler) {
        if (type < PacketHeader.FIRST_FREE_TYPE || type > 255 || handlers[type] != null) {
            throw new IllegalArgumentException("packet type must be free, " + PacketHeader.FIRST_FREE_TYPE
                    + " to 255: type=" + type);
        }
        handlers[type] = handler;
    }

    /** Registers what is done with packets of a type of the engine's own. */
    void own(int type, PacketHandler handler) {
        handlers[type] = handler;
    }

    /** Sets how large pieces are copied; null: as all others. Before anything arrives. */
    void setBulkCopy(BulkCopy copy) {
        bulk = copy;
        bulkBytes = copy == null ? Integer.MAX_VALUE : copy.leastBytes();
    }

    /** Sets the receive that takes the next message it matches without being posted; null to end that. */
    void setDirect(Request receive) {
        direct = receive;
    }

    /** Returns the receive set by {@link #setDirect}, or null once a message took it. */
    Request direct() {
        return direct;
    }

    @Override
    public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        Peer peer = engine.peer(rank);
        int type = PacketHeader.type(h0);
        if (type == PacketHeader.EAGER) {
            onEager(peer, h0, h1, h2, payload, offset, length);
        } else if (type == PacketHeader.DATA) {
            onData(rank, h2, h3, payload, offset, length);
        } else {
            PacketHandler handler = handlers[type];
            if (handler == null) {
                engine.log().warn("packet of unknown type dropped: type=" + type + " from=" + rank);
                return;
            }
            handler.onPacket(peer.rank(), h0, h1, h2, h3, payload, offset, length);
        }
    }

    @Override
    public void onPeerFailed(int rank, String reason) {
        engine.onPeerFailed(rank, reason);
    }

    @Override
    public void onUnreachable(int rank, String reason) {
        engine.onUnreachable(rank, reason);
    }

    private void onEager(Peer peer, long h0, long h1, long h2, MemorySegment payload, long offset, int length) {
        int context = PacketHeader.context(h0);
        int tag = PacketHeader.tag(h1);
        Car car = directFor(peer, context, tag);
        if (car == null) {
            car = matchOrStoreEager(peer, context, h1, tag, h2, payload, offset, length);
        }
        if (car == null) {
            engine.onUnexpected();
        } else {
            deliver(car, peer, h1, h2, payload, offset, length);
        }
    }

    private Car matchOrStoreEager(Peer peer, int context, long h1, int tag, long h2, MemorySegment payload, long offset,
            int length) {
        long total = PacketHeader.length(h2);
        peer.lock();
        try {
            Car car = matchPostedOrDirect(peer, context, tag);
            if (car != null) {
                return car;
            }
            Arrival arrival = peer.newArrival(context, PacketHeader.source(h1), tag, total);
            arrival.types = PacketHeader.types(h2);
            keep(peer, arrival, payload, offset, length);
            car = matcher.storeUnlessMatched(arrival);
            if (car != null) {
                letGo(peer, arrival);
                peer.keepArrival(arrival);
            } else if (length < total) {
                peer.streamArrival = arrival;
            }
            return car;
        } finally {
            peer.unlock();
        }
    }

    /** Keeps the data of a message that nobody has asked for: where the device put it if that costs nothing, else a copy. */
    private static void keep(Peer peer, Arrival arrival, MemorySegment payload, long offset, int length) {
        arrival.arrived = length;
        if (peer.lent != null && length == arrival.bytes && length >= peer.lent.leastRetainedBytes()) {
            arrival.ticket = peer.lent.retain(peer.rank());
            if (arrival.ticket >= 0) {
                arrival.data = payload.asSlice(offset, length);
                return;
            }
        }
        if (arrival.room == null || arrival.room.byteSize() < arrival.bytes) {
            arrival.room = MemorySegment.ofArray(new byte[roomFor(Math.toIntExact(arrival.bytes))]);
        }
        arrival.data = arrival.room;
        MemorySegment.copy(payload, offset, arrival.data, 0, length);
    }

    /** Small rooms serve messages of other lengths, too. */
    private static int roomFor(int bytes) {
        return bytes > MOST_ROUNDED_BYTES ? bytes : Integer.highestOneBit(Math.max(bytes, LEAST_ROOM_BYTES) * 2 - 1);
    }

    /** Ends the device's keeping of a message's data. */
    private static void letGo(Peer peer, Arrival arrival) {
        if (arrival.ticket >= 0) {
            arrival.data = MemorySegment.NULL;
            peer.lent.release(peer.rank(), arrival.ticket);
        }
    }

    /** Takes the receive that is not posted, if it matches and nothing that is posted could match before it. */
    private Car directFor(Peer peer, int context, int tag) {
        Request d = direct;
        if (d == null || !isDirectMatch(d, peer, context, tag) || !peer.isPostedEmpty()
                || matcher.mayHaveWildcards(context)) {
            return null;
        }
        direct = null;
        return d;
    }

    /** Asks the matcher first: what is posted goes before the receive that is not. Under the peer's lock. */
    private Car matchPostedOrDirect(Peer peer, int context, int tag) {
        Car car = matcher.match(peer, context, tag);
        Request d = direct;
        if (car == null && d != null && isDirectMatch(d, peer, context, tag)) {
            direct = null;
            car = d;
        }
        return car;
    }

    private static boolean isDirectMatch(Request d, Peer peer, int context, int tag) {
        return d.peer == peer.rank() && d.context == context && (d.tag == tag || d.tag == Request.ANY);
    }

    private void deliver(Car car, Peer peer, long h1, long h2, MemorySegment payload, long offset, int length) {
        long total = PacketHeader.length(h2);
        begin(car, PacketHeader.source(h1), PacketHeader.tag(h1), total, PacketHeader.types(h2));
        if (length < total) {
            becomeTarget(car, peer);
        }
        put(car, 0, payload, offset, length);
        car.moved = length;
        owe(peer, length + Outbound.ENVELOPE_COST);
        if (length == total) {
            finish(car);
        } else if (peer.failure != null) {
            failStreamTarget(peer); // the rest is not taken any more
        }
    }

    /** The parts that follow are for this receive; who fails it may know it for longer than it lasts. */
    private void becomeTarget(Car car, Peer peer) {
        car.request.keep();
        car.become(engine.states().arriving);
        peer.streamTarget = car;
    }

    /** Writes the status of a receive that was matched, and how much of the message it takes. */
    private static void begin(Car car, int source, int tag, long total, int types) {
        Request r = car.request;
        long capacity = car.plan == null ? car.bytes : car.plan.bytes();
        r.statusSource = source;
        r.statusTag = tag;
        r.statusBytes = Math.min(total, capacity);
        car.expected = r.statusBytes;
        if (total > capacity) {
            r.fail(new Failure(Failure.Kind.TRUNCATE, "the message is longer than the receive buffer: messageBytes=" + total
                    + " bufferBytes=" + capacity + " source=" + source + " tag=" + tag));
        }
        if (types != BasicTypes.ANY && car.types != null) {
            compareTypes(car, types);
        }
        if (car.plan != null) {
            car.plan.matched(total);
        }
    }

    /** Fails a receive whose buffer is of other types than the message; of what is cut off, nothing is known. */
    private static void compareTypes(Car car, int types) {
        Request r = car.request;
        int expected = car.types.hash(r.statusBytes);
        if (r.failure() == null && expected != BasicTypes.ANY && expected != types) {
            r.fail(new Failure(Failure.Kind.TYPE, "the message consists of other basic types than the receive buffer"
                    + (expected == BasicTypes.BROKEN ? ", and ends within one of its elements" : "") + ": messageBytes="
                    + r.statusBytes + " receive=" + car.types + " source=" + r.statusSource + " tag=" + r.statusTag));
        }
    }

    /** Puts arrived bytes into the user's memory, or aside where only the owner may do so. What is too much is dropped. */
    private void put(Car car, long first, MemorySegment payload, long offset, int length) {
        int n = (int) Math.max(0, Math.min(length, car.expected - first));
        if (n == 0) {
            return;
        }
        try {
            if (car.parked == null && car.isAccessible()) {
                if (n >= bulkBytes && car.plan == null && !car.segment.isReadOnly()) {
                    bulk.copy(payload, offset, car.segment, car.offset + first, n);
                } else {
                    car.put(first, payload, offset, n);
                }
            } else {
                if (car.parked == null) {
                    car.parked = room(car.expected);
                    car.remoteId = first;
                }
                MemorySegment.copy(payload, offset, car.parked, first, n);
            }
        } catch (RuntimeException e) { // closed arena, wrong thread, read-only, too short: whatever memory can refuse
            car.request.fail(new Failure(Failure.Kind.BUFFER, "the receive buffer cannot be written: " + e.getMessage()));
        }
    }

    private static MemorySegment room(long bytes) {
        return bytes <= MOST_ARRAY_BYTES ? MemorySegment.ofArray(new byte[(int) bytes]) : Arena.ofAuto().allocate(bytes);
    }

    /** All bytes are here: completes the piece, or leaves the last copy to the buffer's owner. */
    private void finish(Car car) {
        if (car.parked != null && car.request.failure() == null) {
            car.become(engine.states().handed);
            engine.leaveToOwner(car);
        } else {
            engine.completed(car);
        }
    }

    /** Called by the owner of a buffer: copies what was put aside. */
    void takeHanded(Car car) {
        MemorySegment parked = car.parked;
        if (parked == null || car.state() != State.HANDED) {
            return;
        }
        car.parked = null;
        try {
            // What came before the first parked byte is in place already.
            for (long at = car.remoteId; at < car.expected; at += MOST_ARRAY_BYTES) {
                car.put(at, parked, at, (int) Math.min(MOST_ARRAY_BYTES, car.expected - at));
            }
        } catch (RuntimeException e) { // closed arena, wrong thread, read-only, too short: whatever memory can refuse
            car.request.fail(new Failure(Failure.Kind.BUFFER, "the receive buffer cannot be written: " + e.getMessage()));
        }
        engine.completed(car);
    }

    private void onMore(int rank, long h0, long h1, long at, long h3, MemorySegment payload, long offset, int length) {
        Peer peer = engine.peer(rank);
        if (peer.failure != null) {
            return; // what waited for it has failed, or fails when it is asked for
        }
        Car car;
        Arrival arrival;
        peer.lock();
        try {
            car = peer.streamTarget;
            arrival = peer.streamArrival;
            if (car == null && arrival != null) {
                MemorySegment.copy(payload, offset, arrival.data, at, length);
                arrival.arrived += length;
                if (arrival.arrived == arrival.bytes) {
                    peer.streamArrival = null;
                }
                return;
            }
        } finally {
            peer.unlock();
        }
        if (car == null) {
            engine.log().warn("part of no message dropped: from=" + rank + " offset=" + at + " bytes=" + length);
            return;
        }
        put(car, at, payload, offset, length);
        car.moved += length;
        owe(peer, length);
        if (h3 == at + length) {
            peer.streamTarget = null;
            finish(car);
        }
    }

    private void onRequestToSend(int rank, long h0, long h1, long h2, long id, MemorySegment payload, long offset,
            int length) {
        long total = PacketHeader.length(h2);
        int types = PacketHeader.types(h2);
        Peer peer = engine.peer(rank);
        int context = PacketHeader.context(h0);
        int tag = PacketHeader.tag(h1);
        boolean movable = (PacketHeader.flags(h0) & PacketHeader.FLAG_BULK) != 0;
        boolean get = (PacketHeader.flags(h0) & PacketHeader.FLAG_GET) != 0 && length == 8;
        long token = get ? payload.get(ValueLayout.JAVA_LONG_UNALIGNED, offset) : -1;
        Car car = directFor(peer, context, tag);
        if (car == null) {
            car = matchOrStoreOffer(peer, h0, h1, h2, id, token);
        }
        if (car == null) {
            engine.onUnexpected();
        } else {
            clear(car, peer, PacketHeader.source(h1), tag, total, types, id, token, movable);
        }
    }

    private Car matchOrStoreOffer(Peer peer, long h0, long h1, long h2, long id, long token) {
        int context = PacketHeader.context(h0);
        int tag = PacketHeader.tag(h1);
        peer.lock();
        try {
            Car car = matchPostedOrDirect(peer, context, tag);
            if (car != null) {
                return car;
            }
            Arrival arrival = peer.newArrival(context, PacketHeader.source(h1), tag, PacketHeader.length(h2));
            arrival.types = PacketHeader.types(h2);
            arrival.bulk = (PacketHeader.flags(h0) & PacketHeader.FLAG_BULK) != 0;
            arrival.senderId = id;
            arrival.token = token;
            car = matcher.storeUnlessMatched(arrival);
            if (car != null) {
                peer.keepArrival(arrival);
            }
            return car;
        } finally {
            peer.unlock();
        }
    }

    /** Answers a request to send: fetches the data, asks for it, or says that nothing is wanted. */
    private void clear(Car car, Peer peer, int source, int tag, long total, int types, long senderId, long token,
            boolean movable) {
        begin(car, source, tag, total, types);
        if (token >= 0 && fetch(car, peer, token)) {
            engine.outbound().control(peer, PacketHeader.h0(PacketHeader.FIN, 0, car.context), 0, 0, senderId);
            engine.completed(car);
            return;
        }
        long wanted = car.expected;
        long h0 = PacketHeader.h0(PacketHeader.CTS, 0, car.context);
        if (wanted == 0) {
            engine.outbound().control(peer, h0, 0, 0, senderId);
            engine.completed(car);
            return;
        }
        car.peer = peer.rank();
        car.bulk = movable && peer.canMove(car, wanted) && !car.segment.isReadOnly();
        engine.cars().add(car);
        car.become(engine.states().cleared);
        if (car.bulk) {
            h0 = PacketHeader.h0(PacketHeader.CTS, PacketHeader.FLAG_BULK, car.context);
            long id = car.id; // now: the end may come at any moment
            peer.bulk.receive(peer.rank(), id, car.segment, car.offset, wanted, moved, car);
            engine.outbound().control(peer, h0, id, wanted, senderId);
            if (peer.failure != null) {
                peer.bulk.abandon(peer.rank());
            }
            return;
        }
        engine.outbound().control(peer, h0, car.id, wanted, senderId);
        if (peer.failure != null) {
            // The peer may have been lost between the match and the entry in the table.
            engine.failAnswerable(peer);
        }
    }

    /** The device has moved the data of a receive, or will not any more. */
    private void onMoved(Object what, boolean done) {
        Car car = (Car) what;
        if (engine.cars().remove(car)) {
            if (done) {
                engine.completed(car);
            } else {
                engine.fail(car, engine.lossOf(car.peer));
            }
        }
    }

    private static boolean fetch(Car car, Peer peer, long token) {
        SharedMemory shared = peer.device.capability(SharedMemory.class);
        if (shared == null || car.plan != null || !car.isAccessible()) {
            return false;
        }
        try {
            return shared.get(peer.rank(), token, car.segment, car.offset, car.expected);
        } catch (RuntimeException e) { // closed arena, read-only, too short: whatever memory can refuse
            car.request.fail(new Failure(Failure.Kind.BUFFER, "the receive buffer cannot be written: " + e.getMessage()));
            return true; // nothing more is wanted of the sender
        }
    }

    private void onClearToSend(int rank, long h0, long receiverId, long wanted, long id, MemorySegment payload, long offset,
            int length) {
        Car car = engine.cars().get(id);
        if (car == null || car.peer != rank || !engine.cars().remove(car)) {
            return;
        }
        if (wanted == 0) {
            engine.outbound().awaitOffer(engine.peer(rank));
            engine.completed(car);
        } else if ((PacketHeader.flags(h0) & PacketHeader.FLAG_BULK) != 0) {
            engine.outbound().move(engine.peer(rank), car, receiverId, Math.min(wanted, car.bytes));
        } else {
            engine.outbound().stream(engine.peer(rank), car, receiverId, Math.min(wanted, car.bytes));
        }
    }

    private void onFinished(int rank, long h0, long h1, long h2, long id, MemorySegment payload, long offset, int length) {
        Car car = engine.cars().get(id);
        if (car != null && car.peer == rank && engine.cars().remove(car)) {
            engine.outbound().awaitOffer(engine.peer(rank));
            engine.completed(car);
        }
    }

    private void onData(int rank, long at, long id, MemorySegment payload, long offset, int length) {
        Car car = engine.cars().get(id);
        if (car == null || car.peer != rank) {
            return;
        }
        put(car, at, payload, offset, length);
        car.moved += length;
        if (car.moved >= car.expected && engine.cars().remove(car)) {
            finish(car);
        }
    }

    private void onCredit(int rank, long bytes) {
        Peer peer = engine.peer(rank);
        peer.creditReturned = peer.creditReturned + bytes;
    }

    /** Delivers a message that had been stored, to the receive that took it. Any thread. */
    void accept(Arrival arrival, Car car) {
        Peer peer = (Peer) arrival.peer;
        if (arrival.data == null) {
            clear(car, peer, arrival.source, arrival.tag, arrival.bytes, arrival.types, arrival.senderId, arrival.token,
                    arrival.bulk);
            forget(peer, arrival);
            return;
        }
        begin(car, arrival.source, arrival.tag, arrival.bytes, arrival.types);
        boolean whole;
        long here;
        peer.lock();
        try {
            here = arrival.arrived;
            whole = here == arrival.bytes;
            if (!whole) {
                // Takeover: what is here is copied once, the rest lands in the user's buffer.
                becomeTarget(car, peer);
                put(car, 0, arrival.data, 0, (int) here);
                car.moved = here;
                peer.streamArrival = null;
            }
        } finally {
            peer.unlock();
        }
        if (whole) {
            put(car, 0, arrival.data, 0, (int) here);
        }
        forget(peer, arrival);
        oweFromOutside(peer, here + Outbound.ENVELOPE_COST);
        if (whole) {
            finish(car);
        } else if (peer.failure != null) {
            // The rest will never come; the failing of the peer may have looked before this receive was its target.
            failStreamTarget(peer);
        }
    }

    /** Ends what a stored message holds, and keeps its object for another. */
    private static void forget(Peer peer, Arrival arrival) {
        letGo(peer, arrival);
        peer.lock();
        peer.keepArrival(arrival);
        peer.unlock();
    }

    /** Fails the receive whose parts are coming in from a lost peer, if there is one. Whoever takes it out fails it. */
    void failStreamTarget(Peer peer) {
        peer.lock();
        Car target = peer.streamTarget;
        peer.streamTarget = null;
        peer.unlock();
        if (target != null) {
            engine.fail(target, peer.failure);
        }
    }

    /** Ends a stored message that nobody will receive. Any thread. */
    void refuse(Arrival arrival) {
        Peer peer = (Peer) arrival.peer;
        if (arrival.data == null) {
            engine.outbound().control(peer, PacketHeader.h0(PacketHeader.CTS, 0, arrival.context), 0, 0, arrival.senderId);
        } else {
            oweFromOutside(peer, arrival.bytes + Outbound.ENVELOPE_COST);
        }
        forget(peer, arrival);
    }

    /** Counts eager memory of a peer's that was freed here; for the poller. */
    void owe(Peer peer, long bytes) {
        peer.owedByPoller += bytes;
        if (peer.owedByPoller >= engine.grantBytes() / 4) {
            long due = peer.owedByPoller;
            peer.owedByPoller = 0;
            giveBack(peer, due);
        }
    }

    private void oweFromOutside(Peer peer, long bytes) {
        if (peer.owedByOthers.addAndGet(bytes) >= engine.grantBytes() / 4) {
            long due = peer.owedByOthers.getAndSet(0);
            if (due > 0) {
                giveBack(peer, due);
            }
        }
    }

    private void giveBack(Peer peer, long bytes) {
        engine.outbound().control(peer, PacketHeader.h0(PacketHeader.CREDIT, 0, 0), 0, bytes, 0);
    }
}
