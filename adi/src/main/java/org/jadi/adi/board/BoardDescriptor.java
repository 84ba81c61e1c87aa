package org.jadi.adi.board;

/**
 * Layout of a rank's part of a board. All words are 64 bits in host byte order. The owner writes them, except for those of the
 * departed, of which each other rank writes its own.
 *
 * <pre>
 *  offset
 *       0  done         number of the last operation that this rank has left, shifted as in flags
 *       8  closed       1 when this rank will enter no more operations
 *     128  departed     one word per rank: 1 when that rank has unmapped this part
 *       .  taken        one line per rank: how many pieces of that rank's were taken, shifted as in flags
 *       .  lines        {@value #LINES} lines, for the operations in turn: flag, check word, bytes, first place, payload
 *       .  lengths      for each line one word per rank
 *       .  places       as many bytes as {@value #CHUNKS} chunks, for pieces in turn: where an operation has ended, the next begins
 * </pre>
 *
 * <p>A flag is the number of the operation in the upper half and the number of pieces that are there in the lower one. Numbers wrap
 * around, and are compared by their difference.
 */
final class BoardDescriptor {
    static final int LINES = 8;
    static final int CHUNKS = 4;
    private static final int MOST_PLACES = 16;
    private static final int LEAST_PLACE_BYTES = 64;
    static final long LINE_BYTES = 128;
    static final long DONE_OFFSET = 0;
    static final long CLOSED_OFFSET = 8;
    static final long DEPARTED_OFFSET = 128;
    static final long FLAG_OFFSET = 0;
    static final long CHECK_OFFSET = 8;
    static final long BYTES_OFFSET = 16;
    static final long FIRST_OFFSET = 24;
    static final long PAYLOAD_OFFSET = 32;
    static final long PAYLOAD_BYTES = LINE_BYTES - PAYLOAD_OFFSET;

    private BoardDescriptor() {}

    static long departed(int rank) {
        return DEPARTED_OFFSET + rank * 8L;
    }

    private static long taken(int ranks) {
        return line(DEPARTED_OFFSET + ranks * 8L);
    }

    static long taken(int ranks, int writer) {
        return taken(ranks) + writer * LINE_BYTES;
    }

    static long lines(int ranks) {
        return taken(ranks, ranks);
    }

    static long lengths(int ranks) {
        return lines(ranks) + LINES * LINE_BYTES;
    }

    static long places(int ranks) {
        return line(lengths(ranks) + LINES * 8L * ranks);
    }

    static long bytes(int ranks, int chunkBytes) {
        return places(ranks) + (long) CHUNKS * chunkBytes;
    }

    /** Number of places: a power of two, so that each has room for a word for every rank. */
    static int placeCount(int ranks, int chunkBytes) {
        int count = MOST_PLACES;
        while (count > CHUNKS && CHUNKS * chunkBytes / count < Math.max(LEAST_PLACE_BYTES, 8 * ranks)) {
            count /= 2;
        }
        return count;
    }

    private static long line(long bytes) {
        return bytes + LINE_BYTES - 1 & -LINE_BYTES;
    }
}
