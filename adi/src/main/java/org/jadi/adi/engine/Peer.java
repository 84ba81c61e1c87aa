package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.Inlet;
import org.jadi.adi.device.LentBuffers;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.BriefLock;
import org.jadi.adi.match.PeerMatch;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;

/** What this rank holds about another (the notes' virtual connection). Built when first needed. */
final class Peer extends PeerMatch {
    /** The receiver holds an eager message in one array. */
    private static final long MOST_EAGER_BYTES = 1L << 30;
    private static final long MOST_SPARE_BYTES = 256 << 10;

    final Device device;

    /**
     * The way to the peer: the device's, or one through another rank. Changes at most once, under sendLock, before anything
     * was sent.
     */
    volatile Endpoint endpoint;

    /** First piece of a message of several packets: what the receiver copies out while we copy the next in. */
    final int overlapBytes;

    /** Largest payload that the way takes. */
    int wireBytes;

    /** Largest payload of one packet. Changes with the endpoint; who reads an old value without the lock finds no room. */
    int packetBytes;

    /** Largest message that goes out in one packet without asking. Changes with the endpoint, too. */
    long inlineBytes;

    /** Largest message that is sent without asking. */
    final long eagerBytes;

    /** What moves long data by itself, or null. */
    final BulkTransfer bulk;

    /** What lends memory, or null. */
    final LentBuffers lent;

    final long getBytes;
    int chunkBytes;

    /** Eager memory that the peer grants us. */
    final long window;

    final BriefLock sendLock = new BriefLock();

    // OWNER: whoever holds sendLock
    Car queueHead;
    Car queueTail;
    long creditUsed;
    final ControlQueue controls = new ControlQueue();
    Car streamHead;
    Car streamTail;
    final java.util.ArrayDeque<Relays.Parcel> parcels = new java.util.ArrayDeque<>();
    boolean inPending;

    /** Whether the peer is lost, so that nothing may be sent to it at once. */
    boolean closed;

    long packetsSent;
    final MemorySegment word = MemorySegment.ofArray(new byte[8]);

    /** OWNER: the poller writes; senders read. Counts what came back of creditUsed. */
    volatile long creditReturned;

    /** OWNER: the poller. Eager memory of the peer's that was freed here and not given back yet. */
    long owedByPoller;

    /** The same, freed by other threads. */
    final AtomicLong owedByOthers = new AtomicLong();

    /** OWNER: the poller, and under this lock for the change of target. What the next EAGER_MORE belongs to. */
    Car streamTarget;
    Arrival streamArrival;

    /** Under this lock: objects for messages that nobody has asked for, which have served others; and their memory. */
    private Arrival spareArrivals;

    private long spareBytes;

    /** Why the device cannot reach the peer; null if it can, or still tries. OWNER: the poller writes. */
    volatile String aside;

    /** OWNER: the poller. Where the peer's packets can be looked at; null if that is not known, or not possible. */
    private Inlet inlet;

    /** Set once, when the peer was lost or said goodbye. */
    volatile Failure failure;

    Peer(int rank, Device device, Endpoint endpoint, EngineConfig config, long window) {
        super(rank);
        this.device = device;
        this.endpoint = endpoint;
        this.window = window;
        var limits = device.limits();
        int largest = Math.min(limits.maxPayloadBytes(), endpoint.maxPayloadBytes());
        wireBytes = largest;
        packetBytes = config.packetBytes() == 0 ? largest : Math.min(config.packetBytes(), largest);
        bulk = device.capability(BulkTransfer.class);
        lent = device.capability(LentBuffers.class);
        chunkBytes = Math.min(limits.chunkBytes(), packetBytes);
        long eager = config.eagerLimitBytes() < 0 ? limits.eagerLimitBytes() : config.eagerLimitBytes();
        eagerBytes = Math.min(Math.min(eager, MOST_EAGER_BYTES), window / 2 - Outbound.ENVELOPE_COST);
        overlapBytes = Math.min(limits.overlapBytes(), packetBytes);
        inlineBytes = Math.min(eagerBytes, overlapBytes);
        getBytes = config.getThresholdBytes() < 0 ? limits.getThresholdBytes() : config.getThresholdBytes();
    }

    /** Returns where the peer's packets can be looked at, or null; for the poller. */
    Inlet inlet() {
        Inlet known = inlet;
        if (known == null) {
            known = device.inlet(rank());
            inlet = known;
        }
        return known;
    }

    /** Returns an object for a message that nobody has asked for; under this lock. */
    Arrival newArrival(int context, int source, int tag, long bytes) {
        Arrival arrival = spareArrivals;
        if (arrival == null) {
            return new Arrival(this, context, source, tag, bytes);
        }
        spareArrivals = arrival.nextSpare;
        arrival.nextSpare = null;
        spareBytes -= spareCost(arrival);
        arrival.reuse(context, source, tag, bytes);
        return arrival;
    }

    /** Keeps the object of a message that is with its receive for another one; under this lock. */
    void keepArrival(Arrival arrival) {
        if (arrival.room != null && arrival.room.byteSize() > MOST_SPARE_BYTES / 4) {
            arrival.room = null;
        }
        // The rest of a message that nobody wants any more is still to come into its room.
        boolean free = arrival.isReusable() && arrival != streamArrival;
        if (free && spareBytes + spareCost(arrival) <= MOST_SPARE_BYTES) {
            arrival.data = null;
            arrival.nextSpare = spareArrivals;
            spareArrivals = arrival;
            spareBytes += spareCost(arrival);
        }
    }

    private static long spareCost(Arrival arrival) {
        return Outbound.ENVELOPE_COST + (arrival.room == null ? 0 : arrival.room.byteSize());
    }

    /** Returns whether the device can move the data of a piece by itself. */
    boolean canMove(Car car, long bytes) {
        return bulk != null && car.plan == null && bytes >= bulk.leastBytes() && bulk.canMove(car.segment) && bulk.pays(rank())
                && car.offset + bytes <= car.segment.byteSize();
    }

    /** Returns whether the peer's grant has room for a message of this cost; under sendLock. */
    boolean hasCredit(long cost) {
        return creditUsed - creditReturned + cost <= window && !closed;
    }

    /** Returns the size of the next piece of a message of which some was sent: pieces double up to a limit. */
    int pieceBytes(long moved, long left, int limit) {
        return (int) Math.min(Math.min(limit, Math.max(overlapBytes, moved)), left);
    }

    /** Returns whether sends wait here; under sendLock. */
    boolean hasQueued() {
        return queueHead != null || streamHead != null || !controls.isEmpty() || !parcels.isEmpty();
    }

    /** Takes another way than the device's, to which nothing was given yet; under sendLock. */
    void relayThrough(RelayEndpoint way, int maxPayload, String reason) {
        aside = reason;
        wireBytes = maxPayload;
        packetBytes = Math.min(packetBytes, maxPayload);
        chunkBytes = Math.min(chunkBytes, maxPayload);
        inlineBytes = Math.min(inlineBytes, maxPayload);
        endpoint = way;
    }

    /** Returns whether packets go through another rank. */
    boolean isRelayed() {
        return endpoint instanceof RelayEndpoint;
    }

    void enqueue(Car car) {
        car.nextInQueue = null;
        if (queueTail == null) {
            queueHead = car;
        } else {
            queueTail.nextInQueue = car;
        }
        queueTail = car;
    }

    Car dequeue() {
        Car car = queueHead;
        queueHead = car.nextInQueue;
        if (queueHead == null) {
            queueTail = null;
        }
        car.nextInQueue = null;
        return car;
    }

    void enqueueStream(Car car) {
        car.nextInQueue = null;
        if (streamTail == null) {
            streamHead = car;
        } else {
            streamTail.nextInQueue = car;
        }
        streamTail = car;
    }

    Car dequeueStream() {
        Car car = streamHead;
        streamHead = car.nextInQueue;
        if (streamHead == null) {
            streamTail = null;
        }
        car.nextInQueue = null;
        return car;
    }
}
