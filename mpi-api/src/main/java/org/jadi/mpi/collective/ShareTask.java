package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;

/**
 * Long reductions on a board in which every rank computes a slice of each piece, and the results are collected: less work than if
 * everybody computed everything.
 *
 * <p>Pieces of input and of results take turns, the input one ahead: in 0, in 1, result 0, in 2, result 1, ...
 */
public final class ShareTask extends BoardTask {
    private final Data input;
    private final Data result;
    private final Reduction reduction;
    private final Folding folding;

    /** The rank that wants the result, or ALL. */
    private final int collector;
    private final int pieceBytes;
    private final int pieces;
    private int next;
    private int collected;
    private int acknowledged;

    private ShareTask(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r, int collector) {
        super(board, call, check, input.bytes());
        this.folding = folding;
        this.input = input;
        this.result = result;
        this.reduction = r;
        this.collector = collector;
        this.pieceBytes = (int) (board.chunkBytes() / r.elementBytes() * r.elementBytes());
        this.pieces = Math.toIntExact((input.bytes() + pieceBytes - 1) / pieceBytes);
    }

    /** Reduction to all; the input may be the result. */
    public static BoardTask allreduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r) {
        return new ShareTask(board, folding, call, check, input, result, r, Board.ALL);
    }

    /** Reduction to the root. */
    public static BoardTask reduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r,
            int root) {
        return new ShareTask(board, folding, call, check, input, result, r, root);
    }

    @Override
    boolean isInline() {
        return false;
    }

    @Override
    int prepare() {
        folding.begin(reduction);
        return 0;
    }

    /** Place in the order of a piece of input. */
    private static int input(int piece) {
        return piece == 0 ? 0 : 2 * piece - 1;
    }

    /** Place in the order of a piece of results. */
    private int result(int piece) {
        return piece == pieces - 1 ? 2 * pieces - 1 : 2 * piece + 2;
    }

    private boolean isInput(int place) {
        return place == 0 || place % 2 == 1 && place != 2 * pieces - 1;
    }

    private int pieceOf(int place) {
        return isInput(place) ? (place + 1) / 2 : place == 2 * pieces - 1 ? pieces - 1 : place / 2 - 1;
    }

    private boolean collects() {
        return collector == Board.ALL || collector == me;
    }

    private int length(int piece) {
        return (int) Math.min(pieceBytes, input.bytes() - (long) piece * pieceBytes);
    }

    /** First byte of a rank's slice of a piece; of the rank behind the last one, its end. */
    private int start(int piece, int rank) {
        long elements = length(piece) / reduction.elementBytes();
        return (int) (elements * rank / size * reduction.elementBytes());
    }

    @Override
    int work() {
        boolean moved = false;
        while (next < 2 * pieces && mayWrite() && (isInput(next) ? writeInput() : writeResult())) {
            moved = true;
        }
        while (collects() && collected < pieces && areThere(result(collected))) {
            collect(collected++);
            moved = true;
        }
        if (moved) {
            acknowledge();
        }
        return next == 2 * pieces && (collected == pieces || !collects()) ? DONE : moved ? MOVED : IDLE;
    }

    /** Our own results lie in our chunks too, until we have collected them. */
    private boolean mayWrite() {
        return (next < Board.CHUNKS || isTaken(next - Board.CHUNKS)) && board.mayWrite(next);
    }

    private boolean areThere(int place) {
        for (int r = 0; r < size; r++) {
            if (r == me ? next <= place : available(r) <= place) {
                return false;
            }
        }
        return true;
    }

    private boolean writeInput() {
        int piece = pieceOf(next);
        input.take(board, (long) piece * pieceBytes, board.part(me), board.place(next), length(piece));
        board.publish(next++, Board.ALL);
        return true;
    }

    private boolean writeResult() {
        int piece = pieceOf(next);
        if (!areThere(input(piece))) {
            return false;
        }
        int from = start(piece, me);
        int length = start(piece, me + 1) - from;
        if (length > 0) {
            folding.fold(board, 0, size - 1, input(piece), from, input, (long) piece * pieceBytes + from, length);
            Data.copy(board, folding.sum(), 0, board.part(me), board.place(next), length);
        }
        board.publish(next++, collector);
        return true;
    }

    private void collect(int piece) {
        for (int i = 0; i < size; i++) {
            int r = (me + i) % size;
            int from = start(piece, r);
            int length = start(piece, r + 1) - from;
            if (length > 0) {
                result.put(board, (long) piece * pieceBytes + from, board.part(r), board.place(result(piece)), length);
            }
        }
    }

    /** Tells the others up to where we have taken everything. */
    private void acknowledge() {
        int before = acknowledged;
        while (acknowledged < 2 * pieces && isTaken(acknowledged)) {
            acknowledged++;
        }
        if (acknowledged != before) {
            for (int r = 0; r < size; r++) {
                if (r != me) {
                    board.take(r, acknowledged);
                }
            }
        }
    }

    private boolean isTaken(int place) {
        int piece = pieceOf(place);
        return isInput(place) ? next > result(piece) : !collects() || collected > piece;
    }
}
