package org.jadi.device.self;

/**
 * Layout of a ring, in words of 8 bytes; a position counts words and never goes back.
 * <pre>
 *  word 0     16     17    32     33    48                         48 + capacity
 *       +-----+------+-----+------+-----+------------ - - -----------+
 *       | gap | tail | gap | head | gap | records                    |
 *       +-----+------+-----+------+-----+------------ - - -----------+
 *
 *  record, at 48 + position % capacity
 *  word 0                 1    2    3    4    5              5 + (length + 7) / 8
 *       +-----------------+----+----+----+----+---- - - -------+
 *       | length or flags | h0 | h1 | h2 | h3 | payload        |
 *       +-----------------+----+----+----+----+---- - - -------+
 * </pre>
 * {@code PADDING} in place of the length: nothing more follows up to the end of the ring. {@code HELD} is set beside the
 * length while the engine retains the payload. Gaps keep the words of the two threads 128 bytes apart.
 */
final class SelfRingDescriptor {
    static final int TAIL = 16;
    static final int HEAD = 32;
    static final int RECORDS = 48;

    static final int HEADER_WORDS = 5;
    static final int PAYLOAD_WORD = HEADER_WORDS;

    /** A record of this length word fills the ring up to its end. */
    static final long PADDING = Long.MIN_VALUE;

    /** The record's payload is retained. */
    static final long HELD = 1L << 32;

    /** What packets with payload leave free: one control record, and the padding that it may need. */
    static final int CONTROL_RESERVE_WORDS = 2 * HEADER_WORDS;

    private SelfRingDescriptor() {}

    /** Returns the words of a record with {@code length} bytes of payload. */
    static int recordWords(int length) {
        return HEADER_WORDS + (length + 7 >>> 3);
    }

    /** Returns the largest payload that always fits into an empty ring, wherever its end lies. */
    static int maxPayloadBytes(int capacityWords) {
        return ((capacityWords - CONTROL_RESERVE_WORDS) / 2 - HEADER_WORDS) * Long.BYTES;
    }
}
