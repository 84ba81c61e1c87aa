package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;

/**
 * An operation on a board to which each rank gives at most one piece, beside its flag if there is room, else in one place: all that is
 * to be done is to write it, to wait for others, and to take theirs. Most operations of most programs are of this kind, and as short as
 * a cache line's way; so this is one class without branches for anything longer, and it is used again ({@link #renew}).
 *
 * <p>Barrier, bcast, gather, scatter, allgather, alltoall of equal blocks; reduce, allreduce, scan, exscan.
 */
public final class BriefTask extends BoardTask {
    private final Folding folding;

    // Our data, and where that of others goes: buffers of the user while the operation is under way.
    private final Data out = new Data(null, 0, 0, null);
    private final Data in = new Data(null, 0, 0, null);

    /** Length of one rank's data for another. */
    private int block;
    private boolean inline;

    /** Whether our piece is yet to be written. */
    private boolean toWrite;

    /** Who reads our piece, and whether it has a block for each of them. */
    private int reader;
    private boolean slicedOut;

    /** A bit for each rank that is waited for; whether its data is there, or only the rank; and whether it has a block for each reader. */
    private long awaited;
    private boolean reads;
    private boolean slicedIn;

    /** Distance of the blocks of two ranks in {@link #in}; 0 where there is one block. */
    private int stride;

    /** Whether our block has to be copied from {@link #out} to {@link #in}, too; false when the task has ended. */
    private boolean copiesOwn;

    /** What ranks up to {@code last} are reduced by, or null. */
    private Reduction reduction;
    private int last;

    BriefTask(Board board, Folding folding) {
        super(board, "", 0, 0);
        this.folding = folding;
    }

    /** Returns whether every rank has one piece at most; the same on all ranks. */
    static boolean suits(Board board, long bytes, int blocks) {
        return bytes >= 0 && bytes <= board.pieceBytes() / blocks;
    }

    private long others() {
        return (size == Long.SIZE ? -1L : (1L << size) - 1) & ~(1L << me);
    }

    /** Without data: waits for nobody. */
    private BriefTask begin(String call, long check, long bytes) {
        renew(call, check, bytes);
        block = (int) bytes;
        inline = bytes <= Board.INLINE_BYTES;
        toWrite = false;
        slicedOut = false;
        awaited = 0;
        reads = false;
        slicedIn = false;
        stride = 0;
        copiesOwn = false;
        reduction = null;
        return this;
    }

    /** With a piece for a rank, or for all. */
    private void write(Data data, int whose, boolean sliced) {
        out.become(data);
        toWrite = block > 0;
        reader = whose;
        slicedOut = sliced;
    }

    /** From a rank, or from all. */
    private void read(Data data, int from, boolean sliced, int distance) {
        in.become(data);
        awaited = block == 0 ? 0 : from == Board.ALL ? others() : 1L << from;
        reads = true;
        slicedIn = sliced;
        stride = distance;
    }

    BriefTask barrier(String call, long check) {
        begin(call, check, 0);
        awaited = others();
        return this;
    }

    BriefTask bcast(String call, long check, Data data, int root) {
        begin(call, check, data.bytes());
        if (me == root) {
            write(data, Board.ALL, false);
        } else {
            read(data, root, false, 0);
        }
        return this;
    }

    BriefTask gather(String call, long check, long each, Data mine, Data all, int root) {
        begin(call, check, each);
        if (me != root) {
            write(mine, root, false);
        } else {
            read(all, Board.ALL, false, block);
        }
        return this;
    }

    BriefTask scatter(String call, long check, long each, Data all, Data mine, int root) {
        begin(call, check, each);
        inline = each * (size - 1) <= Board.INLINE_BYTES;
        if (me == root) {
            write(all, Board.ALL, true);
        } else {
            read(mine, root, true, 0);
        }
        return this;
    }

    BriefTask allgather(String call, long check, long each, Data mine, Data all, boolean copies) {
        begin(call, check, each);
        write(mine, Board.ALL, false);
        read(all, Board.ALL, false, block);
        copiesOwn = copies && block > 0;
        return this;
    }

    BriefTask alltoall(String call, long check, long each, Data all, Data result, boolean copies) {
        begin(call, check, each);
        inline = each * (size - 1) <= Board.INLINE_BYTES;
        write(all, Board.ALL, true);
        read(result, Board.ALL, true, block);
        copiesOwn = copies && block > 0;
        return this;
    }

    /** Ranks from the first to {@code to} are reduced here, none if that is negative. */
    BriefTask reduce(String call, long check, Data input, Data result, Reduction r, boolean writes, int whose, int to) {
        begin(call, check, input.bytes());
        out.become(input);
        toWrite = writes && block > 0;
        reader = whose;
        if (to >= 0 && block > 0) {
            in.become(result);
            reduction = r;
            last = to;
            awaited = others() & (2L << to) - 1;
        }
        return this;
    }

    /** Forgets the buffers of the user. */
    void clear() {
        out.become(Data.NONE);
        in.become(Data.NONE);
        reduction = null;
    }

    @Override
    boolean isInline() {
        return inline;
    }

    @Override
    int prepare() {
        return toWrite && write() ? 1 : 0;
    }

    /** Writes our piece if its place is free; it is not published yet. */
    private boolean write() {
        if (!inline) {
            if (!board.mayWrite(0)) {
                return false;
            }
            board.use(0, 1, reader);
        }
        toWrite = false;
        long at = board.place(0);
        if (!slicedOut) {
            out.take(board, 0, board.part(me), at, block);
            return true;
        }
        for (int r = 0; r < size; r++) {
            if (r != me) {
                out.take(board, (long) r * block, board.part(me), at + slice(me, r), block);
            }
        }
        return true;
    }

    /** Where a writer's block for a reader is in its piece: it has none for itself. */
    private long slice(int writer, int whose) {
        return (long) (whose < writer ? whose : whose - 1) * block;
    }

    @Override
    int work() {
        boolean moved = false;
        if (toWrite && write()) {
            board.publish(1);
            moved = true;
        }
        if (copiesOwn) {
            copiesOwn = false;
            long own = (long) me * block;
            out.copyTo(board, slicedOut ? own : 0, in, own, block);
            moved = true;
        }
        for (long w = awaited; w != 0; w &= w - 1) {
            int r = Long.numberOfTrailingZeros(w);
            if (block == 0 ? hasEntered(r) : available(r) > 0) {
                awaited ^= 1L << r;
                moved = true;
                if (reads) {
                    in.put(board, (long) r * stride, board.part(r), board.place(r, 0) + (slicedIn ? slice(r, me) : 0), block);
                }
            }
        }
        // In place, what is not written yet must not be overwritten.
        if (awaited != 0 || toWrite) {
            return moved ? MOVED : IDLE;
        }
        if (reduction != null) {
            folding.begin(reduction);
            folding.fold(board, 0, last, 0, 0, out, 0, block, in, 0, false);
        }
        return DONE;
    }
}
