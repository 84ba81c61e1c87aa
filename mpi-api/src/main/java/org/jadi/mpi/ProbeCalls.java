package org.jadi.mpi;

import org.jadi.adi.match.Arrival;
import org.jadi.adi.request.Failure;

/** What the methods of {@link Probing} have in common. */
final class ProbeCalls {
    private ProbeCalls() {}

    /** Returns null if the time was over, or the source is PROC_NULL. */
    static Arrival await(Transfer t, String operation, int source, int tag, boolean remove, long deadlineNs) {
        if (!t.mayTalk(source, tag) && t.checkReceive(operation, source, tag)) {
            return null;
        }
        int sender = source < 0 ? source : t.toWorld(source);
        Arrival found = t.engine.probe(t.inContext, sender, source, tag, remove, deadlineNs);
        Failure failure = found == null ? t.engine.failureOf(sender) : null;
        if (failure != null) {
            throw t.error(Transfer.errorClass(failure), operation, failure.message() + "; source=" + source + " tag=" + tag,
                    null);
        }
        return found;
    }

    /** A probe without a limit of its own found nothing: the source is PROC_NULL, or the communicator's limit is over. */
    static Status nothing(Transfer t, String operation, int source, int tag) {
        if (source == Comm.PROC_NULL) {
            return Status.NO_PROCESS;
        }
        throw t.error(ErrorClass.TIMEOUT, operation, "the time limit of the communicator is over: source=" + source + " tag="
                + tag, null);
    }

    static Status status(Arrival a) {
        return new Status(a.source, a.tag, a.bytes, false, ErrorClass.SUCCESS);
    }
}
