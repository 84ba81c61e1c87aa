package org.jadi.adi.memory.ring;

import static org.jadi.adi.memory.ring.RingDescriptor.CONSUMED_OFFSET;
import static org.jadi.adi.memory.ring.RingDescriptor.GRANULE;
import static org.jadi.adi.memory.ring.RingDescriptor.HEADER_BYTES;
import static org.jadi.adi.memory.ring.RingDescriptor.LINE;
import static org.jadi.adi.memory.ring.RingDescriptor.LINE_PADDING;
import static org.jadi.adi.memory.ring.RingDescriptor.LONG_HEADER_BYTES;
import static org.jadi.adi.memory.ring.RingDescriptor.PADDING;
import static org.jadi.adi.memory.ring.RingDescriptor.RESERVE_BYTES;
import static org.jadi.adi.memory.ring.RingDescriptor.SHORT;
import static org.jadi.adi.memory.ring.RingDescriptor.SHORT_HEADER_BYTES;
import static org.jadi.adi.memory.ring.RingDescriptor.headerBytes;
import static org.jadi.adi.memory.ring.RingDescriptor.recordBytes;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.device.Inlet;
import org.jadi.adi.memory.SmallCopy;
import org.jadi.adi.stats.HotPath;

/**
 * One end of a ring in shared memory: one producer, one consumer. An object serves as one of the two.
 *
 * <p>The consumer polls the length word of the next record, so a small message costs one cache line, or half of one. It
 * never writes into the data; instead the producer sees to it that the word after each record it publishes is zero.
 * Clearing a line that the other CPU has read takes as long as sending a message; therefore the producer clears words
 * ahead after it has published a small record, and before it copies the payload of a large one.
 */
public final class Ring extends Inlet {
    /** Answer of {@link #drain}: what stands in the ring was not written by a producer. */
    public static final int CORRUPT = -1;

    private static final int RETAINED = 8;

    /** Words are cleared in batches: the lines of a batch are fetched at once, single ones one after the other. */
    private static final int CLEAR_AHEAD = 5 * LINE;
    private static final int CLEAR_LOW = LINE;

    /** Beyond, payloads are copied by means that do not want to have the lines before. */
    private static final int CLEAR_MOST = 6 << 10;

    /** Beyond, lines are fetched ahead only while the two ranks take turns: a stream of packets has no time to spare for that. */
    private static final int CLEAR_ALWAYS = LINE;

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

    /** OWNER: the producer. End of the claimed record. */
    private long claimed;

    // OWNER: the producer. What finds the ring of the other direction, or null; the ring; and where it was.
    private Supplier<Ring> opposite;
    private Ring answers;
    private long answered;

    /** OWNER: the consumer. Bytes of the record that {@link #next} has found. */
    private int found;

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
    public Ring(MemorySegment memory, long offset, int bytes) {
        this.memory = memory;
        this.consumedWord = offset + CONSUMED_OFFSET;
        this.data = offset + HEADER_BYTES;
        this.bytes = bytes;
        this.mask = bytes - 1;
        this.cleared = bytes;
    }

    public int bytes() {
        return bytes;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    /** Returns the place of the payload of a claimed record. */
    @HotPath
    public long payloadOffset(boolean isShort) {
        return data + (position & mask) + headerBytes(isShort);
    }

    /**
     * Makes room for a record at the producer's position.
     *
     * @param isShort whether the record will be published with a short header
     * @param control whether the reserve may be used
     * @return whether there is room
     */
    @HotPath
    public boolean claim(int payload, boolean isShort, boolean control) {
        int need = recordBytes(payload, isShort);
        if (need > GRANULE && (position & GRANULE) != 0) {
            need += GRANULE; // first to the next line
        }
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
        if (claimed > position) {
            cleared = position; // the last claim was given up: what was written for it may lie anywhere ahead
        }
        if (left < need) {
            pad(left, PADDING);
        } else if (need > GRANULE && (position & GRANULE) != 0) {
            pad(GRANULE, LINE_PADDING);
        }
        claimed = position + recordBytes(payload, isShort);
        if (claimed >= cleared) {
            clearAt(claimed);
        }
        return true;
    }

    @HotPath
    private void pad(long length, int marker) {
        long at = data + (position & mask);
        if (position + length >= cleared) {
            clearAt(position + length);
        }
        // ORDER: pairs with loadIntAcquire in drain.
        Words.storeIntRelease(memory, at, marker);
        position += length;
    }

    /** Publishes the claimed record, whose payload is written already; it may be shorter than was claimed. */
    @HotPath
    public void publish(int payload, boolean isShort, long h0, long h1, long h2, long h3) {
        long at = data + (position & mask);
        long next = position + recordBytes(payload, isShort);
        if (next != claimed) {
            clearAt(next); // and what follows may have been written over
            claimed = next;
        }
        Words.storeLong(memory, at + 8, h0);
        Words.storeLong(memory, at + 16, h1);
        if (!isShort) {
            Words.storeLong(memory, at + 24, h2);
            Words.storeLong(memory, at + 32, h3);
        }
        // ORDER: header, payload and the zero after the record are visible before this length. Pairs with loadIntAcquire
        // in drain.
        // CRASH: a producer that dies before this line leaves a length of 0: nothing was sent.
        Words.storeIntRelease(memory, at, payload + 1 | (isShort ? SHORT : 0));
        position = next;
        if (payload <= CLEAR_ALWAYS || payload <= CLEAR_MOST && isAnswered()) {
            clearAhead(recordBytes(payload, isShort));
        }
    }

    /** Returns whether anything has come back since this was last asked. The poller may be another thread: then it is a guess. */
    @HotPath
    private boolean isAnswered() {
        Ring back = answers;
        if (back == null && opposite != null) {
            back = opposite.get();
            answers = back;
        }
        long before = answered;
        answered = back == null ? 0 : back.position;
        return answered != before;
    }

    /** Sets what finds this process's end of the ring of the other direction, or null while there is none. Before the first packet. */
    public void setOpposite(Supplier<Ring> finder) {
        opposite = finder;
    }

    /**
     * Sends a packet, as {@link Endpoint#trySend}; the producer.
     *
     * @param large how payloads are copied that are long enough for it
     * @return {@link Endpoint#SENT} or {@link Endpoint#NO_ROOM}
     */
    @HotPath
    public int send(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length, BulkCopy large) {
        boolean isShort = RingDescriptor.isShort(h2, h3, length);
        if (!claim(length, isShort, false)) {
            return Endpoint.NO_ROOM;
        }
        if (length != 0) {
            long at = payloadOffset(isShort);
            if (length <= SmallCopy.MOST_BYTES) {
                SmallCopy.copy(payload, offset, memory, at, length);
            } else if (length < large.leastBytes()) {
                MemorySegment.copy(payload, offset, memory, at, length);
            } else {
                large.copy(payload, offset, memory, at, length);
            }
        }
        publish(length, isShort, h0, h1, h2, h3);
        return Endpoint.SENT;
    }

    /** Sends a header in the reserved room, as {@link Endpoint#trySendControl}; the producer. */
    @HotPath
    public int sendControl(long h0, long h1, long h2, long h3) {
        if (!claim(0, false, true)) {
            return Endpoint.NO_ROOM;
        }
        publish(0, false, h0, h1, h2, h3);
        return Endpoint.SENT;
    }

    /** Clears the length word at a position; lines in between stay as they are. */
    private void clearAt(long at) {
        Words.storeInt(memory, data + (at & mask), 0);
        cleared = at + GRANULE;
    }

    /** Fetches the lines of the next record while the peer is busy with this one; they probably are as many. */
    @HotPath
    private void clearAhead(int record) {
        if (cleared - position > Math.max(CLEAR_LOW, record)) {
            return;
        }
        long limit = Math.min(position + Math.max(CLEAR_AHEAD, record + LINE), consumedSeen + bytes);
        long at = cleared;
        while (at < limit) {
            Words.storeInt(memory, data + (at & mask), 0);
            at += GRANULE;
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
    public int drain(int sender, InboundHandler inbound, int most) {
        long at = position;
        int taken = 0;
        try {
            while (taken < most) {
                long place = data + (at & mask);
                // ORDER: pairs with storeIntRelease in publish and pad.
                int word = Words.loadIntAcquire(memory, place);
                if (word <= 0) {
                    if (word == 0) {
                        break;
                    }
                    long skip = padding(word, at);
                    if (skip == 0) {
                        return CORRUPT;
                    }
                    at += skip;
                    continue;
                }
                boolean isShort = (word & SHORT) != 0;
                int length = (word & ~SHORT) - 1;
                if (length < 0 || length > bytes || recordBytes(length, isShort) > bytes - (at & mask)) {
                    return CORRUPT;
                }
                current = at;
                at += recordBytes(length, isShort); // before the call: a handler that throws has had its packet
                deliver(sender, inbound, place, length, isShort);
                taken++;
            }
        } finally {
            if (at != position || released) {
                showConsumed(at);
            }
        }
        return taken;
    }

    /** Returns the length of padding; 0 where no producer writes it, or a ring full of it would be read for ever. */
    @HotPath
    private long padding(int marker, long at) {
        if (marker == PADDING) {
            return (at & mask) == 0 ? 0 : bytes - (at & mask);
        }
        return marker == LINE_PADDING ? at & GRANULE : 0;
    }

    @HotPath
    private void deliver(int sender, InboundHandler inbound, long place, int length, boolean isShort) {
        long h0 = Words.loadLong(memory, place + 8);
        long h1 = Words.loadLong(memory, place + 16);
        if (isShort) {
            inbound.onPacket(sender, h0, h1, length, 0, memory, place + SHORT_HEADER_BYTES, length);
        } else {
            inbound.onPacket(sender, h0, h1, Words.loadLong(memory, place + 24), Words.loadLong(memory, place + 32), memory,
                    place + LONG_HEADER_BYTES, length);
        }
    }

    @Override
    @HotPath
    public int next(int looks) {
        long place = data + (position & mask);
        for (int look = looks; look > 0; look--) {
            // ORDER: pairs with storeIntRelease in publish and pad.
            int word = Words.loadIntAcquire(memory, place);
            if (word != 0) {
                int length = (word & ~SHORT) - 1;
                found = recordBytes(length, true);
                return word > SHORT && found <= bytes - (position & mask) ? length : OTHER;
            }
        }
        return NOTHING;
    }

    @Override
    @HotPath
    public long h0() {
        return Words.loadLong(memory, data + (position & mask) + 8);
    }

    @Override
    @HotPath
    public long h1() {
        return Words.loadLong(memory, data + (position & mask) + 16);
    }

    @Override
    @HotPath
    public long offset() {
        return data + (position & mask) + SHORT_HEADER_BYTES;
    }

    @Override
    @HotPath
    public void take() {
        showConsumed(position + found);
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
    public synchronized long retain() {
        long oldest = retainedCount == 0 ? current : retained[0];
        if (retainedCount == RETAINED || current - oldest > bytes / 4) {
            return -1;
        }
        retained[retainedCount] = current;
        retainedCount = retainedCount + 1;
        return current;
    }

    /** Gives a retained payload back; shown to the producer with the next poll. */
    public synchronized void release(long ticket) {
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
