package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;
import org.jadi.adi.stats.Log;
import org.jadi.device.ucx.Operations.Operation;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.Memory;
import org.jadi.device.ucx.binding.RemoteAccess;
import org.jadi.device.ucx.binding.UcxEvents;
import org.jadi.device.ucx.binding.UcxFailure;
import org.jadi.device.ucx.binding.UcxSession;
import org.jadi.device.ucx.binding.UcxStatus;
import org.jadi.device.ucx.binding.UcxTransport;

/**
 * The worker and its lock: sends packets, takes notes of what UCX reports, and hands them on when no lock is held.
 */
final class UcxPort implements UcxEvents {
    /** Marks tickets of packets that were copied; the others are addresses. */
    private static final long COPY_TICKET = 1L << 62;

    private static final int PROBE_BYTES = 4096;
    private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final int rank;
    private final long key;
    private final UcxConfig config;
    private final InboundHandler inbound;
    private final Log log;
    private final UcxLock lock = new UcxLock();
    private final Slots slots;
    private final UcxEndpoint[] endpoints;
    private final Operations operations;
    private final Regions regions;

    // guarded by lock
    private UcxSession session;
    private UcxTransport transport;
    private Arrivals filling = new Arrivals();
    private int slotsUnderWay;
    private long sends;
    private long flushed;
    private boolean flushing;
    private long flushingUpTo;

    /** Operations that have ended and of which nobody was told. */
    private Operation ended;
    private long strangers;
    private long[] toRelease = new long[16];
    private int toReleaseCount;

    /** Raised under the lock when something other than packets waits to be handed on. */
    private volatile boolean hasNews;
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

    // OWNER: the poller
    private Arrivals full = new Arrivals();
    private int delivered;
    private final int[] numbers;
    private final boolean[] answered;
    private final IntConsumer connectBack;

    /** Whether the engine keeps the packet that is being delivered. */
    private boolean retained;
    private long nextTicket;

    /** Retained packets that lie in a block of ours. */
    private final Map<Long, Arrivals.Block> copies = new ConcurrentHashMap<>();

    UcxPort(int rank, int size, long key, UcxConfig config, Regions regions, IntConsumer connectBack,
            InboundHandler inbound, Log log) {
        this.answered = new boolean[size];
        this.connectBack = connectBack;
        this.regions = regions;
        this.rank = rank;
        this.key = key;
        this.config = config;
        this.inbound = inbound;
        this.log = log;
        this.slots = new Slots(config.maxPayloadBytes());
        this.endpoints = new UcxEndpoint[size];
        this.numbers = new int[size];
        this.operations = new Operations();
    }

    /** Takes the session into use; before any other call. */
    void attach(UcxSession newSession, UcxTransport newTransport) {
        session = newSession;
        transport = newTransport;
    }

    int rank() {
        return rank;
    }

    // ------------------------------------------------------------ sending

    Slot takeSlot(boolean large) {
        lock.lock();
        try {
            return slots.take(large);
        } finally {
            lock.unlock();
        }
    }

    Slot takeSlotLocked(boolean large) {
        return slots.take(large);
    }

    void giveSlot(Slot slot) {
        lock.lock();
        try {
            slots.give(slot);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is in a slot; a large slot is the port's then. Returns false if the peer is lost. */
    @HotPath
    boolean send(UcxEndpoint endpoint, Slot slot, int bytes) {
        lock.lock();
        try {
            Ep ep = endpoint.ep();
            int answer = ep == null ? UcxStatus.NOT_CONNECTED
                    : transport.send(ep, slot.address, bytes, bytes >= config.keepBytes(), slot.index);
            if (answer == UcxTransport.UNDER_WAY) {
                slot.owner = endpoint;
                slot.bytes = bytes;
                slotsUnderWay++;
                endpoint.underWay(slot);
            } else {
                if (slot.large) {
                    slots.give(slot);
                }
                if (answer < 0) {
                    failed(endpoint, answer);
                    return false;
                }
            }
            sends++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------ progress

    /** As {@link org.jadi.adi.device.Device#progress}. */
    @HotPath
    int progress() {
        int work;
        lock.lockAfterOthers();
        try {
            if (toReleaseCount != 0) {
                releaseKept();
            }
            work = transport.progress();
            if (full.count() == 0) {
                Arrivals f = filling;
                filling = full;
                full = f;
            }
        } finally {
            lock.unlock();
        }
        if (full.count() != 0) {
            work += deliver();
        }
        if (hasNews) {
            work += tellNews();
        }
        return work;
    }

    /** Hands packets on; goes on where it was if the engine threw. */
    @HotPath
    private int deliver() {
        Arrivals f = full;
        int count = f.count();
        int begin = delivered;
        while (delivered < count) {
            int i = delivered++;
            long address = f.address(i);
            int from = Slot.rankAt(address);
            if (ALL.get(Memory.INT, address + PacketDescriptor.NUMBER_OFFSET) != numbers[from]++) {
                outOfOrder(from);
            }
            if (!answered[from]) {
                answer(from);
            }
            retained = false;
            inbound.onPacket(from, ALL.get(LONG, address), ALL.get(LONG, address + 8), ALL.get(LONG, address + 16),
                    ALL.get(LONG, address + 24), ALL, address + PacketDescriptor.PAYLOAD_OFFSET,
                    (int) f.length(i) - PacketDescriptor.PAYLOAD_OFFSET);
            if (f.isKept(i) && !retained) {
                release(address);
            }
        }
        delivered = 0;
        f.clear();
        return count - begin;
    }

    /**
     * Makes the endpoint back at a peer's first packet: this rank is to learn of the peer's death.
     */
    private void answer(int from) {
        answered[from] = true;
        connectBack.accept(from);
    }

    private void outOfOrder(int from) {
        throw new IllegalStateException("ucx delivered a packet of rank " + from + " out of order: expected number="
                + (numbers[from] - 1));
    }

    /**
     * Keeps the packet that is being delivered.
     *
     * @return a ticket for {@link #giveBack}
     */
    long retain() {
        if (full.isKept(delivered - 1)) {
            retained = true;
            return full.address(delivered - 1);
        }
        Arrivals.Block block = full.retain();
        long ticket = COPY_TICKET | nextTicket++;
        copies.put(ticket, block);
        return ticket;
    }

    /** Gives a retained packet back. Any thread. */
    void giveBack(long ticket) {
        if ((ticket & COPY_TICKET) == 0) {
            release(ticket);
        } else {
            copies.remove(ticket).release();
        }
    }

    /** Gives a packet back to UCX at the next turn. */
    private void release(long address) {
        lock.lock();
        try {
            if (toReleaseCount == toRelease.length) {
                toRelease = Arrays.copyOf(toRelease, toReleaseCount * 2);
            }
            toRelease[toReleaseCount++] = address;
        } finally {
            lock.unlock();
        }
    }

    private void releaseKept() {
        for (int i = 0; i < toReleaseCount; i++) {
            transport.release(toRelease[i]);
        }
        toReleaseCount = 0;
    }

    private int tellNews() {
        hasNews = false;
        int work = tellEnded();
        for (Runnable r = news.poll(); r != null; r = news.poll()) {
            r.run();
            work++;
        }
        return work;
    }

    private void tell(Runnable r) {
        news.add(r);
        hasNews = true;
    }

    // ------------------------------------------------------------ memory

    /** Begins something over an endpoint; returns UCX's answer. */
    @FunctionalInterface
    interface Start {
        int start(RemoteAccess access, Ep endpoint, int operation);
    }

    MemorySegment allocate(long bytes) {
        lock.lock();
        try {
            Regions.Own own = regions.add(session.allocate(Math.max(8, bytes)), bytes);
            for (UcxEndpoint endpoint : endpoints) {
                if (endpoint != null) {
                    announce(endpoint, Regions.HERE, own);
                }
            }
            return own.memory();
        } finally {
            lock.unlock();
        }
    }

    void free(MemorySegment memory) {
        Regions.Own own = regions.remove(memory);
        own.arena().close();
        lock.lock();
        try {
            for (UcxEndpoint endpoint : endpoints) {
                if (endpoint != null) {
                    announce(endpoint, Regions.GONE, own);
                }
            }
            session.release(own.region());
        } finally {
            lock.unlock();
        }
    }

    /** Makes memory known to UCX; {@link #unregister} ends that. */
    UcxSession.Region register(MemorySegment memory) {
        lock.lock();
        try {
            UcxSession.Region region = session.register(memory.address(), memory.byteSize());
            regions.register(region);
            return region;
        } finally {
            lock.unlock();
        }
    }

    void unregister(UcxSession.Region region) {
        lock.lock();
        try {
            regions.unregister(region);
            session.release(region);
        } finally {
            lock.unlock();
        }
    }

    /** Tells a peer of a region; it is told before whatever is sent to it next. With the lock held. */
    private void announce(UcxEndpoint endpoint, long kind, Regions.Own own) {
        Ep ep = endpoint.ep();
        if (ep == null) {
            return;
        }
        MemorySegment payload = kind == Regions.HERE ? own.announcement() : MemorySegment.ofArray(new byte[0]);
        Slot slot = slots.take(false);
        slot.header(kind, own.number(), 0, 0, endpoint.peerKey(), rank | PacketDescriptor.ANNOUNCEMENT, 0);
        slot.payload(payload, 0, (int) payload.byteSize());
        int bytes = PacketDescriptor.PAYLOAD_OFFSET + (int) payload.byteSize();
        int answer = transport.send(ep, slot.address, bytes, false, slot.index);
        if (answer == UcxTransport.UNDER_WAY) {
            slot.owner = endpoint;
            slot.bytes = bytes;
            slotsUnderWay++;
            endpoint.underWay(slot);
        } else {
            slots.give(slot);
            if (answer < 0) {
                failed(endpoint, answer);
            }
        }
    }

    /** Returns a peer's region, open; null if it is not known within so many turns. */
    Regions.Remote remote(int peer, long token, long length, int turns) {
        for (int i = 0; i < turns; i++) {
            lock.lock();
            try {
                Regions.Remote r = regions.remote(peer, token, length);
                UcxEndpoint endpoint = endpoints[peer];
                if (r != null && endpoint != null && endpoint.ep() != null) {
                    open(r, endpoint.ep());
                    return r;
                }
                if (token < 0) {
                    return null;
                }
                transport.progress();
            } finally {
                lock.unlock();
            }
            Thread.onSpinWait();
        }
        return null;
    }

    private void open(Regions.Remote r, Ep ep) {
        if (!r.isOpen) {
            r.handle = transport.remoteAccess().unpack(ep, r.key);
            r.pointer = transport.remoteAccess().pointer(r.handle, r.address);
            r.isOpen = true;
        }
    }

    /** Finds out whether this process can see memory that another worker of this host allocated: by its own. */
    boolean seesMemory(byte[] ownAddress) {
        lock.lock();
        try {
            if (transport.remoteAccess() == null) {
                return false;
            }
            Ep self = transport.connect(rank, ownAddress);
            UcxSession.Region region = session.allocate(PROBE_BYTES);
            long handle = 0;
            try {
                handle = transport.remoteAccess().unpack(self, region.key());
                return transport.remoteAccess().pointer(handle, region.address()) != 0;
            } finally {
                if (handle != 0) {
                    transport.remoteAccess().forget(handle);
                }
                session.release(region);
                transport.abandon(self);
            }
        } catch (UcxFailure e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Starts an operation towards a peer; its end is told as that of a transfer. */
    Operation start(int peer, Object memory, BulkTransfer.Ended end, Start what) {
        int answer = UcxStatus.NOT_CONNECTED;
        Operation o;
        lock.lock();
        try {
            o = operations.add(peer, true, memory, end, null);
            UcxEndpoint endpoint = endpoints[peer];
            Ep ep = endpoint == null ? null : endpoint.ep();
            if (ep != null) {
                answer = what.start(transport.remoteAccess(), ep, o.number);
            }
            o.status = answer;
            if (answer != UcxTransport.UNDER_WAY) {
                operations.end(o.number);
                if (end != Operations.POLLED) {
                    operations.forget(o);
                }
            }
        } finally {
            lock.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            end.ended(null, answer == UcxTransport.DONE);
        }
        return o;
    }

    /** Makes progress until a polled operation is complete; returns its status. */
    int await(Operation o) {
        while (true) {
            lock.lock();
            try {
                if (!o.underWay) {
                    int status = o.status;
                    operations.forget(o);
                    return status;
                }
                transport.progress();
            } finally {
                lock.unlock();
            }
            Thread.onSpinWait();
        }
    }

    /** Makes progress without handing packets on, for a thread that waits for an operation; tells what has ended. */
    void turn() {
        lock.lock();
        try {
            transport.progress();
        } finally {
            lock.unlock();
        }
        if (hasNews) {
            tellNews();
        }
    }

    // ------------------------------------------------------------ long data

    /** Starts to receive into memory; see {@link org.jadi.adi.device.BulkTransfer}. */
    void receiveBulk(int from, long id, MemorySegment memory, long offset, long length, BulkTransfer.Ended ended, Object what) {
        lock.lock();
        int answer;
        try {
            Operation o = operations.add(from, true, memory, ended, what);
            answer = transport.receiveBulk(memory.address() + offset, length, id ^ key,
                    regions.handle(memory, offset, length), o.number);
            forgetUnlessUnderWay(o, answer);
        } finally {
            lock.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            ended.ended(what, answer == UcxTransport.DONE);
        }
    }

    /** Starts to send memory; see {@link org.jadi.adi.device.BulkTransfer}. */
    void sendBulk(int to, long id, MemorySegment memory, long offset, long length, BulkTransfer.Ended ended, Object what) {
        lock.lock();
        int answer = UcxStatus.NOT_CONNECTED;
        try {
            UcxEndpoint endpoint = endpoints[to];
            Ep ep = endpoint.ep();
            if (ep != null) {
                Operation o = operations.add(to, false, memory, ended, what);
                answer = transport.sendBulk(ep, memory.address() + offset, length, id ^ endpoint.peerKey(),
                        regions.handle(memory, offset, length), o.number);
                forgetUnlessUnderWay(o, answer);
                sends++;
            }
            if (answer < 0) {
                failed(endpoint, answer);
            }
        } finally {
            lock.unlock();
        }
        if (answer != UcxTransport.UNDER_WAY) {
            ended.ended(what, answer == UcxTransport.DONE);
        }
    }

    private void forgetUnlessUnderWay(Operation o, int answer) {
        if (answer != UcxTransport.UNDER_WAY) {
            operations.end(o.number);
            operations.forget(o);
        }
    }

    /**
     * Ends what is under way with a lost peer. An endpoint that works and has nothing to do stays: to close it would look like
     * a failure to a peer that has only said goodbye.
     */
    void abandon(int peer) {
        lock.lock();
        try {
            UcxEndpoint endpoint = endpoints[peer];
            boolean busy = endpoint != null && endpoint.packetsUnderWay() > 0;
            for (Operation o : operations.all()) {
                if (o.underWay && o.rank == peer) {
                    busy = true;
                    if (o.receive) {
                        transport.cancelReceive(o.number);
                    }
                }
            }
            if (endpoint != null && (busy || endpoint.hasFailed())) {
                Ep ep = endpoint.abandon();
                if (ep != null) {
                    transport.abandon(ep);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells of operations that have ended; the poller. */
    private int tellEnded() {
        lock.lock();
        Operation o = ended;
        ended = null;
        lock.unlock();
        int work = 0;
        while (o != null) {
            Operation next = o.next;
            BulkTransfer.Ended told = o.ended;
            Object what = o.what;
            boolean done = o.status == UcxTransport.DONE;
            lock.lock();
            operations.forget(o);
            lock.unlock();
            told.ended(what, done);
            o = next;
            work++;
        }
        return work;
    }

    /** Asks for an event of the worker's descriptor; false if there is something to do. */
    boolean arm() {
        lock.lock();
        try {
            return filling.count() == 0 && toReleaseCount == 0 && !hasNews && transport.arm();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link org.jadi.adi.device.Device#hasUnflushed}. */
    boolean hasUnflushed() {
        lock.lock();
        try {
            if (slotsUnderWay != 0 || operations.isSending()) {
                return true;
            }
            if (!flushing && flushed != sends) {
                long upTo = sends;
                Operation o = operations.add(-1, true, null, null, null);
                flushing = transport.flush(o.number) == UcxTransport.UNDER_WAY;
                if (flushing) {
                    flushingUpTo = upTo;
                } else {
                    forgetUnlessUnderWay(o, UcxTransport.DONE);
                    flushed = upTo;
                }
            }
            return flushed != sends;
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------ what UCX reports, with the lock held

    @Override
    @HotPath
    public boolean onMessage(long address, long length, boolean keepable) {
        if (length < PacketDescriptor.PAYLOAD_OFFSET || ALL.get(LONG, address + PacketDescriptor.KEY_OFFSET) != key
                || Integer.compareUnsigned(Slot.rankAt(address), endpoints.length) >= 0) {
            return onOther(address, length);
        }
        if (keepable) {
            filling.addKept(address, length);
        } else {
            filling.addCopy(address, length);
        }
        return keepable;
    }

    /** An announcement of memory, or something that does not come from this job. */
    private boolean onOther(long address, long length) {
        int from = length < PacketDescriptor.PAYLOAD_OFFSET ? 0 : Slot.rankAt(address);
        int peer = from & ~PacketDescriptor.ANNOUNCEMENT;
        if (from >= 0 || peer >= endpoints.length || ALL.get(LONG, address + PacketDescriptor.KEY_OFFSET) != key) {
            strangers++;
            return false;
        }
        Regions.Remote gone = regions.announced(peer, address, length);
        if (gone != null) {
            transport.remoteAccess().forget(gone.handle);
        }
        return false;
    }

    @Override
    public void onSent(int index, int status) {
        Slot slot = slots.get(index);
        UcxEndpoint endpoint = slot.owner;
        slotsUnderWay--;
        endpoint.out(slot);
        slots.give(slot);
        if (status != 0) {
            failed(endpoint, status);
        }
    }

    @Override
    public void onEnd(int number, int status) {
        Operation o = operations.end(number);
        if (o.ended == Operations.POLLED) {
            o.status = status;
        } else if (o.ended == null) {
            flushing = false;
            flushed = flushingUpTo;
            operations.forget(o);
        } else {
            o.status = status;
            o.next = ended;
            ended = o;
            hasNews = true;
        }
    }

    @Override
    public void onEndpointFailed(int peer, int status) {
        UcxEndpoint endpoint = endpoints[peer];
        if (endpoint != null) {
            failed(endpoint, status);
        }
    }

    private void failed(UcxEndpoint endpoint, int status) {
        if (endpoint.fail()) {
            int peer = endpoint.rank();
            tell(() -> inbound.onPeerFailed(peer, "ucx lost the way to it: " + UcxStatus.text(status)));
        }
    }

    // ------------------------------------------------------------ life

    /** Makes the endpoint to a peer, or returns the one that is there. */
    UcxEndpoint connect(int peer, UcxAddress address) {
        Ep ep;
        lock.lock();
        try {
            if (endpoints[peer] != null) {
                return endpoints[peer];
            }
            ep = transport.connect(peer, address.worker());
        } finally {
            lock.unlock();
        }
        UcxEndpoint endpoint = new UcxEndpoint(this, peer, address.key(), ep, config);
        lock.lock();
        try {
            endpoints[peer] = endpoint;
            for (Regions.Own own : regions.own()) {
                announce(endpoint, Regions.HERE, own);
            }
        } finally {
            lock.unlock();
        }
        return endpoint;
    }

    UcxEndpoint endpoint(int peer) {
        lock.lock();
        try {
            return endpoints[peer];
        } finally {
            lock.unlock();
        }
    }

    /** Ends everything; nobody may be in a call. */
    void close() {
        lock.lock();
        try {
            releaseKept();
            closeEndpoints();
            regions.own().forEach(UcxPort::close);
            session.close();
            transport.close();
            slots.close();
            filling.close();
            full.close();
            copies.values().forEach(Arrivals.Block::release);
            copies.clear();
        } finally {
            lock.unlock();
        }
        if (strangers > 0) {
            log.warn("ucx dropped messages that did not come from this job: count=" + strangers);
        }
    }

    /** Whoever still has the memory gets an error, and not a place that was unmapped. */
    private static void close(Regions.Own own) {
        try {
            own.arena().close();
        } catch (IllegalStateException e) {
            // It is being accessed, against the rules.
        }
    }

    /** Without waiting for peers: by force, which takes a few turns of progress. */
    private void closeEndpoints() {
        for (UcxEndpoint endpoint : endpoints) {
            Ep ep = endpoint == null ? null : endpoint.abandon();
            if (ep != null) {
                transport.abandon(ep);
            }
        }
        long end = System.nanoTime() + CLOSE_NS;
        while (transport.isClosing() && System.nanoTime() - end < 0) {
            transport.progress();
        }
    }

    @Override
    public String toString() {
        return "ucx over " + (config.tls().isEmpty() ? "transports of UCX's choice" : config.tls()) + ", binding "
                + transport.name();
    }
}
