package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;

/**
 * Long reductions on a board in which every rank computes a slice of each piece, and the results are collected: less work than if
 * everybody computed everything.
 *
 * <p>Nobody reads our own slice of our input, so its place on the board takes our slice of the result. As many pieces of input as have
 * places are written ahead; then results and inputs take turns, a group of pieces each: with two places and groups of one piece in 0,
 * in 1, result 0, in 2, result 1, result 2. What is published is counted in this order. Where ranks share CPUs a group takes all places,
 * so that a rank which has its turn does as much as there is room for; else it is one piece, so that ranks seldom wait.
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

    /** Pieces in a group, but for the last one, which has {@link #lastPieces}. */
    private final int groupPieces;
    private final int lastPieces;
    private final int groups;

    /** Groups of input that come before the first result. */
    private final int ahead;

    /** Place in the order of what is done next. */
    private int next;
    private int collected;
    private int acknowledged;

    private ShareTask(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r, int collector,
            boolean crowded) {
        super(board, call, check, input.bytes());
        this.folding = folding;
        this.input = input;
        this.result = result;
        this.reduction = r;
        this.collector = collector;
        this.pieceBytes = (int) (board.pieceBytes() / r.elementBytes() * r.elementBytes());
        this.pieces = Math.toIntExact((input.bytes() + pieceBytes - 1) / pieceBytes);
        this.groupPieces = crowded ? board.places() : 1;
        this.groups = (pieces + groupPieces - 1) / groupPieces;
        this.lastPieces = pieces - (groups - 1) * groupPieces;
        this.ahead = Math.min(groups, board.places() / groupPieces);
    }

    /** Reduction to all; the input may be the result. */
    public static BoardTask allreduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r,
            boolean crowded) {
        return new ShareTask(board, folding, call, check, input, result, r, Board.ALL, crowded);
    }

    /** Reduction to the root. */
    public static BoardTask reduce(Board board, Folding folding, String call, long check, Data input, Data result, Reduction r,
            int root) {
        return new ShareTask(board, folding, call, check, input, result, r, root, false);
    }

    @Override
    int prepare() {
        folding.begin(reduction);
        if (pieces > 0 && mayDoNext()) {
            writeInput();
        }
        return next;
    }

    /** Place in the order of a group of input. */
    private int inputGroup(int group) {
        return group < ahead ? group : 2 * group - ahead + 1;
    }

    /** Place in the order of a group of results. */
    private int resultGroup(int group) {
        return ahead + group + Math.min(group, groups - ahead);
    }

    /** Pieces in the order before a place of a group: only the last group of input, and the very last one, may be short. */
    private int before(int place) {
        return place * groupPieces - (place > inputGroup(groups - 1) ? groupPieces - lastPieces : 0);
    }

    /** Place in the order of a piece of input. */
    private int input(int piece) {
        return before(inputGroup(piece / groupPieces)) + piece % groupPieces;
    }

    /** Place in the order of a piece of results. */
    private int result(int piece) {
        return before(resultGroup(piece / groupPieces)) + piece % groupPieces;
    }

    /** Place in the order of the group of a place in the order of pieces. */
    private int groupAt(int place) {
        int lastInput = inputGroup(groups - 1);
        return place < before(lastInput) + lastPieces ? place / groupPieces : (place + groupPieces - lastPieces) / groupPieces;
    }

    private boolean isInput(int place) {
        int group = groupAt(place);
        return group < ahead || group < 2 * groups - ahead && (group - ahead) % 2 == 1;
    }

    private int pieceOf(int place) {
        int at = groupAt(place);
        int group = at < ahead ? at : isInput(place) ? (at + ahead) / 2 : at < 2 * groups - ahead ? (at - ahead) / 2 : at - groups;
        return group * groupPieces + place - before(at);
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
        while (next < 2 * pieces && mayDoNext()) {
            if (isInput(next)) {
                writeInput();
            } else {
                writeResult();
            }
            board.publish(next);
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

    private boolean mayDoNext() {
        return isInput(next) ? board.mayWrite(pieceOf(next)) : areThere(input(pieceOf(next)));
    }

    private boolean areThere(int place) {
        for (int r = 0; r < size; r++) {
            if (r == me ? next <= place : available(r) <= place) {
                return false;
            }
        }
        return true;
    }

    /** All but our own slice. */
    private void writeInput() {
        int piece = pieceOf(next);
        int before = start(piece, me);
        int behind = start(piece, me + 1);
        writeInput(piece, 0, before);
        writeInput(piece, behind, length(piece) - behind);
        board.use(piece, piece + 1, Board.ALL);
        next++;
    }

    private void writeInput(int piece, int from, int length) {
        if (length > 0) {
            input.take(board, (long) piece * pieceBytes + from, board.part(me), board.place(piece) + from, length);
        }
    }

    private void writeResult() {
        int piece = pieceOf(next);
        int from = start(piece, me);
        int length = start(piece, me + 1) - from;
        if (length > 0) {
            long at = (long) piece * pieceBytes + from;
            folding.fold(board, 0, size - 1, piece, from, input, at, length, collects() ? result : null, at, collector != me);
        }
        next++;
    }

    private void collect(int piece) {
        for (int i = 1; i < size; i++) {
            int r = (me + i) % size;
            int from = start(piece, r);
            int length = start(piece, r + 1) - from;
            if (length > 0) {
                result.put(board, (long) piece * pieceBytes + from, board.part(r), board.place(r, piece) + from, length);
            }
        }
    }

    /** Tells the others how many pieces we need no more, neither their input nor their result. */
    private void acknowledge() {
        int before = acknowledged;
        while (acknowledged < pieces && next > result(acknowledged) && (!collects() || collected > acknowledged)) {
            acknowledged++;
        }
        if (acknowledged != before && groups > ahead) {
            for (int r = 0; r < size; r++) {
                if (r != me) {
                    board.take(r, acknowledged);
                }
            }
        }
    }
}
