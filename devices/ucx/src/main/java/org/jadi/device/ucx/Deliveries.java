package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Memory;

/**
 * Packets that came in, from UCX's upcall to the engine and, where the engine keeps them, until it gives them back. UCX fills
 * one {@link Arrivals} with the lock held while the poller empties the other without it.
 */
final class Deliveries implements AutoCloseable {
    /** Marks tickets of packets that were copied; the others are addresses. */
    private static final long COPY_TICKET = 1L << 62;

    private final UcxWorker worker;
    private final InboundHandler inbound;
    private final IntConsumer connectBack;
    private final IntConsumer changeOver;

    // guarded by the worker's lock
    private Arrivals filling = new Arrivals();
    private long[] toRelease = new long[16];
    private int toReleaseCount;

    // OWNER: the poller
    private Arrivals full = new Arrivals();
    private int delivered;
    private final int[] numbers;
    private final boolean[] answered;

    /** Whether the engine keeps the packet that is being delivered. */
    private boolean retained;
    private long nextTicket;

    /** Retained packets that lie in a block of ours. */
    private final Map<Long, Arrivals.Block> copies = new ConcurrentHashMap<>();

    /**
     * For a rank.
     *
     * @param connectBack told of each peer that a first packet comes from
     * @param changeOver told of each peer whose packets come by another way from now on
     */
    Deliveries(UcxWorker worker, int size, InboundHandler inbound, IntConsumer connectBack, IntConsumer changeOver) {
        this.worker = worker;
        this.inbound = inbound;
        this.connectBack = connectBack;
        this.changeOver = changeOver;
        this.numbers = new int[size];
        this.answered = new boolean[size];
    }

    // ------------------------------------------------------------ with the lock held

    /** Takes a packet from UCX; returns whether it stays where it is. */
    @HotPath
    boolean add(long address, long length, boolean keepable) {
        if (keepable) {
            filling.addKept(address, length);
        } else {
            filling.addCopy(address, length);
        }
        return keepable;
    }

    /** Gives packets back to UCX that the engine has finished with. */
    @HotPath
    void giveUcxBack() {
        if (toReleaseCount != 0) {
            releaseKept();
        }
    }

    private void releaseKept() {
        for (int i = 0; i < toReleaseCount; i++) {
            worker.transport().release(toRelease[i]);
        }
        toReleaseCount = 0;
    }

    /** Makes what came in ready for {@link #deliver}, if all that was has been delivered. */
    @HotPath
    void exchange() {
        if (full.count() == 0) {
            Arrivals f = filling;
            filling = full;
            full = f;
        }
    }

    /** Returns whether nothing waits to be delivered or given back. */
    boolean isIdle() {
        return filling.count() == 0 && toReleaseCount == 0;
    }

    // ------------------------------------------------------------ the poller, without the lock

    /** Hands packets on; goes on where it was if the engine threw. */
    @HotPath
    int deliver() {
        return full.count() == 0 ? 0 : deliverAll();
    }

    @HotPath
    private int deliverAll() {
        Arrivals f = full;
        int count = f.count();
        int begin = delivered;
        while (delivered < count) {
            int i = delivered++;
            long address = f.address(i);
            int from = Slot.rankAt(address);
            if (from < 0) {
                changeOver.accept(from & ~PacketDescriptor.ANNOUNCEMENT);
                continue;
            }
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

    /** Makes the endpoint back at a peer's first packet: this rank is to learn of the peer's death. */
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

    // ------------------------------------------------------------ any thread, without the lock

    /** Gives a retained packet back. */
    void giveBack(long ticket) {
        if ((ticket & COPY_TICKET) == 0) {
            release(ticket);
        } else {
            copies.remove(ticket).release();
        }
    }

    /** Gives a packet back to UCX at the next turn. */
    private void release(long address) {
        worker.lock();
        try {
            if (toReleaseCount == toRelease.length) {
                toRelease = Arrays.copyOf(toRelease, toReleaseCount * 2);
            }
            toRelease[toReleaseCount++] = address;
        } finally {
            worker.unlock();
        }
    }

    /** Frees the blocks; with the lock held, after the worker was closed. */
    @Override
    public void close() {
        filling.close();
        full.close();
        copies.values().forEach(Arrivals.Block::release);
        copies.clear();
    }
}
