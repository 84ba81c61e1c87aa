package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Inlet;
import org.jadi.adi.engine.Engine.Received;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.memory.SmallCopy;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.progress.Progress;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;
import org.jadi.adi.stats.HotPath;

/** The calls that ask for messages: receives, probes, and the withdrawal of receives. Any thread. */
final class Receiving {
    /** Looks at the way of one peer, two or three microseconds; fewer where another rank needs the CPU. */
    private static final int MOST_LOOKS = 1024;

    private static final int MOST_LOOKS_SHARED = 2;

    /** Looks between two looks at what else there is to do. */
    private static final int LOOKS = 32;

    /** One of so many receives looks at all devices, so that a rank which talks to one peer serves the others. */
    private static final int OTHERS_EVERY = 16;

    private static final int NOT_TAKEN = -1;

    private final Engine engine;
    private final Matcher matcher;
    private final Inbound inbound;
    private final Progress progress;
    private final int mostLooks;

    /** OWNER: the poller. A request for its next blocking receive. */
    private Request spare;

    /** OWNER: the poller. Receives since one looked at all devices. */
    private int inARow;

    /** The context in which the poller looks for a message without a request; -1 for none. */
    private int lookingIn = -1;

    private int takenTag;

    Receiving(Engine engine, Matcher matcher, Inbound inbound, Progress progress) {
        this.engine = engine;
        this.matcher = matcher;
        this.inbound = inbound;
        this.progress = progress;
        this.mostLooks = progress.sharesCpus() ? MOST_LOOKS_SHARED : MOST_LOOKS;
    }

    /** See {@link Engine#receive}. */
    <T> T receive(int context, int sender, int source, int tag, MemorySegment memory, long offset, long bytes,
            Received<T> result) {
        if (sender == Request.ANY || Thread.currentThread().isVirtual() || !progress.tryEnter()) {
            Request request = newRequest(memory, offset, bytes);
            post(request, context, sender, source, tag);
            progress.await(request, Long.MAX_VALUE);
            return request.failure() == null ? result.of(request.statusSource, request.statusTag, request.statusBytes)
                    : result.failed(request);
        }
        Request request;
        try {
            boolean all = ++inARow == OTHERS_EVERY;
            inARow = all ? 0 : inARow;
            int taken = all ? NOT_TAKEN : takeAtOnce(engine.peer(sender), context, source, tag, memory, offset, bytes);
            if (taken != NOT_TAKEN) {
                return result.of(source, takenTag, taken);
            }
            request = takeSpare(memory, offset, bytes);
            receiveAsPoller(request, context, sender, source, tag, all);
            if (request.failure() == null) {
                T received = result.of(request.statusSource, request.statusTag, request.statusBytes);
                keepSpare(request);
                return received;
            }
        } finally {
            inbound.setDirect(null);
            lookingIn = -1;
            progress.exit();
        }
        // Outside, because what is made of a failure may be the work of a user's error handler, which may communicate.
        return result.failed(request);
    }

    /**
     * The shortest way: looks, for a short while, for a small message that comes next from its sender and is the one that
     * is wanted, and copies it where it lies. Whatever else there is takes the general way.
     *
     * <p>As the poller, nobody else can store a message meanwhile, and what is posted now was started after this receive.
     *
     * @return bytes received, or {@value #NOT_TAKEN}
     */
    @HotPath
    private int takeAtOnce(Peer peer, int context, int source, int tag, MemorySegment memory, long offset, long bytes) {
        Inlet inlet = peer.inlet();
        if (inlet == null || !isFirst(peer, context)) {
            return NOT_TAKEN;
        }
        lookingIn = context;
        for (int looks = mostLooks; looks > 0; looks -= LOOKS) {
            int length = inlet.next(Math.min(looks, LOOKS));
            if (length >= 0) {
                return length <= bytes && isWanted(inlet, context, source, tag) && copy(inlet, memory, offset, length)
                        ? take(peer, inlet, length) : NOT_TAKEN;
            }
            if (length == Inlet.OTHER || !progress.isQuiet()) {
                return NOT_TAKEN;
            }
        }
        return NOT_TAKEN;
    }

    /** Returns whether nobody else needs the poller, no message of the peer is stored, and no receive that could match is posted. */
    @HotPath
    private boolean isFirst(Peer peer, int context) {
        return progress.isQuiet() && !peer.mayHaveUnexpected() && peer.isPostedEmpty() && !matcher.mayHaveWildcards(context)
                && peer.failure == null && peer.aside == null;
    }

    @HotPath
    private boolean isWanted(Inlet inlet, int context, int source, int tag) {
        if (inlet.h0() != PacketHeader.h0(PacketHeader.EAGER, 0, context)) {
            return false;
        }
        long h1 = inlet.h1();
        takenTag = PacketHeader.tag(h1);
        return PacketHeader.source(h1) == source && (takenTag == tag || tag == Request.ANY);
    }

    /** Copies the payload; returns false where the user's memory refuses that, for which the general way has words. */
    @HotPath
    private static boolean copy(Inlet inlet, MemorySegment memory, long offset, int length) {
        try {
            if (length <= SmallCopy.MOST_BYTES) {
                SmallCopy.copy(inlet.memory(), inlet.offset(), memory, offset, length);
            } else {
                MemorySegment.copy(inlet.memory(), inlet.offset(), memory, offset, length);
            }
            return true;
        } catch (RuntimeException e) { // closed arena, wrong thread, read-only, too short
            return false;
        }
    }

    @HotPath
    private int take(Peer peer, Inlet inlet, int length) {
        inlet.take();
        inbound.owe(peer, length + Outbound.ENVELOPE_COST);
        return length;
    }

    private static Request newRequest(MemorySegment memory, long offset, long bytes) {
        Request request = new Request();
        request.operation = "recv";
        request.setMemory(memory, offset, bytes);
        return request;
    }

    private Request takeSpare(MemorySegment memory, long offset, long bytes) {
        Request request = spare;
        spare = null;
        if (request == null) {
            return newRequest(memory, offset, bytes);
        }
        request.setMemory(memory, offset, bytes);
        return request;
    }

    /** Keeps the request of a blocking receive for the next: no user ever saw it, and no table knows it any more. */
    private void keepSpare(Request request) {
        if (request.state() == State.COMPLETE) {
            request.reset();
            spare = request;
        }
    }

    /**
     * As the poller, nobody else can store a message meanwhile: if none is stored, the receive need not be posted, and
     * takes the next message that matches (unless another thread's receive is posted before it by then).
     */
    private void receiveAsPoller(Request request, int context, int sender, int source, int tag, boolean all) {
        Peer peer = engine.peer(sender);
        request.unshared = !peer.mayHaveUnexpected() && peer.failure == null && peer.aside == null;
        if (!request.unshared) {
            post(request, context, sender, source, tag);
        } else {
            request.address(0, context, source, sender, tag);
            request.become(engine.states().posted);
            inbound.setDirect(request);
        }
        progress.poll(request, all ? null : peer.device, Long.MAX_VALUE);
    }

    /** Starts a receive whose memory is set, with a message that is stored, or by posting it. */
    void post(Car car, int context, int sender, int source, int tag) {
        car.address(0, context, source, sender, tag);
        car.become(engine.states().posted);
        Arrival arrival = sender == Request.ANY ? findOrPostWildcard(car) : findOrPost(engine.peer(sender), car);
        if (arrival != null) {
            inbound.accept(arrival, car);
        }
    }

    private Arrival findOrPostWildcard(Car car) {
        Arrival arrival = matcher.findOrPostWildcard(car);
        Failure crash = engine.failureOf(Request.ANY);
        if (arrival == null && crash != null && matcher.cancel(null, car)) {
            engine.fail(car, crash);
        }
        return arrival;
    }

    private Arrival findOrPost(Peer peer, Car car) {
        Arrival arrival = matcher.findOrPost(peer, car);
        if (arrival == null && peer.failure != null && matcher.cancel(peer, car)) {
            engine.fail(car, peer.failure);
        }
        if (peer.aside != null && !peer.isRelayed()) {
            engine.defer(() -> engine.relays().want(peer));
        }
        return arrival;
    }

    /** See {@link Engine#probe(int, int, int, boolean)}. */
    Arrival probe(int context, int source, int tag, boolean remove) {
        Arrival found = matcher.probe(context, source, tag, remove);
        if (found == null) {
            progress.poke();
            found = matcher.probe(context, source, tag, remove);
        }
        return found;
    }

    /** See {@link Engine#probe(int, int, int, int, boolean, long)}. */
    Arrival probe(int context, int sender, int source, int tag, boolean remove, long deadlineNs) {
        Arrival[] found = new Arrival[1];
        progress.awaitCondition(() -> {
            boolean lost = engine.failureOf(sender) != null;
            if (found[0] == null) { // the condition is asked again after it was true, and must not take a second message
                found[0] = matcher.probe(context, source, tag, remove);
            }
            return found[0] != null || lost;
        }, new Request[0], deadlineNs);
        return found[0];
    }

    /** Starts the receive of a message taken by a matched probe; the memory is set. */
    void startMatched(Request request, Arrival arrival) {
        request.address(0, arrival.context, arrival.source, arrival.peer.rank(), arrival.tag);
        request.become(engine.states().posted);
        inbound.accept(arrival, request);
    }

    /** Takes a posted receive back; it completes as cancelled. Returns false if it was matched before. */
    boolean withdraw(Car car) {
        if (!matcher.cancel(car.peer == Request.ANY ? null : engine.peer(car.peer), car)) {
            return false;
        }
        car.request.cancelled = true;
        car.end(State.CANCELLED);
        car.request.pieceDone();
        progress.ringOthers();
        return true;
    }

    /** See {@link Engine#hasPosted}. */
    boolean hasPosted(int context) {
        Request direct = inbound.direct();
        if (direct != null && direct.context == context || lookingIn == context || matcher.hasPosted(null, context)) {
            return true;
        }
        boolean[] found = new boolean[1];
        engine.forEachPeer(peer -> found[0] |= matcher.hasPosted(peer, context));
        return found[0];
    }
}
