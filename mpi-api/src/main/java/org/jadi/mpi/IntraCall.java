package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.adi.board.Board;
import org.jadi.mpi.collective.Algorithm;
import org.jadi.mpi.collective.BoardTask;
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
    abstract BoardTask task(Board board, Sharing s, long check);

    /** Makes the task for several nodes; only of operations that have {@link Algorithm#HIERARCHICAL}. */
    OrderedTask nodesTask(Hierarchy h, long check) {
        throw new IllegalStateException(call + " has no hierarchical algorithm");
    }

    /** Says how the data is divided among the ranks, which has to be the same on all where none sees what others take. */
    final void agreeOnCut(long[] counts) {
        cut = Arrays.hashCode(counts);
    }

    /** Says what must be equal on all ranks. */
    final void agree(Operand operand, long count) {
        signature = comm.repeated(operand.type.map.layout.signature, count);
        agreedBytes = operand.type.map.layout.size * count;
    }

    // ---------------------------------------------------------------- buffers

    final Data in(Operand operand) {
        return data(operand, 0, operand.count, false);
    }

    final Data out(Operand operand) {
        return data(operand, 0, operand.count, true);
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

    /** Returns the task for shared memory, in the row of those of this communicator; null where messages are to be taken. */
    private OrderedTask task(Sharing s, int number) {
        if (s.board == null && !s.shape().hierarchical()
                || reduction != null && !FoldTask.fits(reduction, s.shape().chunkBytes(), size)) {
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
        long check = Check.of(operation, reduction, root, signature) ^ Integer.toUnsignedLong(cut);
        OrderedTask task = hierarchical ? nodesTask(new Hierarchy(this, s, number), check) : task(s.board, s, check);
        s.enqueue(task);
        return task;
    }

    /** Keeps the number of the communicator until a task has ended, which may be after the call. */
    private void holdFor(OrderedTask task) {
        comm.hold();
        task.whenDone(comm::release);
    }

    @Override
    void run() {
        if (transfer.instance.checksFully && size > 1 && !call.equals(CHECKING)) {
            FullCheck.run(comm, call, Check.of(operation, reduction, root, signature), agreedBytes);
        }
        // A task on one board needs no number: all ranks count only what may take messages.
        Sharing known = comm.sharing();
        boolean counts = !known.shape().shared();
        int number = counts ? comm.nextCollectiveTag() : 0;
        OrderedTask task = task(counts ? comm.sharing(number) : known, number);
        if (task == null) {
            schedule().run(counts ? number : comm.nextCollectiveTag());
            return;
        }
        // Only a task that is handed over can outlive the call.
        if (!transfer.engine.run(task, () -> {
            holdFor(task);
            return fresh();
        }, transfer.deadline())) {
            throw transfer.timedOut(task.request(), call);
        }
        if (task.failure() != null) {
            throw failed(task);
        }
    }

    /** Returns the class of error that names a difference. */
    static ErrorClass errorClass(Check.Difference difference) {
        return switch (difference) {
            case OPERATION -> ErrorClass.OTHER;
            case ROOT -> ErrorClass.ROOT;
            case OP -> ErrorClass.OP;
            case LENGTH -> ErrorClass.TRUNCATE;
            case TYPE -> ErrorClass.TYPE;
        };
    }

    private MpiException failed(OrderedTask task) {
        ErrorClass errorClass = task.thrown() != null ? ErrorClass.OTHER
                : task.difference() == null ? Transfer.errorClass(task.failure()) : errorClass(task.difference());
        return transfer.error(errorClass, call, task.failure().message(), task.thrown());
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
        holdFor(task);
        org.jadi.adi.request.Request done = fresh();
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
