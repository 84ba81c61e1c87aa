package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.INT;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.LibC;
import org.jadi.device.ucx.binding.RemoteAccess;
import org.jadi.device.ucx.binding.UcxFailure;
import org.jadi.device.ucx.binding.UcxSession;

/**
 * How two ranks come to a mailbox. At the first packet of a peer, the receiver makes one and offers it. Where UCX gives the
 * sender a pointer to that memory, it says as its last active message that it changes over; elsewhere it declines.
 */
final class Mail {
    /** Kinds of announcements, as those of {@link Regions}: a mailbox is there. */
    static final long OFFER = 3;

    /** The mailbox cannot be used. */
    static final long DECLINE = 4;

    /** All packets that follow lie in the mailbox. Handed on in the order of the packets. */
    static final long CHANGE = 5;

    /** Something lies in the mailbox of a rank that sleeps. */
    static final long WAKE = 6;

    /** Payload of an offer: address, bytes of the ring, bytes of the key, key. */
    private static final int KEY_OFFSET = 24;

    /** What a peer said that must be answered outside of UCX's upcall. */
    private record Offer(int peer, long address, int ringBytes, byte[] key) {}

    /** A mailbox of this rank. */
    private record Box(UcxSession.Region region, MemorySegment memory, Arena arena) {}

    private final UcxWorker worker;
    private final Peers peers;
    private final Departures departures;
    private final Inboxes inboxes;
    private final int ringBytes;
    private final int maxPayloadBytes;
    private final BooleanSupplier seesMemory;

    // guarded by the worker's lock
    private final Box[] boxes;
    private final Queue<Offer> offers = new ArrayDeque<>();
    private final Queue<Integer> declined = new ArrayDeque<>();
    private final List<Outbox> outboxes = new ArrayList<>();

    /** Ranks whose packets come as active messages. OWNER: the poller. */
    private int withoutBox;

    /**
     * For a rank.
     *
     * @param seesMemory whether ranks of this host reach each other's memory
     */
    Mail(UcxWorker worker, Peers peers, Departures departures, Inboxes inboxes, UcxConfig config, int size,
            BooleanSupplier seesMemory) {
        this.worker = worker;
        this.peers = peers;
        this.departures = departures;
        this.inboxes = inboxes;
        this.ringBytes = config.mailboxBytes();
        this.maxPayloadBytes = config.maxPayloadBytes();
        this.seesMemory = seesMemory;
        this.boxes = new Box[size];
    }

    // ------------------------------------------------------------ the receiver, which is the poller

    /** A first packet came from a peer, to whom there is an endpoint: offers a mailbox if it may be of use. */
    void onFirst(int peer) {
        withoutBox++;
        if (!isPossible() || !seesMemory.getAsBoolean()) {
            return;
        }
        worker.lock();
        try {
            UcxEndpoint endpoint = peers.get(peer);
            if (endpoint != null && boxes[peer] == null) {
                offer(peer, endpoint);
            }
        } catch (UcxFailure | InternalError e) { // how UCX and the JVM tell that memory cannot be had
            discard(peer);
        } finally {
            worker.unlock();
        }
    }

    private boolean isPossible() {
        return ringBytes > 0 && MailboxDescriptor.fits(maxPayloadBytes, ringBytes) && LibC.hasBarrier();
    }

    @SuppressWarnings("restricted")
    private void offer(int peer, UcxEndpoint endpoint) {
        long bytes = MailboxDescriptor.bytes(ringBytes);
        UcxSession.Region region = worker.session().allocate(bytes + MailboxDescriptor.ALIGNMENT);
        long address = region.address() + MailboxDescriptor.ALIGNMENT - 1 & -MailboxDescriptor.ALIGNMENT;
        Arena arena = Arena.ofShared();
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
        boxes[peer] = new Box(region, memory, arena);
        memory.fill((byte) 0);
        byte[] key = region.key();
        MemorySegment payload = MemorySegment.ofArray(new byte[KEY_OFFSET + key.length]);
        payload.set(LONG, 0, address);
        payload.set(LONG, 8, ringBytes);
        payload.set(LONG, 16, key.length);
        MemorySegment.copy(key, 0, payload, ValueLayout.JAVA_BYTE, KEY_OFFSET, key.length);
        departures.announce(endpoint, OFFER, peer, payload);
    }

    private void discard(int peer) {
        Box box = boxes[peer];
        if (box != null) {
            boxes[peer] = null;
            box.arena.close();
            worker.session().release(box.region);
        }
    }

    /** A peer has changed over, and all its active messages were delivered. */
    void onChange(int peer) {
        worker.lock();
        try {
            Box box = boxes[peer];
            if (box != null) {
                inboxes.add(peer, box.memory, ringBytes);
                withoutBox--;
            }
        } finally {
            worker.unlock();
        }
    }

    /** Returns whether all who have sent so far do so through mailboxes. */
    @HotPath
    boolean isEnough() {
        return withoutBox == 0 && inboxes.count() != 0;
    }

    // ------------------------------------------------------------ with the lock held

    /** A peer tells of a mailbox; returns false if it is nothing of ours. In UCX's upcall. */
    boolean onAnnouncement(int peer, long kind, long address, long length) {
        if (kind == OFFER) {
            long payload = address + PacketDescriptor.PAYLOAD_OFFSET;
            long left = length - PacketDescriptor.PAYLOAD_OFFSET - KEY_OFFSET;
            int keyBytes = left < 0 ? -1 : ALL.get(INT, payload + 16);
            if (keyBytes >= 0 && keyBytes <= left) {
                byte[] key = new byte[keyBytes];
                MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, payload + KEY_OFFSET, key, 0, keyBytes);
                offers.add(new Offer(peer, ALL.get(LONG, payload), ALL.get(INT, payload + 8), key));
            }
        } else if (kind == DECLINE) {
            declined.add(peer);
        }
        return kind >= OFFER && kind <= WAKE;
    }

    /** Answers what peers told, outside of UCX's upcalls. */
    @HotPath
    void answer() {
        if (!offers.isEmpty() || !declined.isEmpty()) {
            answerAll();
        }
    }

    private void answerAll() {
        while (!declined.isEmpty()) {
            discard(declined.remove()); // who declines does not change over
        }
        while (!offers.isEmpty()) {
            Offer offer = offers.remove();
            UcxEndpoint endpoint = peers.get(offer.peer);
            if (endpoint != null && endpoint.ep() != null && !take(offer, endpoint)) {
                departures.announce(endpoint, DECLINE, offer.peer, MemorySegment.ofArray(new byte[0]));
            }
        }
    }

    @SuppressWarnings("restricted")
    private boolean take(Offer offer, UcxEndpoint endpoint) {
        RemoteAccess access = worker.transport().remoteAccess();
        if (access == null || !isPossible() || !MailboxDescriptor.fits(maxPayloadBytes, offer.ringBytes)
                || Integer.bitCount(offer.ringBytes) != 1) {
            return false;
        }
        long handle;
        try {
            handle = access.unpack(endpoint.ep(), offer.key);
        } catch (UcxFailure e) {
            return false;
        }
        long pointer = access.pointer(handle, offer.address);
        if (pointer == 0) {
            access.forget(handle);
            return false;
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = MemorySegment.ofAddress(pointer).reinterpret(MailboxDescriptor.bytes(offer.ringBytes), arena, null);
        Outbox outbox = new Outbox(memory, offer.ringBytes, arena, handle, () -> inboxes.from(endpoint.rank()));
        outboxes.add(outbox);
        endpoint.offer(outbox);
        return true;
    }

    /** Ends all mailboxes; before the endpoints and the worker are closed. */
    void close() {
        for (Outbox outbox : outboxes) {
            outbox.close();
            worker.transport().remoteAccess().forget(outbox.handle());
        }
        outboxes.clear();
        for (Box box : boxes) {
            if (box != null) {
                close(box.arena);
            }
        }
    }

    private static void close(Arena arena) {
        try {
            arena.close();
        } catch (IllegalStateException e) {
            // It is being accessed, against the rules.
        }
    }
}
