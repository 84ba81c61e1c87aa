package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.Inlet;
import org.jadi.adi.device.LentBuffers;
import org.jadi.adi.device.MemoryRegistration;
import org.jadi.adi.device.RemoteMemory;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.device.SleepSource;
import org.jadi.adi.stats.HotPath;
import org.jadi.bootstrap.crypto.Randomness;
import org.jadi.device.ucx.binding.FfmTransport;
import org.jadi.device.ucx.binding.JucxTransport;
import org.jadi.device.ucx.binding.UcxLibrary;
import org.jadi.device.ucx.binding.UcxSession;
import org.jadi.device.ucx.binding.UcxTransport;

/** The open device: one worker of UCX, and an endpoint for each peer that is reached. */
final class UcxDevice implements Device, LentBuffers, BulkTransfer, MemoryRegistration {
    private static final Path FAST_NETWORKS = Path.of("/sys/class/infiniband");

    private static final int CHUNK_BYTES = 32 << 10;
    private static final int OVERLAP_BYTES = 8 << 10;
    private static final BulkCopy COPY = new LargeCopy(16 << 10);

    private final DeviceContext context;
    private final UcxConfig config;
    private final DeviceLimits limits;
    private final UcxWorker worker = new UcxWorker();
    private final Departures departures;
    private final Deliveries deliveries;
    private final Peers peers;
    private final Transfers transfers;
    private final Regions regions;
    private final RegionExchange exchange;
    private final Inboxes inboxes;
    private final Mail mail;
    private final UcxProgress progress;
    private final UcxMemory memory;
    private final byte[] address;
    private final byte[] workerAddress;
    private final String description;
    private final UcxWatcher watcher;
    private final StableMemory stable = new StableMemory();
    private final AtomicReferenceArray<String> refusals;
    private volatile AddressBook addresses = rank -> null;
    private boolean closed;
    private Boolean seesMemory; // guarded by this

    private UcxDevice(DeviceContext context, UcxConfig config) {
        this.context = context;
        this.config = config;
        this.limits = limits(config);
        this.refusals = new AtomicReferenceArray<>(context.size());
        int rank = context.rank();
        int size = context.size();
        long key = Randomness.word();
        Failures failures = new Failures(context.inbound());
        this.regions = new Regions(size);
        this.departures = new Departures(worker, failures, config);
        this.inboxes = new Inboxes(context.inbound());
        this.deliveries = new Deliveries(worker, size, context.inbound(), this::onFirst, this::onChange);
        this.peers = new Peers(worker, departures, failures, config, rank, size);
        this.transfers = new Transfers(worker, peers, departures, regions, failures, key);
        this.exchange = new RegionExchange(worker, peers, departures, regions, rank);
        this.mail = new Mail(worker, peers, departures, inboxes, config, size, this::seesMemory);
        this.memory = new UcxMemory(exchange, transfers, regions, size, this::connect, config.usePointers());
        this.progress = new UcxProgress(worker, deliveries, departures, transfers, exchange, mail, inboxes, peers, failures,
                key, size);
        UcxSession session = UcxSession.open(size, config.settings(System.getenv()));
        UcxTransport transport = transport(session);
        worker.attach(session, transport);
        this.description = "ucx over " + (config.tls().isEmpty() ? "transports of UCX's choice" : config.tls()) + ", binding "
                + transport.name();
        this.workerAddress = session.address();
        this.address = new UcxAddress(UcxAddress.VERSION, key, workerAddress).encode();
        this.watcher = new UcxWatcher(progress, rank, context.doorbell(), session.eventDescriptor(), context.threads());
    }

    /** Where a mailbox may serve, data is cut so that both sides copy at the same time; UCX itself has no use for that. */
    private static DeviceLimits limits(UcxConfig config) {
        int most = config.maxPayloadBytes();
        boolean overlap = config.mayShareMemory() && config.mailboxBytes() > 0;
        return new DeviceLimits(most, config.eagerLimitBytes(), overlap ? Math.min(most, CHUNK_BYTES) : most,
                overlap ? Math.min(most, OVERLAP_BYTES) : most, Long.MAX_VALUE);
    }

    static UcxDevice open(DeviceContext context, UcxConfig config) {
        if (!config.useNative()) {
            throw new DeviceException("needs native calls, which --native none forbids");
        }
        if (!context.isNamed() && !hasFastNetwork()) {
            throw new DeviceException("is left out: the host has no device in " + FAST_NETWORKS
                    + "; it serves without one where --device names it");
        }
        String reason = UcxLibrary.load(config.library(), UcxConfig.environment());
        if (reason != null) {
            throw new DeviceException(reason);
        }
        try {
            UcxDevice device = new UcxDevice(context, config);
            device.watcher.start();
            return device;
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException("cannot open UCX " + UcxLibrary.version() + ": " + e.getMessage(), e);
        }
    }

    private static boolean hasFastNetwork() {
        String[] found = FAST_NETWORKS.toFile().list();
        return found != null && found.length > 0;
    }

    /** Calls UCX directly where that is wanted and proves right; else through jucx. */
    private UcxTransport transport(UcxSession session) {
        if (config.direct()) {
            try {
                return new FfmTransport(session, progress);
            } catch (RuntimeException | LinkageError e) {
                context.log().warn("ucx is called through jucx alone, which is slower: " + e.getMessage());
            }
        }
        return new JucxTransport(session, progress);
    }

    @Override
    public String name() {
        return UcxDeviceProvider.NAME;
    }

    @Override
    public DeviceLimits limits() {
        return limits;
    }

    @Override
    public byte[] address() {
        return address.clone();
    }

    @Override
    public void wire(AddressBook published) {
        addresses = published;
    }

    @Override
    public String refusal(int rank) {
        String known = refusals.get(rank);
        return known != null ? known.isEmpty() ? null : known : findRefusal(rank);
    }

    /** UCX alone knows which transports two ranks have in common: making the endpoint is the probe. */
    private String findRefusal(int rank) {
        synchronized (refusals) { // the poller connects too, at a peer's first packet: there is one endpoint to each
            String known = refusals.get(rank);
            return known != null ? known.isEmpty() ? null : known : makeEndpoint(rank);
        }
    }

    private String makeEndpoint(int rank) {
        String reason;
        try {
            reason = rank == context.rank() ? "serves other ranks only" : null;
            if (reason == null) {
                byte[] bytes = addresses.address(rank);
                if (bytes == null) {
                    return "is not open at rank " + rank;
                }
                peers.connect(rank, UcxAddress.decode(bytes), exchange::greet);
            }
        } catch (DeviceException e) {
            reason = "at rank " + rank + " " + e.getMessage();
        } catch (RuntimeException e) {
            reason = "has no transport to rank " + rank + ": " + e.getMessage();
        }
        refusals.set(rank, reason == null ? "" : reason);
        return reason;
    }

    /** A peer has sent its first packet: this rank connects back, and may offer a better way. */
    private void onFirst(int rank) {
        refusal(rank);
        mail.onFirst(rank);
    }

    private void onChange(int rank) {
        mail.onChange(rank);
    }

    @Override
    public Endpoint connect(int rank) {
        String reason = refusal(rank);
        if (reason != null) {
            throw new DeviceException("ucx " + reason);
        }
        return peers.endpoint(rank);
    }

    @Override
    @HotPath
    public int progress() {
        return progress.progress();
    }

    @Override
    public Inlet inlet(int rank) {
        return inboxes.from(rank);
    }

    @Override
    public boolean hasUnflushed() {
        return transfers.hasUnflushed();
    }

    @Override
    public <T> T capability(Class<T> type) {
        if (type == SleepSource.class) {
            return type.cast(watcher);
        }
        if (type == BulkCopy.class) {
            return config.mayShareMemory() ? type.cast(COPY) : null;
        }
        if (type == SharedMemory.class || type == RemoteMemory.class) {
            return seesMemory() ? type.cast(memory) : null;
        }
        return Device.super.capability(type);
    }

    /** Whether ranks of this host reach each other's memory; asked once, when somebody first wants to know. */
    private synchronized boolean seesMemory() {
        if (seesMemory == null) {
            seesMemory = !closed && config.mayShareMemory() && exchange.seesMemory(workerAddress);
        }
        return seesMemory;
    }

    @Override
    public long reserve(Endpoint endpoint, int length) {
        return ((UcxEndpoint) endpoint).reserve(length);
    }

    @Override
    public MemorySegment segment(Endpoint endpoint) {
        return ((UcxEndpoint) endpoint).target();
    }

    @Override
    public void commit(Endpoint endpoint, int length, long h0, long h1, long h2, long h3) {
        ((UcxEndpoint) endpoint).commit(length, h0, h1, h2, h3);
    }

    @Override
    public long retain(int rank) {
        return inboxes.isDelivering() ? inboxes.retain() : deliveries.retain();
    }

    @Override
    public int leastRetainedBytes() {
        return inboxes.isDelivering() ? Integer.MAX_VALUE : config.keepBytes(); // in a mailbox it would take room
    }

    @Override
    public void release(int rank, long ticket) {
        if (!inboxes.giveBack(rank, ticket)) {
            deliveries.giveBack(ticket);
        }
    }

    @Override
    public long leastBytes() {
        return config.bulkBytes();
    }

    @Override
    public boolean canMove(MemorySegment segment) {
        return stable.contains(segment) || regions.contains(segment);
    }

    @Override
    public boolean pays(int rank) {
        return !peers.hasMailbox(rank);
    }

    @Override
    public void receive(int rank, long id, MemorySegment target, long offset, long length, Ended ended, Object what) {
        transfers.receive(rank, id, target, offset, length, ended, what);
    }

    @Override
    public void send(int rank, long id, MemorySegment source, long offset, long length, Ended ended, Object what) {
        transfers.send(rank, id, source, offset, length, ended, what);
    }

    @Override
    public Object register(MemorySegment segment) {
        return segment.byteSize() >= config.bulkBytes() && stable.contains(segment) ? exchange.register(segment) : null;
    }

    @Override
    public void unregister(Object token) {
        exchange.unregister((UcxSession.Region) token);
    }

    @Override
    public void abandon(int rank) {
        transfers.abandon(rank);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watcher.close();
            closeParts();
        }
    }

    /** Nobody may be in a call. Memory that UCX may still use goes after the worker. */
    private void closeParts() {
        long strangers;
        worker.lock();
        try {
            deliveries.giveUcxBack();
            mail.close();
            peers.close();
            exchange.close();
            worker.close();
            departures.close();
            deliveries.close();
            strangers = progress.strangers();
        } finally {
            worker.unlock();
        }
        if (strangers > 0) {
            context.log().warn("ucx dropped messages that did not come from this job: count=" + strangers);
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
