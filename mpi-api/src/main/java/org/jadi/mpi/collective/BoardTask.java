package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;
import org.jadi.adi.request.Failure;

/**
 * One operation on a board, as one rank sees it: enters when it is its turn, works as far as others allow, and leaves.
 *
 * <p>A failure here is told to the others ({@link Board#fail}), so that nobody waits for our data; and we leave, so that the next
 * operation can be done.
 */
public abstract class BoardTask extends OrderedTask {
    private static final int TURNS_PER_LOOK = 64;
    private static final int WAITING = 0;
    private static final int ENTERING = 1;
    private static final int WORKING = 2;

    /** The board, ranks being places on it. */
    final Board board;
    final int me;
    final int size;
    private long check;

    /** Length that all agree on; negative where each has its own. */
    private long agreedBytes;

    /** A bit for each rank whose call was compared with ours. */
    private long verified;
    private int phase;
    private int idleTurns;
    private Failure preset;

    /**
     * Describes an operation.
     *
     * @param call name for messages
     * @param check what must be equal on all ranks
     * @param agreedBytes length that must be equal on all ranks, or -1
     */
    BoardTask(Board board, String call, long check, long agreedBytes) {
        super(call);
        this.board = board;
        this.me = board.me();
        this.size = board.size();
        this.check = check;
        this.agreedBytes = agreedBytes;
    }

    /** Becomes another operation on the same board; see the constructor, and {@link #renew(String)}. */
    final void renew(String call, long nextCheck, long nextAgreedBytes) {
        renew(call);
        check = nextCheck;
        agreedBytes = nextAgreedBytes;
        verified = 0;
        phase = WAITING;
        idleTurns = 0;
        preset = null;
    }

    /** Makes it fail at once, when it is its turn; the others are told. */
    final void giveUp(Failure cause) {
        preset = cause;
    }

    /** Returns whether the first piece lies beside the flag. */
    boolean isInline() {
        return false;
    }

    /** Length of our data for the others; what is agreed on, if anything. */
    long ownBytes() {
        return agreedBytes;
    }

    /** Writes the first piece if there is room for it; returns the number of pieces that are there at once, 0 or 1. */
    abstract int prepare();

    /** Does what can be done; returns IDLE, MOVED or DONE. */
    abstract int work();

    @Override
    public final int advance() {
        if (isDone()) {
            return DONE;
        }
        try {
            int moved = step();
            if (moved == IDLE && ++idleTurns % TURNS_PER_LOOK == 0) {
                Failure lost = phase == WAITING ? null : board.lost();
                if (lost != null) {
                    return fail(lost);
                }
            }
            return moved;
        } catch (PeerFailure e) {
            return fail(e.failure);
        } catch (Throwable e) { // whatever code of the user's throws: the others are told
            threw(e);
            return fail(new Failure(Failure.Kind.INTERNAL, call() + ": " + e));
        }
    }

    private int step() {
        if (phase == WAITING) {
            if (!isNext()) {
                return IDLE;
            }
            phase = ENTERING;
        }
        boolean entered = phase == ENTERING;
        if (entered) {
            if (!board.mayEnter()) {
                return IDLE;
            }
            board.begin(isInline());
            phase = WORKING;
            if (preset != null) {
                board.enter(check, ownBytes(), 0);
                throw new PeerFailure(preset);
            }
            board.enter(check, ownBytes(), prepared());
        }
        int moved = work();
        if (moved == DONE) {
            board.leave();
            finish(null);
        }
        return entered && moved == IDLE ? MOVED : moved;
    }

    /** The others see who failed and in what, even if what is first to be published cannot be made. */
    private int prepared() {
        try {
            return prepare();
        } catch (Throwable e) {
            board.enter(check, ownBytes(), 0);
            throw e;
        }
    }

    private int fail(Failure cause) {
        if (phase == WORKING) {
            board.fail();
        }
        finish(cause);
        return DONE;
    }

    /** Returns how many pieces a rank has published, 0 before it has come; having verified that it does the same as we. */
    final int available(int rank) {
        int pieces = board.published(rank);
        if (pieces < 0) {
            return 0;
        }
        if ((verified & 1L << rank) == 0) {
            verify(rank);
        }
        if (pieces == Board.FAILED) {
            throw new PeerFailure(new Failure(Failure.Kind.TRUNCATE, call() + ": the operation has failed at rank " + board.rank(rank)
                    + " of the job, which sends no data"));
        }
        return pieces;
    }

    /** Returns whether a rank has entered the operation, and does the same as we. */
    final boolean hasEntered(int rank) {
        if (board.published(rank) < 0) {
            return false;
        }
        if ((verified & 1L << rank) == 0) {
            verify(rank);
        }
        return true;
    }

    /** The length of a rank's data for us where none is agreed on; -1 if it is not known. */
    long expectedBytes(int rank) {
        return -1;
    }

    /** The length that a rank has for us where none is agreed on. */
    long bytesOf(int rank) {
        return board.bytesOf(rank);
    }

    private void verify(int rank) {
        long theirs = board.checkOf(rank);
        long ours = agreedBytes;
        long bytes = board.bytesOf(rank);
        if (agreedBytes < 0) {
            ours = expectedBytes(rank);
            bytes = ours < 0 ? ours : bytesOf(rank);
        }
        if (theirs != check || bytes != ours) {
            Check.Difference d = Check.difference(check, theirs, ours, bytes);
            if (d != null) {
                differs(d);
                throw new PeerFailure(new Failure(Failure.Kind.TRUNCATE, call() + ": the ranks call different operations, or with"
                        + " different arguments; operation number " + board.operation() + " on this communicator is here "
                        + Check.describe(check, ours) + ", and at rank " + board.rank(rank) + " of the job "
                        + Check.describe(theirs, bytes)));
            }
        }
        verified |= 1L << rank;
        board.met(rank);
    }

    /** Ends the work of a task. */
    static final class PeerFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        final transient Failure failure;

        PeerFailure(Failure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }
    }
}
