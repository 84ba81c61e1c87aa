package org.jadi.device.shm;

import static org.jadi.device.shm.ShmRingDescriptor.CONSUMED_OFFSET;
import static org.jadi.device.shm.ShmRingDescriptor.HEADER_BYTES;
import static org.jadi.device.shm.ShmRingDescriptor.LINE;
import static org.jadi.device.shm.ShmRingDescriptor.PADDING;
import static org.jadi.device.shm.ShmRingDescriptor.RECORD_HEADER_BYTES;
import static org.jadi.device.shm.ShmRingDescriptor.RESERVE_BYTES;
import static org.jadi.device.shm.ShmRingDescriptor.recordBytes;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;

/**
 * One end of a ring in shared memory: one producer, one consumer. An object serves as one of the two.
 *
 * <p>The consumer polls the length word of the next record, so a small message costs one cache line. It never writes
 * into the data; instead the producer sees to it that the word after each record it publishes is zero. It clears words
 * ahead, after publishing, because clearing a line that the other CPU has read takes as long as sending a message.
 */
final class ShmRing {
    /** Answer of {@link #drain}: what stands in the ring was not written by a producer. */
    static final int CORRUPT = -1;

    private static final int RETAINED = 8;

    /** Words are cleared in batches: the lines of a batch are fetched at once, single ones one after the other. */
    private static final int CLEAR_AHEAD = 20 * LINE;
    private static final int CLEAR_LOW = 4 * LINE;

    private final MemorySegment memory;
    private final long data;
    private final long mask;
    private final long consumedWord;
    private final int bytes;

    /** OWNER: the producer or the consumer, whichever this object is. Position of the next record. */
    private long position;

    // OWNER: the producer
    private long consumedSeen;
    private long cleared;

    /** OWNER: the consumer. The record that is being handed on. */
    private long current;

    /** Positions of records whose payload is retained: consumption is not shown beyond them. Guarded by this. */
    private final long[] retained = new long[RETAINED];

    private volatile int retainedCount;
    private volatile boolean released;

    /**
     * Takes an end of a ring that is zeroed (producer), or whose producer has made it (consumer).
     *
     * @param memory the segment in which it lies
     * @param offset of the ring in it
     * @param bytes of its data, a power of two
     */
    ShmRing(MemorySegment memory, long offset, int bytes) {
        this.memory = memory;
        this.consumedWord = offset + CONSUMED_OFFSET;
        this.data = offset + HEADER_BYTES;
        this.bytes = bytes;
        this.mask = bytes - 1;
        this.cleared = bytes;
    }

    int bytes() {
        return bytes;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Returns the place of the payload of a claimed record. */
    @HotPath
    long payloadOffset() {
        return data + (position & mask) + RECORD_HEADER_BYTES;
    }

    /**
     * Makes room for a record at the producer's position.
     *
     * @param control whether the reserve may be used
     * @return whether there is room
     */
    @HotPath
    boolean claim(int payload, boolean control) {
        int need = recordBytes(payload);
        long left = bytes - (position & mask);
        // One line more than the record: the word after it must be free to be cleared.
        long end = position + (left < need ? left + need : need) + LINE + (control ? 0 : RESERVE_BYTES);
        if (end - consumedSeen > bytes) {
            // ORDER: pairs with storeLongRelease in drain; what the consumer has read may be overwritten now.
            consumedSeen = Words.loadLongAcquire(memory, consumedWord);
            if (end - consumedSeen > bytes) {
                return false;
            }
        }
        if (left < need) {
            pad(left);
        }
        return true;
    }

    private void pad(long left) {
        long at = data + (position & mask);
        clearAt(position + left);
        // ORDER: pairs with loadIntAcquire in drain.
        Words.storeIntRelease(memory, at, PADDING);
        position += left;
    }

    /** Publishes the claimed record, whose payload is written already. */
    @HotPath
    void publish(int payload, long h0, long h1, long h2, long h3) {
        long at = data + (position & mask);
        long next = position + recordBytes(payload);
        if (next >= cleared) {
            clearAt(next);
        }
        Words.storeLong(memory, at + 8, h0);
        Words.storeLong(memory, at + 16, h1);
        Words.storeLong(memory, at + 24, h2);
        Words.storeLong(memory, at + 32, h3);
        // ORDER: header, payload and the zero after the record are visible before this length. Pairs with loadIntAcquire
        // in drain.
        // CRASH: a producer that dies before this line leaves a length of 0: nothing was sent.
        Words.storeIntRelease(memory, at, payload + 1);
        position = next;
        clearAhead();
    }

    /** Clears the length word at a position; lines in between stay as they are. */
    private void clearAt(long at) {
        Words.storeInt(memory, data + (at & mask), 0);
        cleared = at + LINE;
    }

    @HotPath
    private void clearAhead() {
        if (cleared - position > CLEAR_LOW) {
            return;
        }
        long limit = Math.min(position + CLEAR_AHEAD, consumedSeen + bytes);
        long at = cleared;
        while (at < limit) {
            Words.storeInt(memory, data + (at & mask), 0);
            at += LINE;
        }
        cleared = at;
    }

    /**
     * Takes records and hands them on; the consumer.
     *
     * @param most largest number of records
     * @return the number taken, or {@link #CORRUPT}
     */
    @HotPath
    int drain(int sender, InboundHandler inbound, int most) {
        long at = position;
        int taken = 0;
        try {
            while (taken < most) {
                long place = data + (at & mask);
                // ORDER: pairs with storeIntRelease in publish and pad.
                int length = Words.loadIntAcquire(memory, place);
                if (length == 0) {
                    break;
                }
                if (length == PADDING) {
                    at += bytes - (at & mask);
                    continue;
                }
                if (length < 0 || length > bytes || recordBytes(length - 1) > bytes - (at & mask)) {
                    return CORRUPT;
                }
                current = at;
                at += recordBytes(length - 1); // before the call: a handler that throws has had its packet
                deliver(sender, inbound, place, length - 1);
                taken++;
            }
        } finally {
            if (at != position || released) {
                showConsumed(at);
            }
        }
        return taken;
    }

    @HotPath
    private void deliver(int sender, InboundHandler inbound, long place, int length) {
        inbound.onPacket(sender, Words.loadLong(memory, place + 8), Words.loadLong(memory, place + 16),
                Words.loadLong(memory, place + 24), Words.loadLong(memory, place + 32), memory,
                place + RECORD_HEADER_BYTES, length);
    }

    @HotPath
    private void showConsumed(long at) {
        position = at;
        // ORDER: the payloads were read before this. Pairs with loadLongAcquire in claim.
        Words.storeLongRelease(memory, consumedWord, retainedCount == 0 && !released ? at : consumable(at));
    }

    /** Returns the position up to which nothing is retained. */
    private synchronized long consumable(long at) {
        released = false;
        long least = at;
        for (int i = 0; i < retainedCount; i++) {
            least = Math.min(least, retained[i]);
        }
        return least;
    }

    /** Keeps the payload of the record that is being handed on; -1 if too much would be held. */
    synchronized long retain() {
        long oldest = retainedCount == 0 ? current : retained[0];
        if (retainedCount == RETAINED || current - oldest > bytes / 4) {
            return -1;
        }
        retained[retainedCount] = current;
        retainedCount = retainedCount + 1;
        return current;
    }

    /** Gives a retained payload back; shown to the producer with the next poll. */
    synchronized void release(long ticket) {
        for (int i = 0; i < retainedCount; i++) {
            if (retained[i] == ticket) {
                System.arraycopy(retained, i + 1, retained, i, retainedCount - i - 1);
                retainedCount = retainedCount - 1;
                released = true;
                return;
            }
        }
        throw new IllegalArgumentException("not retained: ticket=" + ticket);
    }

    @Override
    public String toString() {
        String ring = "ring " + (bytes >> 10) + " KiB, position " + position;
        try {
            return ring + ", consumed " + Words.loadLongAcquire(memory, consumedWord);
        } catch (IllegalStateException e) {
            return ring + ", closed"; // a report may come after the end
        }
    }
}
