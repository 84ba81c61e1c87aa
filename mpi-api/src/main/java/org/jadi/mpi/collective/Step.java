package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.adi.request.PackPlan;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.Waiter;

/**
 * One transfer block of a schedule: what it does, which steps wait for it, and, while the schedule runs, how far it is. As a
 * {@link Waiter} it is told when its message is complete, so a run that is started again makes no objects.
 */
final class Step extends Waiter {
    /** What a step does. */
    enum Kind {
        /** Sends the first block to the peer. */
        SEND,
        /** Receives from the peer into the first block. */
        RECEIVE,
        /** Reduces the first block into the second. */
        REDUCE,
        /** Copies the first block to the second. */
        COPY,
        /** Packs memory of the user into the first block. */
        PACK,
        /** Unpacks the first block into memory of the user. */
        UNPACK,
        /** Nothing: comes after some steps and before others. */
        FENCE
    }

    private static final Step[] NONE = {};

    final Kind kind;
    final Run run;
    final int peer;
    final Block first;
    final Block second;
    final PackPlan plan;
    final Reduction reduction;

    /** Steps that wait for the end of this one. */
    Step[] successors = NONE;
    int successorCount;

    /** The next step that sends to, or receives from, the same peer: it starts after this one, or messages would be mixed up. */
    Step follower;

    /** Steps that this one waits for, with the one that it follows. */
    int predecessors;

    // owned by the thread that runs the schedule
    int waitsFor;
    Request request;

    /** Link in the run's list of steps whose message is complete. */
    Step nextDone;

    Step(Kind kind, Run run, int peer, Block first, Block second, PackPlan plan, Reduction reduction) {
        this.kind = kind;
        this.run = run;
        this.peer = peer;
        this.first = first;
        this.second = second;
        this.plan = plan;
        this.reduction = reduction;
    }

    /** Makes this step wait for another one. */
    void after(Step other) {
        if (other == this || other.successorCount > 0 && other.successors[other.successorCount - 1] == this) {
            return;
        }
        if (other.successorCount == other.successors.length) {
            other.successors = Arrays.copyOf(other.successors, Math.max(4, 2 * other.successorCount));
        }
        other.successors[other.successorCount++] = this;
        predecessors++;
    }

    /** Makes this step start after another one has started. */
    void follow(Step other) {
        other.follower = this;
        predecessors++;
    }

    @Override
    protected void wake() {
        run.onMessage(this);
    }

    /** Does what needs no message. */
    void compute() {
        MemorySegment a = first == null ? null : first.memory().segment;
        switch (kind) {
            case REDUCE -> reduction.kernel().apply(a, first.from(), second.memory().segment, second.from(),
                    first.bytes() / reduction.elementBytes());
            case COPY -> MemorySegment.copy(a, first.from(), second.memory().segment, second.from(), first.bytes());
            case PACK -> inPieces(a, true);
            case UNPACK -> inPieces(a, false);
            case FENCE, SEND, RECEIVE -> { }
        }
    }

    private void inPieces(MemorySegment packed, boolean packs) {
        for (long done = 0; done < first.bytes();) {
            int piece = (int) Math.min(first.bytes() - done, 1 << 30);
            if (packs) {
                plan.pack(done, packed, first.from() + done, piece);
            } else {
                plan.unpack(done, packed, first.from() + done, piece);
            }
            done += piece;
        }
    }

    @Override
    public String toString() {
        return kind + (peer < 0 ? "" : " peer=" + peer) + (first == null ? "" : " bytes=" + first.bytes());
    }
}
