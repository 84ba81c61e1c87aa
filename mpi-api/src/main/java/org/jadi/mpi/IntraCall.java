package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.mpi.collective.Algorithm;
import org.jadi.mpi.collective.BoardTask;
import org.jadi.mpi.collective.BoardTasks;
import org.jadi.mpi.collective.Check;
import org.jadi.mpi.collective.Data;
import org.jadi.mpi.collective.FoldTask;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.collective.Selection;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Signature;

/**
 * A collective call within one group: done through shared memory, or by a schedule of messages.
 *
 * <p>Persistent operations always take messages: they may be started in another order on each rank, and what goes over a board is
 * known by the order of the calls.
 */
abstract class IntraCall extends CollectiveCall {
    /** Name of the call by which calls are compared. */
    static final String CHECKING = "check";

    final int size;
    final int me;
    final int root;
    private final Operation operation;
    final Kind kind;

    /** What the selection is told. */
    long bytes;

    /** Reduction, or null. */
    Reduction reduction;

    /** Type signature that all ranks have in common, or null; its length in bytes, or -1. */
    Signature signature;

    /** Hash of how the data is divided among the ranks; 0 where each sees what it takes. */
    private int cut;
    long agreedBytes = -1;

    IntraCall(Comm comm, String call, Operation operation, int root, Reduction reduction) {
        super(comm, call);
        this.size = comm.size();
        this.me = comm.rank();
        this.root = root;
        this.operation = operation;
        this.reduction = reduction;
        this.kind = reduction == null ? Kind.BYTE : reduction.kind();
        transfer.checkUsable(call);
        if (root < -1 || root >= size) {
            throw transfer.error(ErrorClass.ROOT, call, "the root is 0 to " + (size - 1) + ": root=" + root, null);
        }
    }

    /** Checks a root that is wanted. */
    static int root(Comm comm, String call, int root) {
        comm.transfer.checkUsable(call);
        if (root < 0 || root >= comm.size()) {
            throw comm.transfer.error(ErrorClass.ROOT, call, "the root is 0 to " + (comm.size() - 1) + ": root=" + root, null);
        }
        return root;
    }

    /** Writes the schedule of messages. */
    abstract void compose(CollectiveOperation c);

    /** Makes the task for a board. */
    abstract BoardTask task(BoardTasks tasks, long check);

    /** Makes the task for several nodes; only of operations that have {@link Algorithm#HIERARCHICAL}. */
    OrderedTask nodesTask(Hierarchy h, long check) {
        throw new IllegalStateException(call + " has no hierarchical algorithm");
    }

    /** Says how the data is divided among the ranks, which has to be the same on all where none sees what others take. */
    final void agreeOnCut(long[] counts) {
        cut = Arrays.hashCode(counts);
    }

    /**
     * Says what must be equal on all ranks.
     *
     * @param count number of elements; not looked at where they are rows, which have a length of their own
     * @param length of these elements in the message
     */
    final void agree(Operand operand, long count, long length) {
        signature = comm.repeated(operand.type.map.layout.signature,
                operand.isRows() ? length / operand.type.map.layout.size : count);
        agreedBytes = length;
    }

    // ---------------------------------------------------------------- buffers

    final Data in(Operand operand) {
        return data(operand, false);
    }

    final Data out(Operand operand) {
        return data(operand, true);
    }

    /** Checks and describes all elements of a buffer. */
    final Data data(Operand operand, boolean writes) {
        TypedBuffer run = operand.run(); // the usual case, in few instructions
        if (run == null) {
            return data(operand, 0, operand.count, writes);
        }
        check(operand, writes);
        return new Data(run.segment, run.offset, run.bytes, null);
    }

    private void check(Operand operand, boolean writes) {
        if (writes) {
            transfer.writable(operand.memory);
        }
        checkShared(operand);
    }

    /** Checks and describes elements of a buffer. */
    final Data data(Operand operand, long first, long count, boolean writes) {
        return data(operand, operand.piece(transfer, call, first, count), writes);
    }

    final Data data(Operand operand, Operand.Piece piece, boolean writes) {
        if (writes && operand.memory != null) {
            transfer.writable(operand.memory);
        }
        if (piece.bytes() == 0) {
            return Data.NONE;
        }
        if (operand.memory != null) {
            checkShared(operand);
        }
        return piece.plan() == null ? new Data(operand.memory, piece.offset(), piece.bytes(), null)
                : new Data(null, 0, piece.bytes(), piece.plan());
    }

    // ------------------------------------------------------------------ start

    private CollectiveOperation schedule() {
        CollectiveOperation c = new CollectiveOperation(comm, call, kind);
        compose(c);
        return c.ready();
    }

    private boolean fits(Sharing s) {
        return reduction == null || FoldTask.fits(reduction, s.shape().chunkBytes(), size);
    }

    private long check() {
        return Check.of(operation, reduction, root, signature) ^ Integer.toUnsignedLong(cut);
    }

    /** Returns the task for shared memory, in the row of those of this communicator; null where messages are to be taken. */
    private OrderedTask task(Sharing s, int number) {
        if (s.board == null && !s.shape().hierarchical() || !fits(s)) {
            return null;
        }
        Selection.Choice choice = comm.selection().choose(operation, bytes, size, reduction == null || reduction.commutative(),
                s.shape());
        boolean hierarchical = choice.algorithm() == Algorithm.HIERARCHICAL;
        if (!hierarchical && choice.algorithm() != Algorithm.SHARED) {
            return null;
        }
        if (transfer.instance.tellsAlgorithms && me == 0) {
            CollectiveOperation.tell(transfer, comm, call, choice);
        }
        return s.enqueued(transfer, hierarchical ? nodesTask(new Hierarchy(this, s, number), check()) : task(s.tasks, check()));
    }

    @Override
    final OrderedTask prepare() {
        Sharing known = comm.sharing();
        return known.isPlain && fits(known) ? known.enqueued(transfer, task(known.tasks, check())) : prepareOtherwise(known);
    }

    private OrderedTask prepareOtherwise(Sharing before) {
        Sharing known = before;
        if (transfer.instance.checksFully && size > 1 && !call.equals(CHECKING)) {
            FullCheck.run(comm, call, Check.of(operation, reduction, root, signature), agreedBytes);
            known = comm.sharing(); // the check may be the call that found it out
        }
        // A task on one board needs no number: all ranks count only what may take messages.
        boolean counts = !known.shape().shared();
        int number = counts ? comm.nextCollectiveTag() : 0;
        OrderedTask task = task(counts ? comm.sharing(number) : known, number);
        if (task == null) {
            schedule().run(counts ? number : comm.nextCollectiveTag());
        }
        return task;
    }

    @Override
    Request start() {
        Sharing known = comm.sharing();
        boolean counts = !known.shape().shared();
        int number = counts ? comm.nextCollectiveTag() : 0;
        OrderedTask task = task(known, number);
        if (task == null) {
            return schedule().start(counts ? number : comm.nextCollectiveTag());
        }
        org.jadi.adi.request.Request done = Sharing.hold(comm, task);
        task.setRequest(done);
        if (task.advance() == OrderedTask.DONE) {
            task.ended();
            done.pieceDone();
        } else {
            transfer.engine.start(task);
        }
        return new Request(transfer, done, Status.EMPTY);
    }

    @Override
    PersistentRequest init() {
        return schedule().init();
    }
}
