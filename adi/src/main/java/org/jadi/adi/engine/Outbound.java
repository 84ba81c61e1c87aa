package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.LentBuffers;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.match.BriefLock;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;
import org.jadi.adi.stats.HotPath;

/**
 * The sending half: chooses the protocol, keeps each peer's queue in order, and pushes it.
 *
 * <p>Everything towards one peer happens under its send lock. Requests are completed after the lock was given back,
 * because completion may run code of a user's executor.
 */
final class Outbound {
    /** Eager memory that an eager message costs at the receiver, beside its data. */
    static final int ENVELOPE_COST = 64;

    private static final int CHUNKS_PER_PUSH = 8;

    private final Engine engine;
    private final BulkTransfer.Ended moved = this::onMoved;
    private final BriefLock pendingLock = new BriefLock();

    // guarded by pendingLock
    private Peer[] pending = new Peer[4];
    private volatile int pendingCount;

    /** OWNER: the poller. What it took from the list; the two arrays change places. */
    private Peer[] taken = new Peer[4];

    /** How many of the taken are not yet back in the list, or done: the poller writes. */
    private volatile int takenCount;

    Outbound(Engine engine) {
        this.engine = engine;
    }

    /** See {@link Engine#send}. */
    Request send(int mode, int context, int source, int dest, int tag, MemorySegment memory, long offset, long bytes) {
        Peer peer = engine.peer(dest);
        if (mode == SendMode.STANDARD && bytes <= peer.eagerBytes) {
            if (trySendInline(peer, context, source, tag, memory, offset, bytes)) {
                return null;
            }
            Car rest = sendEager(peer, null, context, source, tag, memory, offset, (int) bytes);
            return rest == null ? null : rest.request;
        }
        Request request = newRequest(mode, context, source, dest, tag, memory, offset, bytes);
        submit(peer, request);
        return request;
    }

    private static Request newRequest(int mode, int context, int source, int dest, int tag, MemorySegment memory, long offset,
            long bytes) {
        Request request = new Request();
        request.operation = "send";
        request.address(mode, context, source, dest, tag);
        request.setMemory(memory, offset, bytes);
        return request;
    }

    /** Starts a send whose envelope and memory are set. */
    void start(Car car) {
        Peer peer = engine.peer(car.peer);
        if (car.mode != SendMode.STANDARD || car.plan != null || car.types != null || car.bytes > peer.eagerBytes) {
            submit(peer, car);
        } else if (trySendInline(peer, car.context, car.source, car.tag, car.segment, car.offset, car.bytes)
                || sendEager(peer, car, car.context, car.source, car.tag, car.segment, car.offset, (int) car.bytes) == null) {
            engine.completed(car);
        }
    }

    /** Sends a message of one packet at once, if nothing is before it and there is room. */
    @HotPath
    private static boolean trySendInline(Peer peer, int context, int source, int tag, MemorySegment segment, long offset,
            long bytes) {
        if (bytes > peer.inlineBytes) {
            return false;
        }
        BriefLock lock = peer.sendLock;
        lock.lock();
        try {
            if (peer.queueHead != null || !peer.hasCredit(bytes + ENVELOPE_COST)) {
                return false;
            }
            int result = peer.endpoint.trySend(PacketHeader.h0(PacketHeader.EAGER, 0, context), PacketHeader.h1(source, tag),
                    bytes, 0, segment, offset, (int) bytes);
            if (result == Endpoint.SENT) {
                peer.creditUsed += bytes + ENVELOPE_COST;
            }
            return result == Endpoint.SENT;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends an eager message at once, in as many packets as it takes, if nothing is before it; what finds no room waits as
     * a piece.
     *
     * @param given the piece, addressed; or null, and a request is made only if something is left
     * @return null if the message is out, otherwise what is left of it
     */
    private Car sendEager(Peer peer, Car given, int context, int source, int tag, MemorySegment segment, long offset,
            int bytes) {
        Car rest = given;
        // Of one packet, there was no room for it a moment ago; and what others cannot read must be copied before it begins.
        if (bytes <= peer.inlineBytes || engine.isConfined(segment)) {
            if (rest == null) {
                rest = newRequest(SendMode.STANDARD, context, source, peer.rank(), tag, segment, offset, bytes);
            }
            submit(peer, rest);
            return rest;
        }
        boolean failed;
        peer.sendLock.lock();
        try {
            int moved = trySendPieces(peer, PacketHeader.h0(PacketHeader.EAGER, 0, context), PacketHeader.h1(source, tag),
                    segment, offset, bytes);
            if (moved == bytes) {
                return null;
            }
            if (rest == null) {
                rest = newRequest(SendMode.STANDARD, context, source, peer.rank(), tag, segment, offset, bytes);
            }
            rest.moved = moved;
            rest.become(moved == 0 ? engine.states().queued : engine.states().sending);
            failed = !admit(peer, rest);
        } finally {
            peer.sendLock.unlock();
        }
        pushOrFail(peer, rest, failed);
        return rest;
    }

    /** Returns the number of bytes that are out; under sendLock. */
    private static int trySendPieces(Peer peer, long h0, long h1, MemorySegment segment, long offset, int bytes) {
        if (peer.queueHead != null || !peer.hasCredit(bytes + ENVELOPE_COST)) {
            return 0;
        }
        int moved = peer.pieceBytes(0, bytes, peer.packetBytes);
        if (peer.endpoint.trySend(h0, h1, bytes, 0, segment, offset, moved) != Endpoint.SENT) {
            return 0;
        }
        peer.creditUsed += bytes + ENVELOPE_COST;
        long more = PacketHeader.h0(PacketHeader.EAGER_MORE, 0, PacketHeader.context(h0));
        while (moved < bytes) {
            int length = peer.pieceBytes(moved, bytes - moved, peer.packetBytes);
            try {
                if (peer.endpoint.trySend(more, 0, moved, bytes, segment, offset + moved, length) != Endpoint.SENT) {
                    break;
                }
            } catch (RuntimeException | InternalError e) { // closed, or its file cut short: the queue ends what was begun
                break;
            }
            moved += length;
        }
        return moved;
    }

    /** Queues a send and pushes as far as it goes. */
    void submit(Peer peer, Car car) {
        keepReadable(peer, car);
        car.become(engine.states().queued);
        peer.sendLock.lock();
        boolean failed = !admit(peer, car);
        peer.sendLock.unlock();
        pushOrFail(peer, car, failed);
    }

    /** An eager message may wait at the head of the queue, where others push too: so they must be able to read it. */
    private void keepReadable(Peer peer, Car car) {
        if (isOwnerOnly(car) && car.mode == SendMode.STANDARD && car.bytes <= peer.eagerBytes) {
            MemorySegment copy = MemorySegment.ofArray(new byte[(int) car.bytes]);
            car.take(0, copy, 0, (int) car.bytes);
            car.plan = null;
            car.segment = copy;
            car.offset = 0;
        }
    }

    /** Enqueues a piece unless its peer is lost; under sendLock. */
    private static boolean admit(Peer peer, Car car) {
        if (peer.failure != null) {
            return false;
        }
        peer.enqueue(car);
        return true;
    }

    private void pushOrFail(Peer peer, Car car, boolean failed) {
        if (failed) {
            engine.fail(car, peer.failure);
        } else {
            push(peer);
        }
    }

    /** Sends a control packet, or queues it. Never waits. */
    void control(Peer peer, long h0, long h1, long h2, long h3) {
        peer.sendLock.lock();
        try {
            if (peer.controls.isEmpty() && peer.endpoint.trySendControl(h0, h1, h2, h3) != Endpoint.NO_ROOM) {
                return;
            }
            if (peer.failure != null) {
                return; // it will never make room, and what waits for it would keep us from our end
            }
            peer.controls.add(h0, h1, h2, h3);
        } finally {
            peer.sendLock.unlock();
        }
        markPending(peer);
    }

    /**
     * Waits until the thread that sent a request-to-send has noted that it did: the peer's answer may be faster than the
     * few instructions after the send.
     */
    void awaitOffer(Peer peer) {
        peer.sendLock.lock();
        peer.sendLock.unlock();
    }

    /** Begins to send the data of a rendezvous message for which the receiver asked. */
    void stream(Peer peer, Car car, long remoteId, long bytes) {
        peer.sendLock.lock();
        car.remoteId = remoteId;
        car.expected = bytes;
        car.moved = 0;
        boolean ownerOnly = isOwnerOnly(car);
        car.become(ownerOnly ? engine.states().sendingByOwner : engine.states().sending);
        peer.enqueueStream(car);
        peer.sendLock.unlock();
        if (ownerOnly) {
            engine.leaveToOwner(car);
        }
        push(peer);
    }

    /** Has the device send the data of a rendezvous message straight into the receiver's memory. */
    void move(Peer peer, Car car, long remoteId, long bytes) {
        awaitOffer(peer);
        car.bulk = true;
        car.become(engine.states().sending);
        peer.bulk.send(peer.rank(), remoteId, car.segment, car.offset, bytes, moved, car);
        if (peer.failure != null) {
            peer.bulk.abandon(peer.rank()); // it may have been lost before there was anything to give up
        }
    }

    private void onMoved(Object what, boolean done) {
        Car car = (Car) what;
        if (done) {
            engine.completed(car);
        } else {
            engine.fail(car, engine.lossOf(car.peer));
        }
    }

    /** Pushes everything that waits for a peer; returns the number of packets sent. */
    int push(Peer peer) {
        Car done = null;
        boolean left;
        peer.sendLock.lock();
        long before = peer.packetsSent;
        try {
            done = pushLocked(peer);
        } finally {
            left = peer.hasQueued();
            before = peer.packetsSent - before;
            peer.sendLock.unlock();
        }
        if (left) {
            markPending(peer);
        }
        boolean some = done != null;
        while (done != null) {
            Car next = done.nextInQueue;
            done.nextInQueue = null;
            engine.completed(done);
            done = next;
        }
        if (some) {
            engine.progress().ringOthers();
        }
        return (int) before;
    }

    /** Returns whether something waits for room at a peer. */
    boolean hasPending() {
        return pendingCount != 0;
    }

    /** Returns whether nothing waits, and the poller is not busy with what did. */
    boolean isIdle() {
        pendingLock.lock();
        try {
            return pendingCount == 0 && takenCount == 0;
        } finally {
            pendingLock.unlock();
        }
    }

    /** Pushes what waits; only the poller. Returns the number of packets sent. */
    int push() {
        int count = takePending();
        Peer[] peers = taken;
        int work = 0;
        for (int i = 0; i < count; i++) {
            Peer peer = peers[i];
            peers[i] = null;
            work += push(peer);
            if (peer.aside != null) {
                engine.relays().want(peer);
            }
        }
        takenCount = 0;
        return work;
    }

    /** Returns what waits for a peer, and forgets it: the peer is lost. */
    java.util.List<Car> drain(Peer peer) {
        java.util.List<Car> all = new java.util.ArrayList<>();
        peer.sendLock.lock();
        while (peer.queueHead != null) {
            all.add(peer.dequeue());
        }
        while (peer.streamHead != null) {
            all.add(peer.dequeueStream());
        }
        peer.controls.clear();
        peer.parcels.clear();
        peer.closed = true;
        peer.sendLock.unlock();
        return all;
    }

    private void markPending(Peer peer) {
        boolean added = false;
        pendingLock.lock();
        if (!peer.inPending) {
            if (pendingCount == pending.length) {
                pending = java.util.Arrays.copyOf(pending, pendingCount * 2);
            }
            peer.inPending = true;
            pending[pendingCount] = peer;
            pendingCount = pendingCount + 1;
            added = true;
        }
        pendingLock.unlock();
        if (added) {
            engine.progress().ringOthers();
        }
    }

    private int takePending() {
        pendingLock.lock();
        int count = pendingCount;
        Peer[] full = pending;
        for (int i = 0; i < count; i++) {
            full[i].inPending = false;
        }
        pending = taken;
        taken = full;
        takenCount = count;
        pendingCount = 0;
        pendingLock.unlock();
        return count;
    }

    /** Returns the completed pieces as a chain. */
    private Car pushLocked(Peer peer) {
        while (!peer.controls.isEmpty()) {
            ControlQueue c = peer.controls;
            if (peer.endpoint.trySendControl(c.first(0), c.first(1), c.first(2), c.first(3)) == Endpoint.NO_ROOM) {
                return null;
            }
            c.removeFirst();
            peer.packetsSent++;
        }
        while (!peer.parcels.isEmpty()) {
            Relays.Parcel p = peer.parcels.peek();
            MemorySegment payload = MemorySegment.ofArray(p.payload());
            if (peer.endpoint.trySend(p.h0(), p.h1(), p.h2(), p.h3(), payload, 0, p.payload().length) == Endpoint.NO_ROOM) {
                return null;
            }
            peer.parcels.remove();
            peer.packetsSent++;
            engine.relays().passed(p, peer.rank());
        }
        Car done = null;
        while (peer.queueHead != null && pushHead(peer, peer.queueHead)) {
            Car car = peer.dequeue();
            if (car.state() != State.OFFERED) {
                car.nextInQueue = done;
                done = car;
            }
        }
        return pushStreams(peer, done);
    }

    private Car pushStreams(Peer peer, Car done) {
        Car chain = done;
        for (int n = 0; peer.streamHead != null && n < CHUNKS_PER_PUSH; n++) {
            Car car = peer.streamHead;
            if (!mayRead(car)) {
                peer.enqueueStream(peer.dequeueStream()); // left to its owner; let the others pass
                continue;
            }
            int length = peer.pieceBytes(car.moved, car.expected - car.moved, peer.chunkBytes);
            long h0 = PacketHeader.h0(PacketHeader.DATA, 0, car.context);
            int result = send(peer, h0, 0, car.moved, car.remoteId, car, car.moved, length);
            if (result == Endpoint.NO_ROOM) {
                break;
            }
            car.moved += length;
            if (car.moved == car.expected || result == Endpoint.FAILED) {
                peer.dequeueStream();
                car.nextInQueue = chain;
                chain = car;
            }
        }
        return chain;
    }

    /** Sends what is first in the queue; returns true when its envelope (and eager data) is out. */
    private boolean pushHead(Peer peer, Car car) {
        if (car.mode == SendMode.SYNCHRONOUS || car.bytes > peer.eagerBytes || car.id != 0) { // has an id: was to be offered
            return offer(peer, car);
        }
        if (car.moved == 0 && car.state() == State.QUEUED) {
            int cost = (int) car.bytes + ENVELOPE_COST;
            if (!peer.hasCredit(cost)) {
                // Not "wait for credit": what comes behind may be what the receiver waits for (MPI 4.1 §3.5, progress).
                return offer(peer, car);
            }
            int length = peer.pieceBytes(0, car.bytes, peer.packetBytes);
            long h0 = PacketHeader.h0(PacketHeader.EAGER, 0, car.context);
            int result = send(peer, h0, PacketHeader.h1(car.source, car.tag), PacketHeader.h2(car.bytes, typesOf(car)), 0, car,
                    0, length);
            if (result == Endpoint.NO_ROOM) {
                return false;
            }
            peer.creditUsed += cost;
            car.moved = length;
            if (length == car.bytes) {
                return true;
            }
            car.become(engine.states().sending);
        }
        return pushParts(peer, car);
    }

    private static int typesOf(Car car) {
        return car.types == null ? BasicTypes.ANY : car.types.hash(car.bytes) & 0xffff;
    }

    private boolean pushParts(Peer peer, Car car) {
        while (car.moved < car.bytes) {
            int length = peer.pieceBytes(car.moved, car.bytes - car.moved, peer.packetBytes);
            long h0 = PacketHeader.h0(PacketHeader.EAGER_MORE, 0, car.context);
            if (send(peer, h0, 0, car.moved, car.bytes, car, car.moved, length) == Endpoint.NO_ROOM) {
                return false;
            }
            car.moved += length;
        }
        return true;
    }

    private boolean offer(Peer peer, Car car) {
        if (car.id == 0) {
            engine.cars().add(car);
        }
        long token = tokenFor(peer, car);
        int flags = token >= 0 ? PacketHeader.FLAG_GET : 0;
        if (peer.canMove(car, car.bytes)) {
            flags |= PacketHeader.FLAG_BULK;
        }
        long h0 = PacketHeader.h0(PacketHeader.RTS, flags, car.context);
        MemorySegment payload = peer.word;
        payload.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, token);
        int result = peer.endpoint.trySend(h0, PacketHeader.h1(car.source, car.tag), PacketHeader.h2(car.bytes, typesOf(car)),
                car.id, payload, 0, token >= 0 ? 8 : 0);
        if (result == Endpoint.NO_ROOM) {
            return false;
        }
        peer.packetsSent++;
        car.become(engine.states().offered);
        return true;
    }

    private static long tokenFor(Peer peer, Car car) {
        if (car.plan != null || car.bytes < peer.getBytes || car.bytes == 0) {
            return -1;
        }
        SharedMemory shared = peer.device.capability(SharedMemory.class);
        return shared == null ? -1 : shared.token(car.segment, car.offset, car.bytes);
    }

    private int send(Peer peer, long h0, long h1, long h2, long h3, Car car, long first, int length) {
        int result;
        try {
            result = car.plan == null
                    ? peer.endpoint.trySend(h0, h1, h2, h3, car.segment, car.offset + first, length)
                    : sendPacked(peer, h0, h1, h2, h3, car, first, length);
        } catch (RuntimeException e) { // closed arena, wrong thread, too short: whatever memory can refuse
            car.request.fail(new Failure(Failure.Kind.BUFFER, "the send buffer cannot be read: " + e.getMessage()));
            result = sendZeros(peer, h0, h1, h2, h3, length);
        }
        peer.packetsSent += result == Endpoint.SENT ? 1 : 0;
        if (result == Endpoint.FAILED) {
            car.request.fail(new Failure(Failure.Kind.PEER_FAILED, "rank " + peer.rank() + " is lost"));
        }
        return result;
    }

    private int sendPacked(Peer peer, long h0, long h1, long h2, long h3, Car car, long first, int length) {
        LentBuffers lent = peer.isRelayed() ? null : peer.device.capability(LentBuffers.class);
        if (lent == null) {
            MemorySegment scratch = MemorySegment.ofArray(new byte[length]);
            car.plan.pack(first, scratch, 0, length);
            return peer.endpoint.trySend(h0, h1, h2, h3, scratch, 0, length);
        }
        long at = lent.reserve(peer.endpoint, length);
        if (at < 0) {
            return at == -1 ? Endpoint.NO_ROOM : Endpoint.FAILED;
        }
        car.plan.pack(first, lent.segment(peer.endpoint), at, length);
        lent.commit(peer.endpoint, length, h0, h1, h2, h3);
        return Endpoint.SENT;
    }

    /** A message whose buffer became unreadable half-way still has its length: the receiver must not wait for ever. */
    private static int sendZeros(Peer peer, long h0, long h1, long h2, long h3, int length) {
        return peer.endpoint.trySend(h0, h1, h2, h3, MemorySegment.ofArray(new byte[length]), 0, length);
    }

    private boolean isOwnerOnly(Car car) {
        MemorySegment memory = car.memory();
        return memory != null && engine.isConfined(memory);
    }

    private boolean mayRead(Car car) {
        return car.progression == null || car.progression.mayAwait() || car.isAccessible();
    }
}
