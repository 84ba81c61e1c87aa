package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;

/**
 * Long reductions on a board in which whoever wants a result computes it from the data of the others: reduce, allreduce, scan, and
 * reduceScatter, in which the pieces have a slice for each rank.
 */
public final class FoldTask extends BoardTask {
    private final Blocks out;
    private final boolean sliced;
    private final int reader;
    private final int first;
    private final int last;
    private final Data result;
    private final Reduction reduction;
    private final Folding folding;
    private final int pieceBytes;
    private int toWrite;
    private int written;
    private int toFold;
    private int folded;

    /** Ranks {@code first} to {@code last} are folded into the result. */
    private FoldTask(Board board, Folding folding, String call, long check, long bytes, Blocks out, boolean sliced, boolean writes,
            int reader, int first, int last, Data result, Reduction reduction) {
        super(board, call, check, bytes);
        this.folding = folding;
        this.out = out;
        this.sliced = sliced;
        this.reader = reader;
        this.first = first;
        this.last = last;
        this.result = result;
        this.reduction = reduction;
        int room = sliced ? board.pieceBytes() / size : board.pieceBytes();
        this.pieceBytes = (int) (room / reduction.elementBytes() * reduction.elementBytes());
        this.toWrite = writes ? 1 : 0;
    }

    /** Returns whether elements are short enough for a board. */
    public static boolean fits(Reduction r, int chunkBytes, int ranks) {
        return r.elementBytes() <= chunkBytes / 4 / ranks;
    }

    /** Reduction to the root. */
    public static BoardTask reduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r,
            int root) {
        boolean isRoot = board.me() == root;
        return new FoldTask(board, folding, call, check, input.bytes(), Blocks.same(input), false, !isRoot, root, 0,
                isRoot ? board.size() - 1 : -1, result, r);
    }

    /** Reduction to all; the input may be the result. */
    public static BoardTask allreduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r) {
        return new FoldTask(board, folding, call, check, input.bytes(), Blocks.same(input), false, true, Board.ALL, 0,
                board.size() - 1, result, r);
    }

    /** Reduction of the ranks up to us, or below us. */
    public static BoardTask scan(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r,
            boolean exclusive) {
        return new FoldTask(board, folding, call, check, input.bytes(), Blocks.same(input), false, board.me() < board.size() - 1,
                Board.ALL, 0, exclusive ? board.me() - 1 : board.me(), result, r);
    }

    /** Reduction of blocks, each to its rank; the result may be the beginning of the input. */
    public static BoardTask reduceScatter(Board board, Folding folding, String call, long check, long bytes, Blocks input, Data result,
            Reduction r) {
        return new FoldTask(board, folding, call, check, bytes, input, true, true, Board.ALL, 0, board.size() - 1, result, r);
    }

    @Override
    int prepare() {
        folding.begin(reduction);
        if (toWrite > 0) {
            long most = 0;
            for (int r = 0; r < size; r++) {
                most = Math.max(most, out.bytes(r));
            }
            toWrite = pieces(most);
        }
        toFold = last < first ? 0 : pieces(result.bytes());
        for (int r = 0; r < size; r++) {
            // Whose data we do not want need not wait for us.
            if (r != me && reader == Board.ALL && (toFold == 0 || r > last)) {
                board.take(r, Board.FAILED);
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

    private int pieces(long bytes) {
        return bytes == 0 ? 0 : Math.toIntExact((bytes + pieceBytes - 1) / pieceBytes);
    }

    private void write(int piece) {
        long start = (long) piece * pieceBytes;
        for (int r = 0; r < (sliced ? size : 1); r++) {
            long bytes = Math.min(pieceBytes, out.bytes(r) - start);
            if (bytes > 0 && !(sliced && r == me)) {
                out.take(board, r, start, board.part(me), board.place(piece) + (long) r * pieceBytes, (int) bytes);
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
        // In place, what we have not published yet must not be overwritten.
        while (folded < toFold && (folded < written || written == toWrite) && areThere(folded)) {
            fold(folded++);
            moved = true;
        }
        return written == toWrite && folded == toFold ? DONE : moved ? MOVED : IDLE;
    }

    private boolean areThere(int piece) {
        for (int r = first; r <= last; r++) {
            if (r != me && available(r) <= piece) {
                return false;
            }
        }
        return true;
    }

    private void fold(int piece) {
        long start = (long) piece * pieceBytes;
        int length = (int) Math.min(pieceBytes, result.bytes() - start);
        folding.fold(board, first, last, piece, sliced ? me * pieceBytes : 0, out.block(me), start, length, result, start, false);
        boolean ended = piece == toFold - 1;
        if (toFold > 2 || sliced) {
            for (int r = first; r <= last; r++) {
                if (r != me) {
                    board.take(r, ended ? Board.FAILED : piece + 1);
                }
            }
        }
    }
}
