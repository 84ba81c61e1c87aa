package org.jadi.mpi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Selection;
import org.jadi.mpi.datatype.Signature;
import org.jadi.mpi.launch.LocalJob;

/**
 * A communicator: a group of ranks with a context of its own, in which they exchange messages. MPI 4.1 §7.
 *
 * <p>Any thread may call any method. What is asked of a closed library fails with {@link MpiException}. Received data is
 * visible to the thread that received it; what a sender did before the send happens-before the receive's return.
 *
 * <p>Collective methods are called by all ranks, in the same order on each of them if they belong to one communicator;
 * several threads may run collective methods of different communicators at the same time, in any order.
 */
public abstract sealed class Comm
        implements BlockingMessages, NonblockingMessages, PersistentMessages, ExchangeMessages, DatatypeMessages, ObjectMessages,
                Collectives, Reductions, NeighborCollectives, ObjectCollectives, Probing, Caching<Comm>, Buffering,
                PartitionedMessages
        permits IntraComm, InterComm {
    /** Receives and probes: a message of any source ({@code MPI_ANY_SOURCE}, MPI 4.1 §3.2.4). */
    public static final int ANY_SOURCE = -1;

    /** Receives and probes: a message with any tag ({@code MPI_ANY_TAG}, MPI 4.1 §3.2.4). */
    public static final int ANY_TAG = -1;

    /** A peer that is nobody: communication with it is complete at once ({@code MPI_PROC_NULL}, MPI 4.1 §3.10). */
    public static final int PROC_NULL = -2;

    /** Collective operations of two groups: the root says this of itself ({@code MPI_ROOT}, MPI 4.1 §6.2.3). */
    public static final int ROOT = -4;

    /** No meaningful number ({@code MPI_UNDEFINED}). */
    public static final int UNDEFINED = -32766;

    /** The largest tag ({@code MPI_TAG_UB}, MPI 4.1 §9.1.2). */
    public static final int TAG_UB = Integer.MAX_VALUE;

    /** Longest name, in characters ({@code MPI_MAX_OBJECT_NAME}, MPI 4.1 §7.8). */
    public static final int MAX_NAME = 128;

    /** Info key: whether reductions have the same bits whatever device, placement and algorithm; {@code "true"} or {@code "false"}. */
    private static final String REPRODUCIBLE = "jadi_reproducible";

    private static final int PERSISTENT_TAGS = 1 << 30;

    /** Where messages of the user go. */
    final Transfer transfer;

    /** Where messages of collective operations go. */
    final Transfer collective;

    final CommSeed seed;
    final BufferedSends buffer;
    final Partitions partitions = new Partitions(this);
    final Attributes<Comm> attributes = new Attributes<>(this);

    /** One for the user, and one for each operation or object that will yet start messages here. */
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicInteger collectives = new AtomicInteger();
    private final AtomicInteger persistentCollectives = new AtomicInteger();
    private volatile boolean sharingKnown;
    private volatile Sharing sharing = Sharing.NONE;
    private volatile boolean freed;
    private volatile String name = "";
    private volatile Errhandler errhandler;
    private volatile Info info = new Info();
    private volatile Selection selection;

    /** Signatures that {@link #repeated} has returned, on any thread: most programs repeat calls with the same counts. */
    private final Repeated[] repeated = new Repeated[8];

    // Multiplying by it spreads numbers over the upper bits, of which three are taken.
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int REPEATED_SHIFT = 61;

    private record Repeated(Signature one, long times, Signature all) {}

    Comm(CommSeed seed) {
        this.seed = seed;
        this.selection = seed.instance().selection;
        this.buffer = new BufferedSends(seed.instance());
        this.transfer = new Transfer(this, seed.instance(), Contexts.USER, seed.number(), seed.rank(), seed.peers());
        this.collective = new Transfer(this, seed.instance(), Contexts.COLLECTIVE, seed.number(), seed.rank(), seed.peers());
        this.errhandler = seed.parent() == null ? Errhandler.THROW : seed.parent().errhandler;
        if (seed.parent() != null) {
            transfer.timeoutNs = seed.parent().transfer.timeoutNs;
        }
    }

    // ------------------------------------------------------------------ group

    /** Returns the rank of this process in the (local) group ({@code MPI_Comm_rank}, MPI 4.1 §7.4.1). */
    public final int rank() {
        return seed.rank();
    }

    /** Returns the number of ranks in the (local) group ({@code MPI_Comm_size}, MPI 4.1 §7.4.1). */
    public final int size() {
        return seed.local().size;
    }

    /** Returns the (local) group ({@code MPI_Comm_group}, MPI 4.1 §7.3.2). Local. */
    public final Group group() {
        transfer.checkUsable("group");
        return new Group(seed.local().worldRanks(), seed.local().toWorld(rank()));
    }

    /** Returns whether it has two groups ({@code MPI_Comm_test_inter}, MPI 4.1 §7.6.1). */
    public final boolean isInter() {
        return this instanceof InterComm;
    }

    /**
     * Compares with another communicator ({@code MPI_Comm_compare}, MPI 4.1 §7.4.1). Local.
     *
     * @return IDENT for the same object, CONGRUENT for the same groups in the same order, SIMILAR for another order
     * @throws MpiException COMM if the other is null or was freed
     */
    public final Comparison compare(Comm other) {
        transfer.checkUsable("compare");
        if (other == null || other.freed) {
            throw transfer.error(ErrorClass.COMM, "compare", "the other communicator is null, or was freed", null);
        }
        if (this == other) {
            return Comparison.IDENT;
        }
        if (isInter() != other.isInter()) {
            return Comparison.UNEQUAL;
        }
        Comparison near = group().compare(other.group());
        Comparison far = isInter() ? ((InterComm) this).remoteGroup().compare(((InterComm) other).remoteGroup()) : near;
        Comparison worst = near.compareTo(far) >= 0 ? near : far;
        return worst == Comparison.IDENT ? Comparison.CONGRUENT : worst;
    }

    // ------------------------------------------------------- name, info, errors

    /** Returns the name; empty until one is set, except for world and self ({@code MPI_Comm_get_name}, MPI 4.1 §7.8). */
    public final String name() {
        return name;
    }

    /**
     * Sets the name by which messages call this communicator ({@code MPI_Comm_set_name}, MPI 4.1 §7.8). Local.
     *
     * @param name at most {@value #MAX_NAME} characters, the rest is cut off; empty for none
     */
    public final void setName(String name) {
        if (name == null) {
            throw transfer.error(ErrorClass.ARG, "setName", "the name is null", null);
        }
        this.name = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    /** Returns a copy of the hints ({@code MPI_Comm_get_info}, MPI 4.1 §7.4.4). */
    public final Info info() {
        transfer.checkUsable("info");
        return info.dup();
    }

    /**
     * Adds hints to those that are set ({@code MPI_Comm_set_info}, MPI 4.1 §7.4.4). Collective, but waits for nobody. Known are:
     * {@code jadi_reproducible}, whether reductions give the same bits for the same data and number of ranks, whatever device,
     * placement and algorithm ({@code "true"}; slower on several nodes); the same on all ranks.
     */
    public final void setInfo(Info hints) {
        transfer.checkUsable("setInfo");
        if (hints == null) {
            throw transfer.error(ErrorClass.INFO, "setInfo", "the info is null", null);
        }
        Info merged = info.dup();
        hints.toMap().forEach(merged::set);
        setHints(merged);
    }

    /** Returns what happens to errors ({@code MPI_Comm_get_errhandler}, MPI 4.1 §9.3). */
    public final Errhandler errhandler() {
        return errhandler;
    }

    /** Sets what happens to errors ({@code MPI_Comm_set_errhandler}, MPI 4.1 §9.3); inherited by communicators made of this. */
    public final void setErrhandler(Errhandler handler) {
        if (handler == null) {
            throw transfer.error(ErrorClass.ARG, "setErrhandler", "the handler is null", null);
        }
        errhandler = handler;
    }

    /** Tells the error handler of an error, and throws it if the handler returns ({@code MPI_Comm_call_errhandler}, MPI 4.1 §9.5). */
    public final void callErrhandler(MpiException error) {
        errhandler.handle(this, error);
        throw error;
    }

    /**
     * Tells the error handler of an error by its code, and throws it if the handler returns.
     *
     * @param code of {@link Mpi#errorCodes}
     * @throws MpiException with the code; ARG if there is no such code
     */
    public final void callErrhandler(int code) {
        callErrhandler(seed.instance().errorCodes.exception(code, "callErrhandler on " + place()));
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
     * Tells which algorithm a collective operation takes here, and why. Local. The key {@code coll.verbose} tells it for
     * every call; the keys {@code coll.NAME} force one.
     *
     * @param operation name of the blocking call: {@code "allreduce"}; {@code "reduceScatter"} and {@code "scan"} for their
     *     families
     * @param bytes size of the buffer that is broadcast or reduced, of one block, or of all blocks for allgather and
     *     reduceScatter
     * @throws MpiException ARG for another name
     */
    public final String explain(String operation, long bytes) {
        Operation o = Operation.of(operation);
        if (o == null || bytes < 0) {
            throw transfer.error(ErrorClass.ARG, "explain", "an operation with several algorithms is wanted, and 0 bytes or more:"
                    + " operation=" + operation + " bytes=" + bytes, null);
        }
        Selection.Choice choice = selection().choose(o, bytes, size(), true, sharing.shape());
        return operation + " of " + bytes + " bytes on " + size() + " ranks: " + choice.algorithm().label() + " (" + choice.why()
                + ")";
    }

    // ------------------------------------------------------------------- ends

    /**
     * Frees the communicator ({@code MPI_Comm_free}, MPI 4.1 §7.4.3). Collective, but waits for nobody: operations that are
     * under way complete normally, persistent requests can still be started. Calls the delete callbacks of its attributes.
     *
     * @throws MpiException COMM if it was freed before, or is world or self; OTHER if a callback failed (it is not freed then)
     */
    public final void free() {
        transfer.checkUsable("free");
        if (seed.number() <= Contexts.SELF) {
            throw transfer.error(ErrorClass.COMM, "free", "world and self cannot be freed", null);
        }
        transfer.guarded(attributes::deleteAll);
        synchronized (this) {
            if (freed) {
                throw transfer.error(ErrorClass.COMM, "free", "the communicator was freed", null);
            }
            freed = true;
        }
        transfer.end();
        onFree();
        release();
    }

    /** Returns whether {@link #free} was called. */
    public final boolean isFreed() {
        return freed;
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
        return label() + " (rank " + rank() + " of " + size() + ")";
    }

    // --------------------------------------------------------------- internal

    /** Frees what belongs to it. */
    void onFree() {}

    /** Keeps the number of this communicator, because something will yet start messages in it. */
    final void hold() {
        holds.incrementAndGet();
    }

    /** Returns what chooses algorithms here. */
    final Selection selection() {
        return selection;
    }

    private void setHints(Info hints) {
        info = hints;
        Selection common = seed.instance().selection;
        selection = hints.get(REPRODUCIBLE).map(w -> common.reproducible(Boolean.parseBoolean(w))).orElse(common);
    }

    /** Returns who shares memory, as far as it is known. */
    final Sharing sharing() {
        return sharing;
    }

    /** Returns who shares memory, in a blocking collective operation of that number: finds it out if it is time. */
    final Sharing sharing(int number) {
        if (!sharingKnown && number >= seed.instance().boards.sharedAfter()) {
            sharingKnown = true;
            sharing = size() == 1 || !seed.instance().boards.areAllowed() ? Sharing.NONE : Sharing.make(this);
        }
        return sharing;
    }

    /** Runs the task of a collective call, if it has one, and waits for its end. */
    final void run(OrderedTask task) {
        if (task != null) {
            sharing.run(transfer, task);
        }
    }

    /** Returns the signature of a number of elements that have the same one. */
    final Signature repeated(Signature one, long times) {
        int place = (int) ((one.hash() ^ times) * GOLDEN_RATIO >>> REPEATED_SHIFT); // most counts are powers of two: low bits tell nothing
        Repeated known = repeated[place];
        if (known == null || known.one != one || known.times != times) {
            known = new Repeated(one, times, one.repeat(times));
            repeated[place] = known;
        }
        return known.all;
    }

    /** Ends a {@link #hold}. The last one gives the number back. */
    final void release() {
        if (holds.decrementAndGet() == 0) {
            if (sharing.board != null) {
                seed.instance().boards.end(sharing.board);
            }
            seed.instance().contexts.give(seed.number());
        }
    }

    /** Returns the tag for the internal messages of the next operation; the same on all ranks, because calls are ordered. */
    final int nextTag() {
        return operations.getAndIncrement() & Integer.MAX_VALUE;
    }

    /** Returns the tag of the next collective operation; the same on all ranks, because calls are ordered. */
    final int nextCollectiveTag() {
        return collectives.getAndIncrement() & PERSISTENT_TAGS - 1;
    }

    /** Returns the tag of the next persistent collective operation. */
    final int nextPersistentTag() {
        return persistentCollectives.getAndIncrement() & PERSISTENT_TAGS - 1 | PERSISTENT_TAGS;
    }

    /** Returns the messages of another kind in this communicator, to the same peers; see {@link Contexts}. */
    final Transfer internal(int kind) {
        Transfer t = new Transfer(this, seed.instance(), kind, seed.number(), seed.rank(), seed.peers());
        t.timeoutNs = transfer.timeoutNs;
        return t;
    }

    /** Sets the hints of a new communicator. */
    final void beginWith(Info hints) {
        setHints(hints);
    }

    /** What messages call this communicator. */
    final String label() {
        return name.isEmpty() ? seed.label() : name;
    }

    /** The communicator and the rank, for messages. */
    final String place() {
        return label() + ", rank " + rank() + " of " + size();
    }
}
