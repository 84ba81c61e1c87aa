package org.jadi.adi.request;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a piece of transfer, and the one table of legal moves.
 *
 * <pre>
 * send   INACTIVE -> QUEUED -> COMPLETE                               eager that waited for room or credit
 *                    QUEUED -> SENDING -> COMPLETE                    eager in several packets
 *        INACTIVE -> SENDING -> COMPLETE                              the same, some of which went out at once
 *                    QUEUED -> OFFERED -> SENDING -> COMPLETE         rendezvous
 *                              OFFERED -> COMPLETE                    get, or nothing wanted by the receiver
 * recv   INACTIVE -> POSTED -> ARRIVING -> COMPLETE                   parts of an eager message
 *                    POSTED -> CLEARED -> COMPLETE                    rendezvous
 *                    POSTED -> HANDED -> COMPLETE                     only the buffer's owner thread may copy
 *                    POSTED -> COMPLETE, CANCELLED
 * any active state -> FAILED;  COMPLETE, CANCELLED, FAILED -> INACTIVE (persistent: started again)
 * </pre>
 */
public enum State {
    /** Not started, or a persistent request between two starts. SPEC: MPI 4.1 §3.7.3 (inactive). */
    INACTIVE,
    /** A send that waits in its peer's queue; the peer knows nothing of it. */
    QUEUED,
    /** A send whose request-to-send is with the peer. */
    OFFERED,
    /** A send whose parts are on their way. */
    SENDING,
    /** A receive that waits for a message. */
    POSTED,
    /** A receive whose parts come in without asking (eager). */
    ARRIVING,
    /** A receive that has asked the sender for its data. */
    CLEARED,
    /** A receive whose data is here, but only the thread that owns its buffer may copy it. */
    HANDED,
    /** Done. */
    COMPLETE,
    /** Withdrawn before it matched. */
    CANCELLED,
    /** Ended by an error. */
    FAILED;

    private Set<State> successors;

    static {
        INACTIVE.successors = EnumSet.of(QUEUED, OFFERED, SENDING, POSTED, ARRIVING, CLEARED, HANDED, COMPLETE, FAILED);
        QUEUED.successors = EnumSet.of(OFFERED, SENDING, COMPLETE, FAILED);
        OFFERED.successors = EnumSet.of(SENDING, COMPLETE, FAILED);
        SENDING.successors = EnumSet.of(COMPLETE, FAILED);
        POSTED.successors = EnumSet.of(ARRIVING, CLEARED, HANDED, COMPLETE, CANCELLED, FAILED);
        ARRIVING.successors = EnumSet.of(HANDED, COMPLETE, FAILED);
        CLEARED.successors = EnumSet.of(HANDED, COMPLETE, FAILED);
        HANDED.successors = EnumSet.of(COMPLETE, FAILED);
        COMPLETE.successors = EnumSet.of(INACTIVE);
        CANCELLED.successors = EnumSet.of(INACTIVE);
        FAILED.successors = EnumSet.of(INACTIVE);
    }

    /** Returns whether a piece in this state may move to another. */
    public boolean mayBecome(State next) {
        return successors.contains(next);
    }

    /** Returns whether no further move follows, but a new start. */
    public boolean isTerminal() {
        return this == COMPLETE || this == CANCELLED || this == FAILED;
    }
}
