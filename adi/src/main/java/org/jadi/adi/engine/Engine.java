package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.placement.PlacedThreads;
import org.jadi.adi.progress.Progress;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.CarTable;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.PackPlan;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;
import org.jadi.adi.stats.Log;
import org.jadi.bootstrap.Bootstrap;

/**
 * One rank's message engine. Ranks here are those of the job; communicators are known by their context id only.
 *
 * <p>Any thread may call any method. Buffers belong to the engine from the start of an operation to its completion. A
 * failed operation completes; {@link Request#failure} says why.
 */
public final class Engine implements AutoCloseable {
    private static final long REPORT_NS = 30_000_000_000L;

    private final Bootstrap bootstrap;
    private final EngineConfig config;
    private final Log log;
    private final DeviceSet devices;
    private final Matcher matcher;
    private final CarTable cars = new CarTable();
    private final Progressions states;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Receiving receiving;
    private final Progress progress;
    private final PeerLosses losses;
    private final Relays relays;
    private final EngineMemory memory;
    private final AtomicReferenceArray<Peer> peers;
    private final PollerWork work = new PollerWork(this);
    private final Thread stranger = Thread.ofPlatform().unstarted(() -> {});
    private volatile boolean closed;

    /** Opens the engine of a rank with the devices that {@link ServiceLoader} finds. Collective over the job. */
    public static Engine open(Config config, Bootstrap bootstrap) {
        return new Engine(config, bootstrap, providers());
    }

    private static List<DeviceProvider> providers() {
        List<DeviceProvider> providers = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class, Engine.class.getClassLoader()).forEach(providers::add);
        return providers;
    }

    /** Opens the engine of a rank with these devices. Collective over the job. */
    public static Engine open(Config config, Bootstrap bootstrap, List<DeviceProvider> providers) {
        return new Engine(config, bootstrap, providers);
    }

    private Engine(Config values, Bootstrap bootstrap, List<DeviceProvider> providers) {
        this.bootstrap = bootstrap;
        this.config = EngineConfig.of(values, bootstrap.size());
        this.log = new StderrLog(bootstrap.rank(), config.verbose());
        this.matcher = new Matcher(config.firstCounter());
        this.peers = new AtomicReferenceArray<>(bootstrap.size());
        this.outbound = new Outbound(this);
        this.inbound = new Inbound(this, matcher);
        this.states = new Progressions(this);
        this.losses = new PeerLosses(this, matcher);
        PlacedThreads threads = new PlacedThreads(EngineConfig.site(values, bootstrap.size()), log);
        this.relays = new Relays(this, config, inbound);
        this.devices = new DeviceSet(values, config, bootstrap, providers, inbound, log, threads);
        this.memory = new EngineMemory(this, devices);
        inbound.setBulkCopy(devices.capability(BulkCopy.class));
        this.progress = new Progress(devices.open(), devices.doorbell(), work,
                EngineConfig.waiting(values, devices.ranksOnThisMachine()),
                config.progressThread() || config.isGateway(devices.hostOf(bootstrap.rank())),
                "jadi-progress-" + bootstrap.rank(), threads);
        this.receiving = new Receiving(this, matcher, inbound, progress);
    }

    /** Returns the keys of the engine's configuration, for documentation. */
    public static List<ConfigKey> configKeys() {
        return EngineConfig.keys();
    }

    /** Returns the keys of the devices that {@link ServiceLoader} finds, by name of the device in alphabetical order. */
    public static SortedMap<String, List<ConfigKey>> deviceKeys() {
        SortedMap<String, List<ConfigKey>> keys = new TreeMap<>();
        providers().forEach(d -> keys.put(d.name(), d.configKeys()));
        return keys;
    }

    /** Returns this rank in the job. */
    public int rank() {
        return bootstrap.rank();
    }

    /** Returns the number of ranks in the job. */
    public int size() {
        return bootstrap.size();
    }

    /** Returns the log. */
    public Log log() {
        return log;
    }

    // ------------------------------------------------------------------ sends

    /**
     * Sends contiguous memory; the blocking form.
     *
     * @param context context id of the communicator
     * @param source our rank in the communicator, for the receiver's status
     * @param dest rank in the job
     * @param mode a constant of {@link SendMode}
     * @return null if the send is complete; otherwise the request to be awaited
     */
    public Request send(int mode, int context, int source, int dest, int tag, MemorySegment memory, long offset, long bytes) {
        return outbound.send(mode, context, source, dest, tag, memory, offset, bytes);
    }

    /** Starts a send of contiguous memory with a request that is inactive; nonblocking. */
    public void startSend(Request request, int mode, int context, int source, int dest, int tag, MemorySegment memory,
            long offset, long bytes) {
        startSendPiece(request, mode, context, source, dest, tag, memory, offset, bytes);
    }

    /** Starts a piece of a request as a send of contiguous memory; see {@link Request#expect}. */
    public void startSendPiece(Car car, int mode, int context, int source, int dest, int tag, MemorySegment memory,
            long offset, long bytes) {
        car.address(mode, context, source, dest, tag);
        car.setMemory(memory, offset, bytes);
        outbound.start(car);
    }

    /** Starts a piece of a request as a send of memory described by a plan; nonblocking. */
    public void startSendPiece(Car car, int mode, int context, int source, int dest, int tag, PackPlan plan) {
        car.address(mode, context, source, dest, tag);
        car.setMemory(plan);
        outbound.start(car);
    }

    // --------------------------------------------------------------- receives

    /** Makes something of a completed receive. */
    public interface Received<T> {
        /** Makes it of the status: the sender's rank in the communicator, tag, and bytes received. */
        T of(int source, int tag, long bytes);

        /** Makes it of a failure; the request belongs to the engine, and must not be kept. */
        T failed(Request failed);
    }

    /**
     * Receives into contiguous memory; blocking.
     *
     * @param sender rank in the job, or {@link Request#ANY}
     * @param source the sender's rank in the communicator, or {@link Request#ANY}
     * @param bytes capacity
     * @param result makes what is returned; may throw
     */
    public <T> T receive(int context, int sender, int source, int tag, MemorySegment memory, long offset, long bytes,
            Received<T> result) {
        return receiving.receive(context, sender, source, tag, memory, offset, bytes, result);
    }

    /** Starts a receive into contiguous memory; nonblocking. The piece is a request, or a further piece of one. */
    public void startReceivePiece(Car car, int context, int sender, int source, int tag, MemorySegment memory, long offset,
            long bytes) {
        car.setMemory(memory, offset, bytes);
        receiving.post(car, context, sender, source, tag);
    }

    /** Starts a receive into memory described by a plan; nonblocking. */
    public void startReceivePiece(Car car, int context, int sender, int source, int tag, PackPlan plan) {
        car.setMemory(plan);
        receiving.post(car, context, sender, source, tag);
    }

    // ----------------------------------------------------------------- probes

    /**
     * Looks once for a message that could be received.
     *
     * @param source sender's rank in the communicator, or {@link Request#ANY}
     * @param remove true for a matched probe: the message is then the caller's, to be given to {@link #startMatched}
     * @return the message, or null
     */
    public Arrival probe(int context, int source, int tag, boolean remove) {
        return receiving.probe(context, source, tag, remove);
    }

    /**
     * Waits for a message that could be received.
     *
     * @param sender the sender's rank in the job or ANY, to notice that it is lost
     * @param deadlineNs on the clock of {@link System#nanoTime}, or {@link Long#MAX_VALUE}
     * @return the message; null if the time is over or the sender is lost ({@link #failureOf})
     */
    public Arrival probe(int context, int sender, int source, int tag, boolean remove, long deadlineNs) {
        return receiving.probe(context, sender, source, tag, remove, deadlineNs);
    }

    /** Starts the receive of a message taken by a matched probe; nonblocking. */
    public void startMatched(Request request, Arrival arrival, MemorySegment memory, long offset, long bytes) {
        request.setMemory(memory, offset, bytes);
        receiving.startMatched(request, arrival);
    }

    /** Starts the receive of a message taken by a matched probe, into memory described by a plan; nonblocking. */
    public void startMatched(Request request, Arrival arrival, PackPlan plan) {
        request.setMemory(plan);
        receiving.startMatched(request, arrival);
    }

    // ------------------------------------------------------------- completion

    /** Waits for a request; returns false if the time was over before. Deadline as in {@link System#nanoTime}. */
    public boolean await(Request request, long deadlineNs) {
        return progress.await(request, deadlineNs);
    }

    /**
     * Waits until a condition holds that requests' completion makes true; null requests are passed over.
     *
     * @return false if the time was over before
     */
    public boolean awaitAny(BooleanSupplier condition, Request[] requests, long deadlineNs) {
        return progress.awaitCondition(condition, requests, deadlineNs);
    }

    /** Makes progress once, then says whether a request is complete. */
    public boolean test(Request request) {
        if (request.isComplete()) {
            return true;
        }
        progress.poke();
        return request.isComplete();
    }

    /** Makes progress once, unless another thread is at it. */
    public void poke() {
        progress.poke();
    }

    /** Withdraws a request if it is not too late; the request completes in any case (MPI 4.1 §3.8.4). */
    public boolean cancel(Request request) {
        var p = request.progression;
        return p != null && p.cancel(request);
    }

    /** Leaves a piece to the one thread that may access its memory: that thread moves it when it next waits or tests. */
    void leaveToOwner(Car car) {
        car.request.keep();
        work.add(car);
        progress.wakeAll();
        car.request.wakeThreads();
    }

    /** Completes a piece, as failed if its request has a failure. Outside all locks. */
    void completed(Car car) {
        car.end(car.request.failure() == null ? State.COMPLETE : State.FAILED);
        car.request.pieceDone();
    }

    /** Fails a piece. Outside all locks. */
    void fail(Car car, Failure failure) {
        if (!car.state().isTerminal()) {
            car.request.fail(failure);
            car.end(State.FAILED);
            car.request.pieceDone();
        }
    }

    // --------------------------------------------------------------- contexts

    /** Returns whether a receive is posted in a context: a communicator's number cannot be given to another one then. */
    public boolean hasPosted(int context) {
        return receiving.hasPosted(context);
    }

    /** Throws away the messages of a context that has ended; their senders get an answer if they wait for one. */
    public void discard(int context) {
        matcher.drainUnexpected(context).forEach(inbound::refuse);
    }

    /**
     * Runs something on the polling thread, at the end of its turn and outside all locks; it may start operations, and
     * must not wait. For what follows the completion of a request: a {@link org.jadi.adi.request.Waiter} must be short.
     */
    public void defer(Runnable continuation) {
        work.add(continuation);
        progress.ringOthers();
    }

    /** Runs a continuation as {@link #defer(Runnable)} does, without making an object. */
    public void defer(Continuation continuation) {
        work.add(continuation);
        progress.ringOthers();
    }

    // ----------------------------------------------------------------- memory

    /** Returns what concerns memory that devices know, and memory that ranks share. */
    public EngineMemory memory() {
        return memory;
    }

    // ------------------------------------------------------------ shared tasks

    /** Makes progress, and runs a task; see {@link Progress#run}. Returns false if the time is over: then it goes on alone. */
    public boolean run(SharedTask task, Function<SharedTask, Request> waiting, long deadlineNs) {
        return progress.run(task, waiting, deadlineNs);
    }

    /** Returns whether ranks of this node share CPUs; see {@link Progress#sharesCpus}. */
    public boolean sharesCpus() {
        return progress.sharesCpus();
    }

    /** Starts a task that has a request: the polling thread advances it, and completes the request. */
    public void start(SharedTask task) {
        work.add(task);
        progress.ringOthers();
    }

    // --------------------------------------------------- handlers and packets

    /** Registers a handler for packets of a free type ({@link PacketHeader#FIRST_FREE_TYPE} to 255); before any arrives. */
    public void register(int packetType, PacketHandler handler) {
        inbound.register(packetType, handler);
    }

    /** Enqueues a packet without payload to a rank; never waits, may be called by a handler. */
    public void sendControl(int rank, long h0, long h1, long h2, long h3) {
        outbound.control(peer(rank), h0, h1, h2, h3);
    }

    /** Tries to send a packet with payload to a rank; returns whether it was taken. */
    public boolean trySendPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int bytes) {
        Peer peer = peer(rank);
        peer.sendLock.lock();
        try {
            return peer.endpoint.trySend(h0, h1, h2, h3, payload, offset, bytes) == Endpoint.SENT;
        } finally {
            peer.sendLock.unlock();
        }
    }

    // ---------------------------------------------------------------- failure

    /**
     * Returns why a rank cannot be reached any more, or null; for {@link Request#ANY}, why a message from anybody cannot
     * be waited for: a rank crashed, and it could be that one's.
     */
    public Failure failureOf(int rank) {
        if (rank == Request.ANY) {
            return losses.crash();
        }
        Peer peer = peers.get(rank);
        return peer == null ? losses.end() : peer.failure;
    }

    void forEachPeer(Consumer<Peer> action) {
        for (int r = 0; r < peers.length(); r++) {
            Peer peer = peers.get(r);
            if (peer != null) {
                action.accept(peer);
            }
        }
    }

    /** Returns why transfers with a rank fail. */
    Failure lossOf(int rank) {
        Failure known = failureOf(rank);
        return known != null ? known : new Failure(Failure.Kind.PEER_FAILED, "the device could not move data from or to rank "
                + rank);
    }

    void onPeerFailed(int rank, String reason) {
        work.add(() -> losses.lose(peer(rank), true, "rank " + rank + " is lost: " + reason));
        progress.wakeAll();
    }

    void onUnreachable(int rank, String reason) {
        work.add(() -> relays.unreachable(rank, reason));
        progress.wakeAll();
    }

    /** Gives all peers up, because the job is over: what waits fails, and what is started fails too. Any thread. */
    public void abandon(String reason) {
        work.add(() -> losses.loseAll(reason));
        progress.wakeAll();
    }

    void onGoodbye(int rank) {
        work.add(() -> losses.lose(peer(rank), false,
                "rank " + rank + " has closed the library and takes part in no more messages"));
    }

    /** Fails the pieces that wait for an answer of a lost peer. */
    void failAnswerable(Peer peer) {
        losses.failAnswerable(peer);
    }

    void onUnexpected() {
        progress.wakeProbers();
    }

    // ------------------------------------------------------------------- life

    /**
     * Works until everything that this rank has sent is with its peers, or with devices that deliver it.
     *
     * @return false if the time was over before
     */
    public boolean flush(long deadlineNs) {
        return progress.awaitCondition(() -> outbound.isIdle() && !devices.hasUnflushed(), new Request[0], deadlineNs);
    }

    /**
     * Works until no other rank sends through this one any more. A rank that relays must outlive those it serves.
     *
     * @return false if the time was over before
     */
    public boolean awaitRelayed(long deadlineNs) {
        return relays.isIdle() || progress.awaitCondition(relays::isIdle, new Request[0], deadlineNs);
    }

    /** Tells all peers that this rank sends no more, so that nobody waits for it in vain. */
    public void sayGoodbye() {
        forEachPeer(peer -> {
            boolean reached = peer.aside == null || peer.isRelayed();
            if (reached && peer.rank() != rank() && peer.failure == null) {
                outbound.control(peer, PacketHeader.h0(PacketHeader.GOODBYE, 0, 0), 0, 0, 0);
            }
        });
    }

    /** Fails what is under way, and releases the devices once no thread polls them. Never waits for a peer. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        abandon("the library was closed");
        progress.close();
        devices.close();
    }

    /** Returns what this engine is doing, for people: pending operations, queues, devices. */
    public String describe() {
        return EngineReport.of(this, matcher, peers);
    }

    /**
     * Returns which device serves which pair, and why the others were refused. Connects to all ranks and waits, for a
     * bounded time, until each is reached, directly or through another rank, or given up.
     */
    public String reportDevices() {
        long deadlineNs = System.nanoTime() + REPORT_NS;
        for (int rank = 0; rank < size(); rank++) {
            report(rank, deadlineNs);
        }
        return devices.report(rank -> {
            Peer peer = peers.get(rank);
            return peer == null || !peer.isRelayed() ? null : "through rank " + ((RelayEndpoint) peer.endpoint).relay().rank()
                    + " on host " + hostOf(((RelayEndpoint) peer.endpoint).relay().rank()) + ", because " + peer.aside;
        });
    }

    private void report(int rank, long deadlineNs) {
        try {
            Peer peer = peer(rank);
            progress.awaitCondition(() -> peer.endpoint.isConnected() || peer.failure != null || peer.aside != null,
                    new Request[0], deadlineNs);
            if (peer.aside != null) {
                // A packet that says nothing makes the peer wanted.
                outbound.control(peer, PacketHeader.h0(PacketHeader.CREDIT, 0, 0), 0, 0, 0);
                progress.awaitCondition(() -> peer.isRelayed() || peer.failure != null, new Request[0], deadlineNs);
            }
        } catch (DeviceException e) {
            log.info(e.getMessage());
        }
    }

    // -------------------------------------------------------------- internals

    Peer peer(int rank) {
        Peer peer = peers.get(rank);
        return peer != null ? peer : createPeer(rank);
    }

    private synchronized Peer createPeer(int rank) {
        Peer peer = peers.get(rank);
        if (peer == null) {
            DeviceSet.Route route = devices.route(rank);
            peer = new Peer(rank, route.device(), route.device().connect(rank), config, route.grantBytes());
            peers.set(rank, peer);
            losses.greet(peer);
        }
        return peer;
    }

    /** Returns a peer if it was made. */
    Peer knownPeer(int rank) {
        return peers.get(rank);
    }

    /** Returns the name of a rank's host, as that host says it. */
    String hostOf(int rank) {
        return devices.hostOf(rank);
    }

    boolean isConfined(MemorySegment segment) {
        return !segment.isAccessibleBy(stranger);
    }

    long grantBytes() {
        return config.creditBytes();
    }

    Outbound outbound() {
        return outbound;
    }

    Receiving receiving() {
        return receiving;
    }

    Inbound inbound() {
        return inbound;
    }

    Progressions states() {
        return states;
    }

    Progress progress() {
        return progress;
    }

    Relays relays() {
        return relays;
    }

    PeerLosses losses() {
        return losses;
    }

    CarTable cars() {
        return cars;
    }
}
