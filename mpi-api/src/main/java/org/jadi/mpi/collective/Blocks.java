package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.board.Board;

/** The blocks of a buffer, one for each rank: equal parts of one buffer, or buffers of different lengths. */
public final class Blocks {
    private final Data whole;
    private final long each;
    private final Data[] ragged;

    private Blocks(Data whole, long each, Data[] ragged) {
        this.whole = whole;
        this.each = each;
        this.ragged = ragged;
    }

    /** Equal parts; the length of each may also be that of the buffer, if there is only one block that counts. */
    public static Blocks equal(Data whole, long each) {
        return new Blocks(whole, each, null);
    }

    /** The same buffer for every rank. */
    public static Blocks same(Data one) {
        return new Blocks(one, -1, null);
    }

    /** Buffers of their own. */
    public static Blocks of(Data[] ragged) {
        return new Blocks(null, 0, ragged);
    }

    long bytes(int block) {
        return ragged != null ? ragged[block].bytes() : each < 0 ? whole.bytes() : each;
    }

    Data block(int block) {
        return ragged != null ? ragged[block] : each < 0 ? whole : whole.slice(start(block), each);
    }

    void take(Board board, int block, long first, MemorySegment to, long at, int length) {
        if (ragged != null) {
            ragged[block].take(board, first, to, at, length);
        } else {
            whole.take(board, start(block) + first, to, at, length);
        }
    }

    void put(Board board, int block, long first, MemorySegment from, long at, int length) {
        if (ragged != null) {
            ragged[block].put(board, first, from, at, length);
        } else {
            whole.put(board, start(block) + first, from, at, length);
        }
    }

    private long start(int block) {
        return each < 0 ? 0 : block * each;
    }
}
