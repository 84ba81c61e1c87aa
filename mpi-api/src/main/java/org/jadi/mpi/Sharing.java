package org.jadi.mpi;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jadi.adi.board.Board;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.request.Request;
import org.jadi.mpi.collective.BoardTasks;
import org.jadi.mpi.collective.BriefTask;
import org.jadi.mpi.collective.Check;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Shape;

/**
 * The ranks of a communicator by node, and the board that those of our node share. Made by the communicator's ranks together, in
 * one of their first blocking collective calls.
 */
final class Sharing {
    /** Nothing is shared. */
    static final Sharing NONE = new Sharing(null, Shape.UNKNOWN, null, null, null, false);

    private static final int MOST_RANKS = 64;

    // What the ranks agree on: the least of what each has.
    private static final int NOTHING = 0;
    private static final int CROWDED = 1;
    private static final int FREE = 2;

    /** Board of our node's ranks, or null. */
    final Board board;

    /** Of the operations on it, or null. */
    final BoardTasks tasks;

    /** Node of each rank; null while nothing is known. */
    final int[] nodeOf;

    /** Ranks of our node, in order. */
    final int[] local;

    /** Whether all ranks share the board, and no configuration asks what an operation is to do with it. */
    final boolean isPlain;

    /** Makes the request by which a task is waited for that was handed over to the polling thread. */
    private final Function<SharedTask, Request> handOver;
    private final Shape shape;
    private final Thread owner = Thread.currentThread();
    private final AtomicReference<OrderedTask> last = new AtomicReference<>();

    /** Whether a thread other than the owner has put a task into the row. */
    private boolean manyThreads;

    private Sharing(Comm comm, Shape shape, Board board, int[] nodeOf, int[] local, boolean crowded) {
        this.shape = shape;
        this.board = board;
        this.nodeOf = nodeOf;
        this.local = local;
        this.tasks = board == null ? null : new BoardTasks(board, crowded);
        this.isPlain = shape.shared() && comm.selection().isAutomatic() && !comm.transfer.instance.tellsAlgorithms
                && !comm.transfer.instance.checksFully;
        this.handOver = task -> hold(comm, (OrderedTask) task);
    }

    /** Keeps the number of the communicator until a task has ended, which may be after the call; returns a request for it. */
    static Request hold(Comm comm, OrderedTask task) {
        comm.hold();
        task.whenDone(comm::release);
        return CollectiveCall.fresh(task.call());
    }

    Shape shape() {
        return shape;
    }

    /**
     * Puts a task behind those that were started before, and returns it. Threads call collective operations of one communicator one after the
     * other (MPI 4.1, 11.6.2). The exchange is there to find out those that do not; it costs as much as the rest of this, so it begins with the
     * first call of a second thread.
     */
    OrderedTask enqueued(Transfer transfer, OrderedTask task) {
        OrderedTask before;
        if (Thread.currentThread() == owner && !manyThreads) {
            before = last.getAcquire();
            last.setRelease(task);
        } else {
            manyThreads = true;
            before = last.getAndSet(task);
        }
        if (task.follow(before) && before.request() == null) { // nobody advances ours before we return
            throw refused(transfer, before, task);
        }
        return task;
    }

    /** The task before ours is under way in a blocking call, which then is another thread's. */
    private static MpiException refused(Transfer transfer, OrderedTask before, OrderedTask task) {
        task.drop();
        return transfer.error(ErrorClass.OTHER, task.call(), "another thread is in a collective operation of this communicator, or an exception"
                + " ended one before its time: operation=" + before.call() + "; give each thread a communicator of its own (Comm.dup)", null);
    }

    /** Runs a task that was put into the row. */
    void run(Transfer transfer, OrderedTask task) {
        if (task instanceof BriefTask brief) { // the JIT compiles the way of a task of a known class in one piece
            check(transfer, brief, transfer.engine.run(brief, handOver, transfer.deadline()));
            // One that was handed over is known to the polling thread, one that is not the last may be to the next.
            if (brief.request() == null && last.getAcquire() == brief) {
                tasks.giveBack(brief);
            }
        } else {
            check(transfer, task, transfer.engine.run(task, handOver, transfer.deadline()));
        }
    }

    private static void check(Transfer transfer, OrderedTask task, boolean ended) {
        if (!ended) {
            throw transfer.timedOut(task.request(), task.call());
        }
        if (task.failure() != null) {
            ErrorClass errorClass = task.thrown() != null ? ErrorClass.OTHER
                    : task.difference() == null ? Transfer.errorClass(task.failure()) : errorClass(task.difference());
            throw transfer.error(errorClass, task.call(), task.failure().message(), task.thrown());
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

    /** Finds out who shares memory, and makes the board. Collective and blocking. */
    static Sharing make(Comm comm) {
        Instance instance = comm.seed.instance();
        Members peers = comm.collective.peers;
        Transfer t = comm.internal(Contexts.MANAGE);
        int tag = comm.nextTag();
        int me = comm.rank();
        int pretended = instance.boards.pretendedNodes();
        int first = me;
        for (int r = 0; r < me && first == me; r++) {
            if (instance.engine.memory().sharesMemory(peers.toWorld(r))
                    && pretended(peers.toWorld(r), pretended, instance) == pretended(peers.toWorld(me), pretended, instance)) {
                first = r;
            }
        }
        Rounds.Gather places = new Rounds.Gather(t, null, me, tag, "sharing", first);
        places.run();
        int[] nodeOf = Arrays.stream(places.result()).mapToInt(f -> (int) f).toArray();
        int[] local = java.util.stream.IntStream.range(0, nodeOf.length).filter(r -> nodeOf[r] == first(nodeOf, me)).toArray();
        Board board = local.length < 2 || local.length > MOST_RANKS ? null : makeBoard(instance, t, tag, peers, local, me);
        int nodes = (int) Arrays.stream(nodeOf).distinct().count();
        // Who shares with whom may not be transitive, and then a node would have no leader.
        boolean good = (board != null || local.length == 1 && nodes > 1) && Arrays.stream(nodeOf).allMatch(n -> nodeOf[n] == n);
        int have = !good ? NOTHING : instance.engine.sharesCpus() ? CROWDED : FREE;
        Rounds.Minimum agreed = new Rounds.Minimum(t, null, me, tag, "sharing", have);
        agreed.run();
        if (agreed.values[0] == NOTHING) {
            if (board != null) {
                instance.boards.end(board);
            }
            return NONE;
        }
        boolean inRow = true;
        for (int r = 1; r < nodeOf.length; r++) {
            inRow &= nodeOf[r] >= nodeOf[r - 1];
        }
        return new Sharing(comm, new Shape(nodes == 1, nodes, nodes > 1 && nodes < nodeOf.length, inRow, instance.boards.chunkBytes()),
                board, nodeOf, local, agreed.values[0] == CROWDED);
    }

    private static int first(int[] nodeOf, int rank) {
        return nodeOf[rank];
    }

    private static int pretended(int worldRank, int nodes, Instance instance) {
        return nodes == 0 ? 0 : (int) ((long) worldRank * nodes / instance.engine.size());
    }

    private static Board makeBoard(Instance instance, Transfer t, int tag, Members peers, int[] local, int me) {
        int place = Arrays.binarySearch(local, me);
        Board board = instance.boards.create(peers.worldRanks(local), place);
        Rounds.Gather names = new Rounds.Gather(t, local, place, tag, "sharing", board == null ? -1 : board.name());
        names.run();
        boolean all = Arrays.stream(names.result()).noneMatch(n -> n < 0);
        try {
            if (!all) {
                if (board != null) {
                    instance.boards.drop(board); // nobody has mapped it
                }
                return null;
            }
            board.join(names.result());
            return board;
        } catch (DeviceException e) {
            instance.engine.log().info("no shared memory for collective operations on " + t.comm.label() + ": " + e.getMessage());
        }
        instance.boards.end(board);
        return null;
    }
}
