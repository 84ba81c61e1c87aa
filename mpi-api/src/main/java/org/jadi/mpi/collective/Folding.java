package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.jadi.adi.board.Board;
import org.jadi.mpi.datatype.Kind;

/**
 * Reduces pieces of several ranks in the order of the ranks, from the left: {@code ((a op b) op c) op d}, on every rank that does it.
 * So the bits of a result depend on the data and the number of ranks only.
 *
 * <p>Works on blocks in two arrays that stay in the nearest cache, and always at the same place of both, because only such loops become
 * vector instructions. What is copied to and from them is in this core's caches, or comes from another one's and is read once: the JVM's
 * copy is the faster one for both. The arrays of a board are used by one task after the other.
 */
public final class Folding {
    private static final int BLOCK_BYTES = 8 << 10;

    /** From so many bytes on, it pays to look whether two operands can be reduced where the user has them. */
    private static final int LEAST_PAIR_BYTES = 512;

    private final int bytes;
    private final Map<Kind, MemorySegment[]> arrays = new EnumMap<>(Kind.class);
    private Kind kind;
    private MemorySegment sum;
    private MemorySegment next;
    private Reduction reduction;
    private int blockBytes;

    /**
     * Creates one.
     *
     * @param bytes length of the longest element at least
     */
    public Folding(int bytes) {
        this.bytes = bytes;
    }

    /** Begins with a reduction. */
    void begin(Reduction r) {
        reduction = r;
        if (kind != r.kind()) {
            kind = r.kind();
            MemorySegment[] pair = arrays.computeIfAbsent(kind, k -> {
                int most = Math.max(BLOCK_BYTES, bytes);
                return new MemorySegment[] {Temporary.allocate(k, most), Temporary.allocate(k, most)};
            });
            sum = pair[0];
            next = pair[1];
        }
        long most = BLOCK_BYTES >= r.elementBytes() ? BLOCK_BYTES / r.elementBytes() : 1;
        blockBytes = (int) (most * r.elementBytes());
    }

    /** Adds the next operand to the right. */
    private void add(int length) {
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

    /**
     * Reduces a piece of ranks {@code first} to {@code last}.
     *
     * @param piece in which the operands of the others lie on the board
     * @param at where they begin in it
     * @param own our data, of which bytes from {@code ownAt} are the operand
     * @param result where the result goes from {@code resultAt}, or null
     * @param shared whether the result goes to our part of the board, too, where the others have their operands
     */
    void fold(Board board, int first, int last, int piece, int at, Data own, long ownAt, int length, Data result, long resultAt,
            boolean shared) {
        int me = board.me();
        if (length == Long.BYTES && reduction.kernel().word() != null && own.plan() == null) {
            foldWord(board, first, last, piece, at, own, ownAt, result, resultAt, shared);
            return;
        }
        if (last - first == 1 && (me == first || me == last) && length >= LEAST_PAIR_BYTES && !shared && isPair(own, ownAt, result, resultAt)) {
            foldPair(board, me == first ? last : first, piece, at, own, ownAt, length, result, resultAt);
            return;
        }
        for (int done = 0; done < length; done += blockBytes) {
            int n = Math.min(blockBytes, length - done);
            for (int r = first; r <= last; r++) {
                MemorySegment to = r == first ? sum : next;
                if (r == me) {
                    own.read(ownAt + done, to, n);
                } else {
                    Data.move(board.part(r), board.place(r, piece) + at + done, to, 0, n);
                }
                if (r != first) {
                    add(n);
                }
            }
            if (result != null) {
                result.write(resultAt + done, sum, n);
            }
            if (shared) {
                Data.move(sum, 0, board.part(me), board.place(piece) + at + done, n);
            }
        }
    }

    /** One element of 8 bytes, the most frequent reduction of all, without a loop and without arrays. */
    private void foldWord(Board board, int first, int last, int piece, int at, Data own, long ownAt, Data result, long resultAt,
            boolean shared) {
        int me = board.me();
        LongBinaryOperator word = reduction.kernel().word();
        long left = 0;
        for (int r = first; r <= last; r++) {
            long next = r == me ? own.segment().get(Data.LONG, own.offset() + ownAt)
                    : board.part(r).get(Data.LONG, board.place(r, piece) + at);
            left = r == first ? next : word.applyAsLong(left, next);
        }
        if (result != null && result.plan() == null) {
            result.segment().set(Data.LONG, result.offset() + resultAt, left);
        } else if (result != null) {
            sum.set(Data.LONG, 0, left);
            result.write(resultAt, sum, Long.BYTES);
        }
        if (shared) {
            board.part(me).set(Data.LONG, board.place(piece) + at, left);
        }
    }

    /** Returns whether our operand and the result are at the same place of two arrays of the kernel's kind, as its loops want it. */
    private boolean isPair(Data own, long ownAt, Data result, long resultAt) {
        if (!reduction.symmetric() || result == null || own.plan() != null || result.plan() != null) {
            return false;
        }
        Object a = own.segment().heapBase().orElse(null);
        Object b = result.segment().heapBase().orElse(null);
        long place = own.segment().address() + own.offset() + ownAt;
        return a != null && b != null && a != b && a.getClass() == b.getClass()
                && a.getClass() == sum.heapBase().orElseThrow().getClass()
                && place == result.segment().address() + result.offset() + resultAt && place % reduction.elementBytes() == 0;
    }

    /**
     * Two operands, of which ours is read where it is, and the other is brought to the result: two ways over the data, not
     * four. Each rank has its own as the left one, so of two NaN it is the payload that may differ, as it may between two runs of any Java code.
     */
    private void foldPair(Board board, int other, int piece, int at, Data own, long ownAt, int length, Data result, long resultAt) {
        for (int done = 0; done < length; done += blockBytes) {
            int n = Math.min(blockBytes, length - done);
            long to = result.offset() + resultAt + done;
            Data.move(board.part(other), board.place(other, piece) + at + done, result.segment(), to, n);
            reduction.kernel().apply(own.segment(), own.offset() + ownAt + done, result.segment(), to, n / reduction.elementBytes());
        }
    }
}
