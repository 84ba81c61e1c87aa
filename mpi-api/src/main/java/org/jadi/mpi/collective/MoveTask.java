package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.board.Board;

/**
 * Operations on a board that move long data, or blocks of different lengths: bcast, gather, scatter, allgather, alltoall.
 *
 * <p>A rank that has data writes it in pieces, of which each is either for all readers, or has a slice for each of them at the same
 * place. Slices have the same length in all pieces, so nobody needs to know the lengths of blocks between other ranks.
 */
public final class MoveTask extends BoardTask {
    /** What we write. */
    public enum Writes {
        /** Nothing. */
        NOTHING,
        /** One block, which is for all readers. */
        WHOLE,
        /** A block for each rank. */
        SLICES
    }

    private final Writes writes;
    private final int reader;
    private final Blocks out;
    private final Blocks in;

    /** The only rank that we read from, -1 for all, or our own place for none. */
    private final int from;
    private final boolean slicedIn;

    /** Whether ranks do not know the lengths of the blocks between others. */
    private final boolean ragged;
    private final int pieceBytes;
    private final int sliceBytes;
    private final int[] taken;
    private int written;
    private int toWrite;
    private int open;
    private Data ownFrom;
    private Data ownTo;

    private MoveTask(Board board, String call, long check, long agreedBytes, Writes writes, int reader, Blocks out, int from,
            boolean slicedIn, Blocks in) {
        super(board, call, check, agreedBytes);
        this.writes = writes;
        this.reader = reader;
        this.out = out;
        this.from = from;
        this.slicedIn = slicedIn;
        this.in = in;
        this.ragged = agreedBytes < 0;
        this.pieceBytes = board.pieceBytes();
        this.sliceBytes = sliceBytes(board.pieceBytes(), size - 1);
        this.taken = new int[size];
    }

    /** A piece has a slice for each rank but the one that writes it. */
    private static int sliceBytes(int piece, int others) {
        int bytes = piece / others;
        return bytes >= 64 ? bytes & -64 : bytes & -8;
    }

    /** One rank's data to all. */
    public static BoardTask bcast(Board board, String call, long check, Data data, int root) {
        boolean isRoot = board.me() == root;
        Blocks b = Blocks.same(data);
        return new MoveTask(board, call, check, data.bytes(), isRoot ? Writes.WHOLE : Writes.NOTHING, Board.ALL, b, root, false, b);
    }

    /** Blocks of all to one rank, which has its own in place. Without an agreed length, each knows its own and the root all. */
    public static BoardTask gather(Board board, String call, long check, long agreedBytes, Data mine, Blocks in, int root) {
        boolean isRoot = board.me() == root;
        return new MoveTask(board, call, check, agreedBytes, isRoot ? Writes.NOTHING : Writes.WHOLE, root, Blocks.same(mine),
                isRoot ? -1 : board.me(), false, in);
    }

    /** Blocks of one rank to all; the root has its own already. */
    public static BoardTask scatter(Board board, String call, long check, long agreedBytes, Blocks out, Data mine, int root) {
        boolean isRoot = board.me() == root;
        return new MoveTask(board, call, check, agreedBytes, isRoot ? Writes.SLICES : Writes.NOTHING, Board.ALL, out, root, true,
                Blocks.same(mine));
    }

    /** Blocks of all to all; ours is in its place already. */
    public static MoveTask allgather(Board board, String call, long check, long agreedBytes, Data mine, Blocks in) {
        return new MoveTask(board, call, check, agreedBytes, Writes.WHOLE, Board.ALL, Blocks.same(mine), -1, false, in);
    }

    /** A block from each to each; that to ourselves is in its place already. */
    public static MoveTask alltoall(Board board, String call, long check, long agreedBytes, Blocks out, Blocks in) {
        return new MoveTask(board, call, check, agreedBytes, Writes.SLICES, Board.ALL, out, -1, true, in);
    }

    /** Copies our block to its place, too, once the others can have it. */
    public BoardTask copying(Data from, Data to) {
        ownFrom = from;
        ownTo = to;
        return this;
    }

    @Override
    long ownBytes() {
        return !ragged ? super.ownBytes() : writes == Writes.WHOLE ? out.bytes(me) : 0;
    }

    @Override
    long expectedBytes(int rank) {
        return reads(rank) ? in.bytes(rank) : -1;
    }

    @Override
    long bytesOf(int rank) {
        return slicedIn ? board.lengthOf(rank) : board.bytesOf(rank);
    }

    private boolean reads(int rank) {
        return rank != me && (from < 0 || from == rank);
    }

    @Override
    int prepare() {
        toWrite = switch (writes) {
            case NOTHING -> 0;
            case WHOLE -> pieces(out.bytes(me), pieceBytes);
            case SLICES -> slicesToWrite();
        };
        for (int r = 0; r < size; r++) {
            if (reads(r)) {
                if (piecesFrom(r) > 0 || ragged) {
                    open++;
                }
                if (ragged && slicedIn && piecesFrom(r) == 0) {
                    board.take(r, Board.FAILED);
                }
            }
        }
        return toWrite > 0 && writeNext() ? 1 : 0;
    }

    /** Writes the next piece if its place is free; it is not published yet. */
    private boolean writeNext() {
        if (!board.mayWrite(written)) {
            return false;
        }
        board.use(written, written + 1, reader);
        write(written++);
        return true;
    }

    private int slicesToWrite() {
        int most = 0;
        for (int r = 0; r < size; r++) {
            if (r != me) {
                most = Math.max(most, pieces(out.bytes(r), sliceBytes));
            }
            if (ragged) {
                board.setLength(r, out.bytes(r));
            }
        }
        return most;
    }

    private static int pieces(long bytes, int each) {
        return bytes == 0 ? 0 : Math.toIntExact((bytes + each - 1) / each);
    }

    private int piecesFrom(int rank) {
        return pieces(in.bytes(rank), slicedIn ? sliceBytes : pieceBytes);
    }

    private void write(int piece) {
        MemorySegment part = board.part(me);
        long at = board.place(piece);
        if (writes == Writes.WHOLE) {
            long first = (long) piece * pieceBytes;
            out.take(board, me, first, part, at, (int) Math.min(pieceBytes, out.bytes(me) - first));
            return;
        }
        long first = (long) piece * sliceBytes;
        for (int i = 1; i < size; i++) {
            int r = (me + i) % size;
            long bytes = Math.min(sliceBytes, out.bytes(r) - first);
            if (bytes > 0) {
                out.take(board, r, first, part, at + (long) (r < me ? r : r - 1) * sliceBytes, (int) bytes);
            }
        }
    }

    @Override
    int work() {
        boolean moved = false;
        while (written < toWrite && writeNext()) {
            board.publish(written);
            moved = true;
        }
        if (ownFrom != null) {
            ownFrom.copyTo(board, ownTo);
            ownFrom = null;
            moved = true;
        }
        if (open > 0) {
            moved |= readAll();
        }
        return written == toWrite && open == 0 ? DONE : moved ? MOVED : IDLE;
    }

    private boolean readAll() {
        boolean moved = false;
        for (int i = 1; i < size; i++) {
            int r = me + i < size ? me + i : me + i - size;
            if (reads(r) && taken[r] >= 0) {
                moved |= read(r);
            }
        }
        return moved;
    }

    /** Takes what there is of a rank; marks it with -1 when all was taken. */
    private boolean read(int rank) {
        int wanted = piecesFrom(rank);
        int there = Math.min(available(rank), wanted);
        boolean moved = false;
        while (taken[rank] < there) {
            int piece = taken[rank]++;
            long each = slicedIn ? sliceBytes : pieceBytes;
            long at = board.place(rank, piece) + (slicedIn ? (long) (me < rank ? me : me - 1) * sliceBytes : 0);
            in.put(board, rank, piece * each, board.part(rank), at, (int) Math.min(each, in.bytes(rank) - piece * each));
            moved = true;
            if (wanted > 2) {
                board.take(rank, taken[rank]);
            }
        }
        if (taken[rank] == wanted && (wanted > 0 || hasEntered(rank))) {
            if (ragged && slicedIn) {
                board.take(rank, Board.FAILED);
            }
            taken[rank] = -1;
            open--;
            moved = true;
        }
        return moved;
    }
}
