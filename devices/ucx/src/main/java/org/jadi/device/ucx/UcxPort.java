package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;
import org.jadi.adi.stats.Log;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.Memory;
import org.jadi.device.ucx.binding.UcxEvents;
import org.jadi.device.ucx.binding.UcxSession;
import org.jadi.device.ucx.binding.UcxStatus;
import org.jadi.device.ucx.binding.UcxTransport;

/**
 * The worker and its lock: sends packets, takes notes of what UCX reports, and hands them on when no lock is held.
 */
final class UcxPort implements UcxEvents {
    /** Marks tickets of packets that were copied; the others are addresses. */
    private static final long COPY_TICKET = 1L << 62;

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

    // guarded by lock
    private UcxSession session;
    private UcxTransport transport;
    private Arrivals filling = new Arrivals();
    private int slotsUnderWay;
    private long sends;
    private long flushed;
    private boolean flushing;
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

    /** Whether the engine keeps the packet that is being delivered. */
    private boolean retained;
    private long nextTicket;

    /** Retained packets that lie in a block of ours. */
    private final Map<Long, Arrivals.Block> copies = new ConcurrentHashMap<>();

    UcxPort(int rank, int size, long key, UcxConfig config, InboundHandler inbound, Log log) {
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
        lock.lock();
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
        int work = 0;
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
            if (slotsUnderWay != 0) {
                return true;
            }
            if (!flushing && flushed != sends) {
                long upTo = sends;
                int operation = operations.add(status -> {
                    flushing = false;
                    flushed = upTo;
                });
                flushing = transport.flush(operation) == UcxTransport.UNDER_WAY;
                if (!flushing) {
                    operations.forget(operation);
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
            strangers++;
            return false;
        }
        if (keepable) {
            filling.addKept(address, length);
        } else {
            filling.addCopy(address, length);
        }
        return keepable;
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
    public void onEnd(int operation, int status) {
        operations.end(operation, status);
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
        endpoints[peer] = endpoint;
        lock.unlock();
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
