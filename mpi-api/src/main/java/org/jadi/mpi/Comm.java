package org.jadi.mpi;

import java.time.Duration;
import org.jadi.mpi.launch.LocalJob;

/**
 * A communicator: a group of ranks with a context of its own, in which they exchange messages. MPI 4.1 §7.
 *
 * <p>Any thread may call any method. What is asked of a closed library fails with {@link MpiException}. Received data is
 * visible to the thread that received it; what a sender did before the send happens-before the receive's return.
 */
public abstract sealed class Comm
        implements BlockingMessages, NonblockingMessages, PersistentMessages, ExchangeMessages, DatatypeMessages,
                ObjectMessages, Probing
        permits IntraComm {
    /** Receives and probes: a message of any source ({@code MPI_ANY_SOURCE}, MPI 4.1 §3.2.4). */
    public static final int ANY_SOURCE = -1;

    /** Receives and probes: a message with any tag ({@code MPI_ANY_TAG}, MPI 4.1 §3.2.4). */
    public static final int ANY_TAG = -1;

    /** A peer that is nobody: communication with it is complete at once ({@code MPI_PROC_NULL}, MPI 4.1 §3.10). */
    public static final int PROC_NULL = -2;

    /** No meaningful number ({@code MPI_UNDEFINED}). */
    public static final int UNDEFINED = -32766;

    /** The largest tag ({@code MPI_TAG_UB}, MPI 4.1 §9.1.2). */
    public static final int TAG_UB = Integer.MAX_VALUE;

    /** Where messages of the user go. */
    final Transfer transfer;

    private final String name;
    private volatile Errhandler errhandler = Errhandler.THROW;

    Comm(Instance instance, String name, int context, int rank, int size, int[] world) {
        this.name = name;
        this.transfer = new Transfer(this, instance, context, rank, size, world);
    }

    /** Returns the rank of this process in the communicator ({@code MPI_Comm_rank}, MPI 4.1 §7.4.1). */
    public final int rank() {
        return transfer.rank;
    }

    /** Returns the number of ranks ({@code MPI_Comm_size}, MPI 4.1 §7.4.1). */
    public final int size() {
        return transfer.size;
    }

    /** Returns the name by which messages call this communicator ({@code MPI_Comm_get_name}, MPI 4.1 §7.8). */
    public final String name() {
        return name;
    }

    /** Returns what happens to errors ({@code MPI_Comm_get_errhandler}, MPI 4.1 §9.3). */
    public final Errhandler errhandler() {
        return errhandler;
    }

    /** Sets what happens to errors ({@code MPI_Comm_set_errhandler}, MPI 4.1 §9.3). */
    public final void setErrhandler(Errhandler handler) {
        if (handler == null) {
            throw transfer.error(ErrorClass.ARG, "setErrhandler", "the handler is null", null);
        }
        errhandler = handler;
    }

    /**
     * Sets how long blocking calls of this communicator, and waits without a limit of their own, may take; then they fail
     * with {@link ErrorClass#TIMEOUT}. No C library has this; there is no limit at first.
     *
     * @param limit the time, or null for no limit
     */
    public final void setTimeout(Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero())) {
            throw transfer.error(ErrorClass.ARG, "setTimeout", "the limit is longer than 0: limit=" + limit, null);
        }
        long days = limit == null ? Long.MAX_VALUE : limit.toDays();
        transfer.timeoutNs = days > 365 ? Long.MAX_VALUE : limit.toNanos();
    }

    /**
     * Ends the job ({@code MPI_Abort}, MPI 4.1 §11.4). Does not return.
     *
     * @param code exit code of the job, 1 to 255
     */
    public final void abort(int code) {
        abort(code, LocalJob.CALLED);
    }

    final void abort(int code, String reason) {
        transfer.instance.abort(code, reason);
    }

    @Override
    public final String toString() {
        return name + " (rank " + rank() + " of " + size() + ")";
    }
}
