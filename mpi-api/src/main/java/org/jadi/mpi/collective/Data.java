package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.board.Board;
import org.jadi.adi.request.PackPlan;

/** A buffer of the user as messages see it: packed bytes, which lie in one run or are packed and unpacked in pieces. */
public final class Data {
    /** Without bytes. */
    public static final Data NONE = new Data(MemorySegment.NULL, 0, 0, null);

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int SMALL = 64;
    private static final int PIECE_BYTES = 16 << 10;

    private MemorySegment segment;
    private long offset;
    private long bytes;
    private PackPlan plan;

    /**
     * Describes a buffer.
     *
     * @param segment memory of the run; null where there is a plan
     * @param offset first byte of the run
     * @param bytes length
     * @param plan or null; {@code offset} is then the first byte of the message that belongs to this
     */
    public Data(MemorySegment segment, long offset, long bytes, PackPlan plan) {
        this.segment = segment;
        this.offset = offset;
        this.bytes = bytes;
        this.plan = plan;
    }

    /** Becomes the same as another: for a place that is used again and again, so that it costs no object. */
    void become(Data other) {
        segment = other.segment;
        offset = other.offset;
        bytes = other.bytes;
        plan = other.plan;
    }

    /** Returns the memory of the run; null where there is a plan. */
    public MemorySegment segment() {
        return segment;
    }

    /** Returns the first byte of the run, or of the part of the message. */
    public long offset() {
        return offset;
    }

    /** Returns the length in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Returns the plan, or null. */
    public PackPlan plan() {
        return plan;
    }

    /** Returns a part. */
    public Data slice(long start, long length) {
        return new Data(segment, offset + start, length, plan);
    }

    /** Copies everything to another buffer of the same length that does not overlap. */
    public void copyTo(Data other) {
        if (plan == null && other.plan == null) {
            MemorySegment.copy(segment, offset, other.segment, other.offset, bytes);
        } else if (plan == null) {
            inPieces((first, length) -> other.plan.unpack(other.offset + first, segment, offset + first, length));
        } else if (other.plan == null) {
            inPieces((first, length) -> plan.pack(offset + first, other.segment, other.offset + first, length));
        } else {
            MemorySegment piece = MemorySegment.ofArray(new byte[(int) Math.min(PIECE_BYTES, bytes)]);
            inPieces((first, length) -> {
                plan.pack(offset + first, piece, 0, length);
                other.plan.unpack(other.offset + first, piece, 0, length);
            });
        }
    }

    /** As {@link #copyTo(Data)}, by the fastest means. */
    void copyTo(Board board, Data other) {
        if (plan == null && other.plan == null && bytes <= Integer.MAX_VALUE) {
            copy(board, segment, offset, other.segment, other.offset, (int) bytes);
        } else {
            copyTo(other);
        }
    }

    /** Copies a part to another buffer. */
    void copyTo(Board board, long first, Data other, long at, int length) {
        if (plan == null) {
            other.put(board, at, segment, offset + first, length);
        } else if (other.plan == null) {
            take(board, first, other.segment, other.offset + at, length);
        } else {
            slice(first, length).copyTo(other.slice(at, length));
        }
    }

    private interface Piece {
        void move(long first, int length);
    }

    private void inPieces(Piece piece) {
        for (long first = 0; first < bytes; first += PIECE_BYTES) {
            piece.move(first, (int) Math.min(PIECE_BYTES, bytes - first));
        }
    }

    /** Copies bytes {@code first} to {@code first + length} to memory. */
    void take(Board board, long first, MemorySegment to, long at, int length) {
        if (plan != null) {
            plan.pack(offset + first, to, at, length);
        } else {
            copy(board, segment, offset + first, to, at, length);
        }
    }

    /** Copies memory to bytes {@code first} to {@code first + length}. */
    void put(Board board, long first, MemorySegment from, long at, int length) {
        if (plan != null) {
            plan.unpack(offset + first, from, at, length);
        } else {
            copy(board, from, at, segment, offset + first, length);
        }
    }

    /** Copies bytes from {@code first} on to the beginning of memory that is near. */
    void read(long first, MemorySegment to, int length) {
        if (plan != null) {
            plan.pack(offset + first, to, 0, length);
        } else {
            move(segment, offset + first, to, 0, length);
        }
    }

    /** Copies the beginning of memory that is near to bytes from {@code first} on. */
    void write(long first, MemorySegment from, int length) {
        if (plan != null) {
            plan.unpack(offset + first, from, 0, length);
        } else {
            move(from, 0, segment, offset + first, length);
        }
    }

    /** Copies to memory that no other core has in its cache, where the JVM's copy is the fastest at any length. */
    static void move(MemorySegment from, long fromAt, MemorySegment to, long toAt, int length) {
        if (length == Long.BYTES) {
            to.set(LONG, toAt, from.get(LONG, fromAt));
        } else {
            MemorySegment.copy(from, fromAt, to, toAt, length);
        }
    }

    /** One element is moved as such: the general copy costs as much as the rest of a short operation. */
    static void copy(Board board, MemorySegment from, long fromAt, MemorySegment to, long toAt, int length) {
        if (length == Long.BYTES) {
            to.set(LONG, toAt, from.get(LONG, fromAt));
        } else if (length <= SMALL) {
            MemorySegment.copy(from, fromAt, to, toAt, length);
        } else {
            board.copy(from, fromAt, to, toAt, length);
        }
    }
}
