package org.jadi.mpi.collective;

import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;

/**
 * A collective operation among the ranks of several nodes: through the node's board, then by messages among one rank of each node, its
 * leader, then through the board again. Each of these may be missing.
 */
public final class NodesTask extends OrderedTask {
    private final BoardTask first;
    private final Run among;
    private final BoardTask last;
    private Request messages;
    private Failure failure;

    /**
     * Describes an operation.
     *
     * @param call name for messages
     * @param among what a leader does, or null for other ranks
     */
    public NodesTask(String call, BoardTask first, Run among, BoardTask last) {
        super(call);
        this.first = first;
        this.among = among;
        this.last = last;
    }

    @Override
    public int advance() {
        if (isDone()) {
            return DONE;
        }
        if (!isNext()) {
            return IDLE;
        }
        if (first != null && !first.isDone()) {
            int moved = first.advance();
            if (moved != DONE) {
                return moved;
            }
            see(first);
        }
        if (among != null && !areMessagesDone()) {
            return IDLE;
        }
        if (last != null && !last.isDone()) {
            int moved = last.advance();
            if (moved != DONE) {
                return moved;
            }
            see(last);
        }
        finish(failure);
        return DONE;
    }

    /** A failure does not stop it: the others are told by messages without data, and on the board. */
    private boolean areMessagesDone() {
        if (messages == null) {
            messages = new Request();
            among.start(messages, null, failure);
        }
        if (!messages.isComplete()) {
            return false;
        }
        if (failure == null && messages.failure() != null) {
            failure = messages.failure();
            threw(among.thrown());
            if (last != null) {
                last.giveUp(failure);
            }
        }
        return true;
    }

    private void see(BoardTask part) {
        if (failure == null && part.failure() != null) {
            failure = part.failure();
            threw(part.thrown());
            differs(part.difference());
            if (last != null && part != last) {
                last.giveUp(failure);
            }
        }
    }
}
