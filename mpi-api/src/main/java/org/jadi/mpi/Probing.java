package org.jadi.mpi;

import java.time.Duration;
import java.util.Optional;
import org.jadi.adi.match.Arrival;

/** Looking for messages before they are received. MPI 4.1 §3.8. */
public sealed interface Probing permits Comm {
    /**
     * Waits for a message that could be received ({@code MPI_Probe}, MPI 4.1 §3.8.1). With several threads, another may
     * receive it first: use {@link #mprobe}.
     *
     * @param source rank, {@link Comm#ANY_SOURCE} or {@link Comm#PROC_NULL}
     * @param tag tag, or {@link Comm#ANY_TAG}
     * @return source, tag and length of the message
     * @throws MpiException RANK, TAG, PROC_FAILED, TIMEOUT
     */
    default Status probe(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        Arrival a = ProbeCalls.await(t, "probe", source, tag, false, t.deadline());
        return a == null ? ProbeCalls.nothing(t, "probe", source, tag) : ProbeCalls.status(a);
    }

    /**
     * Waits for a message that could be received, but not longer than a limit.
     *
     * @return source, tag and length of the message, or nothing if the time was over before
     * @throws MpiException RANK, TAG, PROC_FAILED
     */
    default Optional<Status> probe(int source, int tag, Duration limit) {
        Transfer t = ((Comm) this).transfer;
        Arrival a = ProbeCalls.await(t, "probe", source, tag, false, Completions.deadline(limit));
        return a != null ? Optional.of(ProbeCalls.status(a))
                : source == Comm.PROC_NULL ? Optional.of(Status.NO_PROCESS) : Optional.empty();
    }

    /**
     * Looks once for a message that could be received ({@code MPI_Iprobe}, MPI 4.1 §3.8.1).
     *
     * @return source, tag and length of the message, or nothing if there is none
     * @throws MpiException RANK, TAG
     */
    default Optional<Status> iprobe(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        if (!t.mayTalk(source, tag) && t.checkReceive("iprobe", source, tag)) {
            return Optional.of(Status.NO_PROCESS);
        }
        Arrival a = t.engine.probe(t.inContext, source, tag, false);
        return a == null ? Optional.empty() : Optional.of(ProbeCalls.status(a));
    }

    /**
     * Waits for a message and takes it, so that only the caller can receive it ({@code MPI_Mprobe}, MPI 4.1 §3.8.2).
     *
     * @return the message; from {@link Comm#PROC_NULL} one without data ({@code MPI_MESSAGE_NO_PROC})
     * @throws MpiException RANK, TAG, PROC_FAILED, TIMEOUT
     */
    default Message mprobe(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        Arrival a = ProbeCalls.await(t, "mprobe", source, tag, true, t.deadline());
        if (a == null) {
            ProbeCalls.nothing(t, "mprobe", source, tag);
        }
        return new Message(t, a);
    }

    /**
     * Waits for a message and takes it, but not longer than a limit.
     *
     * @return the message, or nothing if the time was over before
     * @throws MpiException RANK, TAG, PROC_FAILED
     */
    default Optional<Message> mprobe(int source, int tag, Duration limit) {
        Transfer t = ((Comm) this).transfer;
        Arrival a = ProbeCalls.await(t, "mprobe", source, tag, true, Completions.deadline(limit));
        return a == null && source != Comm.PROC_NULL ? Optional.empty() : Optional.of(new Message(t, a));
    }

    /**
     * Looks once for a message and takes it ({@code MPI_Improbe}, MPI 4.1 §3.8.2).
     *
     * @return the message, or nothing if there is none
     * @throws MpiException RANK, TAG
     */
    default Optional<Message> improbe(int source, int tag) {
        Transfer t = ((Comm) this).transfer;
        if (!t.mayTalk(source, tag) && t.checkReceive("improbe", source, tag)) {
            return Optional.of(new Message(t, null));
        }
        Arrival a = t.engine.probe(t.inContext, source, tag, true);
        return a == null ? Optional.empty() : Optional.of(new Message(t, a));
    }
}
