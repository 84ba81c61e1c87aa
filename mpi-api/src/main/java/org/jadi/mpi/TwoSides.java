package org.jadi.mpi;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jadi.adi.request.Failure;

/**
 * Gives every rank of two groups the blocks of all: a gather in each group, an exchange between two leaders, and a gather in
 * which only the leader has something to say. A state machine, as {@link Rounds}.
 */
final class TwoSides {
    private static final Failure ELSEWHERE = new Failure(Failure.Kind.REFUSED,
            "the leader of the group could not exchange with the other group; its exception says why");

    private final Transfer group;
    private final int me;
    private final int leader;
    private final int tag;
    private final String operation;
    private final long[] block;
    private long[] near;
    private long[] far;

    /** How the leaders reach each other. */
    record Link(Transfer transfer, int remoteLeader, int tag) {}

    private final Link link;

    /**
     * Prepares an exchange.
     *
     * @param local communicator of our group
     * @param link for the leader; null on the others, or if it cannot reach the other one
     */
    TwoSides(IntraComm local, int leader, Link link, String operation, long... block) {
        this.group = local.internal(Contexts.MANAGE);
        this.me = local.rank();
        this.leader = leader;
        this.tag = local.nextTag();
        this.link = link;
        this.operation = operation;
        this.block = block;
    }

    /** Returns the blocks of our group, one after the other. */
    long[] near() {
        return near;
    }

    /** Returns the blocks of the other group. */
    long[] far() {
        return far;
    }

    /** Runs, and waits for it. */
    void run(Transfer waiting) {
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = operation;
        start(failure -> Rounds.finish(done, failure));
        waiting.awaitBlocking(done, operation);
    }

    /** Runs; then tells the end null or what went wrong. */
    void start(Consumer<Failure> end) {
        Rounds.Gather gather = new Rounds.Gather(group, null, me, tag, operation, block);
        gather.start(failure -> {
            near = failure == null ? gather.result() : null;
            if (failure != null) {
                end.accept(failure);
            } else if (me != leader) {
                spread(new long[0], null, end);
            } else if (link == null) {
                spread(new long[0], ELSEWHERE, end);
            } else {
                swap(end);
            }
        });
    }

    private void swap(Consumer<Failure> end) {
        long[] length = new long[1];
        exchange(new long[] {near.length}, length, shortFailure -> {
            long[] theirs = new long[shortFailure == null ? (int) length[0] : 0];
            if (shortFailure != null) {
                spread(theirs, shortFailure, end);
            } else {
                exchange(near, theirs, failure -> spread(theirs, failure, end));
            }
        });
    }

    private void exchange(long[] out, long[] in, Consumer<Failure> next) {
        new Rounds.Swap(link.transfer(), link.remoteLeader(), link.tag(), operation, out, in).start(next);
    }

    /** Tells our group what the leader has heard, or that it has failed. */
    private void spread(long[] heard, Failure heardFailure, Consumer<Failure> end) {
        long length = heardFailure == null ? heard.length : -1;
        Rounds.Gather lengths = new Rounds.Gather(group, null, me, tag, operation, length);
        lengths.start(failure -> {
            int[] all = failure != null ? null : Arrays.stream(lengths.result()).mapToInt(n -> (int) n).toArray();
            if (failure != null || heardFailure != null || all[leader] < 0) {
                end.accept(failure != null ? failure : heardFailure != null ? heardFailure : ELSEWHERE);
                return;
            }
            Rounds.Gather data = new Rounds.Gather(group, null, me, tag, operation, heard, all);
            data.start(last -> {
                far = last == null ? data.result() : null;
                end.accept(last);
            });
        });
    }
}
