package org.jadi.device.self;

import static org.jadi.device.self.SelfRingDescriptor.CONTROL_RESERVE_WORDS;
import static org.jadi.device.self.SelfRingDescriptor.HEAD;
import static org.jadi.device.self.SelfRingDescriptor.HELD;
import static org.jadi.device.self.SelfRingDescriptor.PADDING;
import static org.jadi.device.self.SelfRingDescriptor.PAYLOAD_WORD;
import static org.jadi.device.self.SelfRingDescriptor.RECORDS;
import static org.jadi.device.self.SelfRingDescriptor.TAIL;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;

/**
 * The packets of one ordered pair of ranks: a ring in heap memory with one producer and one consumer at a time, each of
 * which may move from thread to thread with a happens-before edge between. Layout: {@link SelfRingDescriptor}.
 */
final class SelfRing {
    /** No room for a record of this size now. */
    static final long NO_ROOM = -1;

    private final int sender;
    private final int capacity;
    private final long[] words;
    private final MemorySegment memory;
    private volatile boolean closed;

    // OWNER: the producer
    private long tail;
    private long headSeen;

    // OWNER: the consumer
    private long read;
    private long head;
    private long tailSeen;
    private long delivering;
    private boolean holding;

    SelfRing(int sender, int capacityBytes) {
        this.sender = sender;
        this.capacity = capacityBytes / Long.BYTES;
        this.words = new long[RECORDS + capacity];
        this.memory = MemorySegment.ofArray(words);
    }

    /** Returns the rank whose packets these are. */
    int sender() {
        return sender;
    }

    /** Returns the memory in which {@link #payloadOffset} counts. */
    MemorySegment memory() {
        return memory;
    }

    /** The receiver is gone: nothing is accepted any more. Any thread. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Producer: returns the position for a packet with a payload that leaves room for control packets, or NO_ROOM. */
    @HotPath
    long claimData(int length) {
        return claim(SelfRingDescriptor.recordWords(length), CONTROL_RESERVE_WORDS);
    }

    /** Producer: returns the position for a packet without payload, out of all that is free, or NO_ROOM. */
    @HotPath
    long claimControl() {
        return claim(SelfRingDescriptor.HEADER_WORDS, 0);
    }

    /** Producer: returns where, in bytes from the beginning of {@link #memory}, the payload at a position lies. */
    @HotPath
    long payloadOffset(long position) {
        return (long) (index(position) + PAYLOAD_WORD) * Long.BYTES;
    }

    /** Producer: makes the packet at a claimed position visible. */
    @HotPath
    void publish(long position, int length, long h0, long h1, long h2, long h3) {
        int index = index(position);
        words[index] = length;
        words[index + 1] = h0;
        words[index + 2] = h1;
        words[index + 3] = h2;
        words[index + 4] = h3;
        tail = position + SelfRingDescriptor.recordWords(length);
        // ORDER: record and padding are visible before the tail. Pairs with loadAcquire in drain.
        SelfWords.storeRelease(words, TAIL, tail);
    }

    /** Consumer: hands over at most {@code limit} packets; returns how many there were. */
    @HotPath
    int drain(InboundHandler inbound, int limit) {
        if (holding) {
            reclaim();
        }
        if (read == tailSeen) {
            // ORDER: pairs with storeRelease in publish.
            tailSeen = SelfWords.loadAcquire(words, TAIL);
        }
        int taken = 0;
        while (taken < limit && read != tailSeen) {
            int index = index(read);
            long length = words[index];
            if (length == PADDING) {
                read += toEnd(read);
            } else {
                deliver(inbound, index, (int) length);
                taken++;
            }
        }
        if (taken > 0) {
            reclaim();
        }
        return taken;
    }

    @HotPath
    private void deliver(InboundHandler inbound, int index, int length) {
        delivering = read;
        read += SelfRingDescriptor.recordWords(length); // before the call: a handler that throws has had its packet
        inbound.onPacket(sender, words[index + 1], words[index + 2], words[index + 3], words[index + 4], memory,
                (long) (index + PAYLOAD_WORD) * Long.BYTES, length);
    }

    /** Consumer, inside a delivery: keeps the record from being overwritten; returns its position. */
    long retain() {
        words[index(delivering)] |= HELD;
        holding = true;
        return delivering;
    }

    /** Any thread: lets a retained record go; the consumer frees it with its next drain. */
    void release(long position) {
        int index = index(position);
        // ORDER: the holder's reads come before this. Pairs with loadAcquire in reclaim.
        SelfWords.storeRelease(words, index, words[index] & ~HELD);
    }

    /** Consumer: frees what was read, up to the first record that is still held. */
    private void reclaim() {
        if (holding) {
            reclaimToFirstHeld();
        } else {
            head = read;
        }
        // ORDER: the reads of the records come before the head moves over them. Pairs with loadAcquire in claim.
        SelfWords.storeRelease(words, HEAD, head);
    }

    private void reclaimToFirstHeld() {
        while (head != read) {
            // ORDER: pairs with storeRelease in release.
            long length = SelfWords.loadAcquire(words, index(head));
            if (length != PADDING && (length & HELD) != 0) {
                return;
            }
            head += length == PADDING ? toEnd(head) : SelfRingDescriptor.recordWords((int) length);
        }
        holding = false;
    }

    @HotPath
    private long claim(int recordWords, int reserve) {
        int toEnd = toEnd(tail);
        int padding = recordWords <= toEnd ? 0 : toEnd;
        long end = tail + padding + recordWords + reserve;
        if (end - headSeen > capacity) {
            // ORDER: pairs with storeRelease in reclaim.
            headSeen = SelfWords.loadAcquire(words, HEAD);
            if (end - headSeen > capacity) {
                return NO_ROOM;
            }
        }
        if (padding != 0) {
            words[index(tail)] = PADDING; // seen only when publish moves the tail past it
        }
        return tail + padding;
    }

    @HotPath
    private int index(long position) {
        return RECORDS + ((int) position & capacity - 1);
    }

    @HotPath
    private int toEnd(long position) {
        return capacity - ((int) position & capacity - 1);
    }

    @Override
    public String toString() {
        return "ring from " + sender + ": tail=" + SelfWords.loadAcquire(words, TAIL) + " head="
                + SelfWords.loadAcquire(words, HEAD) + " capacity=" + capacity + " words" + (closed ? " closed" : "");
    }
}
