package org.jadi.mpi;

import org.jadi.adi.board.Board;
import org.jadi.mpi.collective.Algorithm;
import org.jadi.mpi.collective.BoardTask;
import org.jadi.mpi.collective.Check;
import org.jadi.mpi.collective.Data;
import org.jadi.mpi.collective.FoldTask;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.collective.Selection;
import org.jadi.mpi.collective.Shape;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Signature;

/**
 * A collective call within one group: done through shared memory, or by a schedule of messages.
 *
 * <p>Persistent operations always take messages: they may be started in another order on each rank, and what goes over a board is
 * known by the order of the calls.
 */
abstract class IntraCall extends CollectiveCall {
    final int size;
    final int me;
    final int root;
    private final Operation operation;
    private final Kind kind;

    /** What the selection is told. */
    long bytes;

    /** Reduction, or null. */
    Reduction reduction;

    /** Type signature that all ranks have in common, or null; its length in bytes, or -1. */
    Signature signature;
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

    /** Says what must be equal on all ranks. */
    final void agree(Operand operand, long count) {
        signature = operand.type.map.layout.signature.repeat(count);
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

    private boolean isShared(Sharing s) {
        if (!s.shape().shared() || reduction != null && !FoldTask.fits(reduction, s.shape().chunkBytes(), size)) {
            return false;
        }
        Selection.Choice choice = transfer.instance.selection.choose(operation, bytes, size, reduction == null
                || reduction.commutative(), s.shape());
        if (choice.algorithm() != Algorithm.SHARED) {
            return false;
        }
        if (transfer.instance.tellsAlgorithms && me == 0) {
            CollectiveOperation.tell(transfer, comm, call, choice);
        }
        return true;
    }

    private BoardTask boardTask(Sharing s) {
        BoardTask task = task(s.board, s, Check.of(operation, reduction, root, signature));
        s.enqueue(task);
        comm.hold();
        task.whenDone(comm::release);
        return task;
    }

    @Override
    void run() {
        int number = comm.nextCollectiveTag();
        Sharing s = comm.sharing(number);
        if (!isShared(s)) {
            schedule().run(number);
            return;
        }
        BoardTask task = boardTask(s);
        if (!transfer.engine.run(task, this::fresh, transfer.deadline())) {
            throw transfer.timedOut(task.request(), call);
        }
        if (task.failure() != null) {
            throw failed(task);
        }
    }

    private MpiException failed(BoardTask task) {
        ErrorClass errorClass = task.thrown() != null ? ErrorClass.OTHER : task.difference() == null
                ? Transfer.errorClass(task.failure()) : switch (task.difference()) {
                    case OPERATION -> ErrorClass.OTHER;
                    case ROOT -> ErrorClass.ROOT;
                    case OP -> ErrorClass.OP;
                    case LENGTH -> ErrorClass.TRUNCATE;
                    case TYPE -> ErrorClass.TYPE;
                };
        return transfer.error(errorClass, call, task.failure().message(), task.thrown());
    }

    @Override
    Request start() {
        int number = comm.nextCollectiveTag();
        Sharing s = comm.sharing();
        if (!isShared(s)) {
            return schedule().start(number);
        }
        BoardTask task = boardTask(s);
        org.jadi.adi.request.Request done = fresh();
        task.setRequest(done);
        if (task.advance() == BoardTask.DONE) {
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
