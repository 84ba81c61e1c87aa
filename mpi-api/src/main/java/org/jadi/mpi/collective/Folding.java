package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.jadi.adi.board.Board;
import org.jadi.mpi.datatype.Kind;

/**
 * Reduces pieces of several ranks in the order of the ranks, from the left: {@code ((a op b) op c) op d}, on every rank that does it.
 * So the bits of a result depend on the data and the number of ranks only.
 *
 * <p>Works in arrays that stay in the cache; those of a board are used by one task after the other.
 */
public final class Folding {
    private final int bytes;
    private final Map<Kind, MemorySegment[]> arrays = new EnumMap<>(Kind.class);
    private MemorySegment sum;
    private MemorySegment next;
    private Reduction reduction;

    /** Creates one for pieces of a length. */
    public Folding(int bytes) {
        this.bytes = bytes;
    }

    /** Begins with a reduction. */
    void begin(Reduction r) {
        reduction = r;
        MemorySegment[] pair = arrays.computeIfAbsent(r.kind(),
                k -> new MemorySegment[] {Temporary.allocate(k, bytes), Temporary.allocate(k, bytes)});
        sum = pair[0];
        next = pair[1];
    }

    /** Returns where the first operand is put; then, where the sum is. */
    MemorySegment sum() {
        return sum;
    }

    /** Returns where the next operand is put. */
    MemorySegment next() {
        return next;
    }

    /** Adds the next operand to the right. */
    void add(int length) {
        long elements = length / reduction.elementBytes();
        if (reduction.symmetric()) {
            reduction.kernel().apply(next, 0, sum, 0, elements);
        } else {
            reduction.kernel().apply(sum, 0, next, 0, elements);
            MemorySegment swap = sum;
            sum = next;
            next = swap;
        }
    }

    /** Adds operands of ranks {@code first} to {@code last} that lie on a board, but for ours. */
    void fold(Board board, int first, int last, int piece, long at, Data own, long ownAt, int length) {
        for (int r = first; r <= last; r++) {
            MemorySegment to = r == first ? sum : next;
            if (r == board.me()) {
                own.take(board, ownAt, to, 0, length);
            } else {
                Data.copy(board, board.part(r), board.place(piece) + at, to, 0, length);
            }
            if (r != first) {
                add(length);
            }
        }
    }
}
