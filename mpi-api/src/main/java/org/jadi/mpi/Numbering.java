package org.jadi.mpi;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jadi.adi.request.Failure;

/**
 * Tells the members of a new communicator by which numbers the others know it (see {@link Contexts}): mostly one round trip
 * of minima that shows that all have chosen the same one, else a gather of all numbers.
 */
final class Numbering {
    private static final int NONE_LEFT = -1;

    private final Transfer transfer;
    private final int[] ranks;
    private final int me;
    private final int tag;
    private final String operation;
    private final int own;
    private int[] all;

    /**
     * Takes a number of ours.
     *
     * @param transfer where the participants can talk
     * @param ranks participants as ranks there, or null for all
     * @param me our place among them
     */
    Numbering(Transfer transfer, int[] ranks, int me, int tag, String operation) {
        this.transfer = transfer;
        this.ranks = ranks;
        this.me = me;
        this.tag = tag;
        this.operation = operation;
        this.own = transfer.instance.contexts.take();
    }

    /** Returns our number. */
    int own() {
        return own;
    }

    /** Returns the number of each member, or null if all have ours. */
    int[] all() {
        return all;
    }

    /** Runs, and waits for it. */
    void run() {
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = operation;
        start(failure -> Rounds.finish(done, failure));
        transfer.awaitBlocking(done, operation);
    }

    /** Runs; then tells the end null or what went wrong. After a failure the number is given back. */
    void start(Consumer<Failure> end) {
        Rounds.Minimum agreed = new Rounds.Minimum(transfer, ranks, me, tag, operation, own, -own);
        agreed.start(failure -> {
            if (failure != null) {
                fail(end, failure);
            } else if (agreed.values[0] == NONE_LEFT) {
                fail(end, noneLeft());
            } else if (agreed.values[0] == -agreed.values[1]) {
                end.accept(null);
            } else {
                transfer.instance.contexts.catchUp((int) -agreed.values[1]);
                gather(end);
            }
        });
    }

    private void gather(Consumer<Failure> end) {
        Rounds.Gather numbers = new Rounds.Gather(transfer, ranks, me, tag, operation, own);
        numbers.start(failure -> {
            if (failure != null) {
                fail(end, failure);
            } else {
                all = Arrays.stream(numbers.result()).mapToInt(n -> (int) n).toArray();
                end.accept(null);
            }
        });
    }

    private void fail(Consumer<Failure> end, Failure failure) {
        giveBack();
        end.accept(failure);
    }

    /** Gives our number back, because the communicator is not made. */
    void giveBack() {
        if (own != NONE_LEFT) {
            transfer.instance.contexts.give(own);
        }
    }

    /** Too many communicators on some rank. */
    static Failure noneLeft() {
        return new Failure(Failure.Kind.REFUSED, "a rank has too many communicators; free those that are not needed");
    }
}
