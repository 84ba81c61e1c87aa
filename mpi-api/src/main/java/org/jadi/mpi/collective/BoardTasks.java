package org.jadi.mpi.collective;

import org.jadi.adi.board.Board;

/**
 * Makes the tasks of the operations on one board, with what they have in common. Which class does an operation depends only on what
 * is equal on all ranks.
 *
 * <p>Any thread may ask. The thread that made this gets the same brief task again, if it has given it back.
 */
public final class BoardTasks {
    /** From so many bytes on, three and more ranks divide the work of a reduction among them. */
    private static final long SHARED_WORK = 4 << 10;

    /** The same where ranks share CPUs: it takes one more change between them. */
    private static final long SHARED_WORK_CROWDED = 32 << 10;

    private final Board board;
    private final Folding folding;
    private final boolean crowded;
    private final Thread owner = Thread.currentThread();

    /** A brief task that nobody uses, or null; OWNER: the owner. */
    private BriefTask idle;

    /**
     * Creates them.
     *
     * @param crowded whether there are more ranks than CPUs: on all ranks the same
     */
    public BoardTasks(Board board, boolean crowded) {
        this.board = board;
        this.folding = new Folding(board.pieceBytes());
        this.crowded = crowded;
    }

    /** Returns the board. */
    public Board board() {
        return board;
    }

    private BriefTask brief() {
        BriefTask task = idle;
        if (task == null || Thread.currentThread() != owner) {
            return new BriefTask(board, folding);
        }
        idle = null;
        return task;
    }

    /** Takes a task back that is done and that nobody else looks at. */
    public void giveBack(BriefTask task) {
        if (Thread.currentThread() == owner) {
            task.clear();
            idle = task;
        }
    }

    /** Waits until all have come. */
    public BoardTask barrier(String call, long check) {
        return brief().barrier(call, check);
    }

    /** One rank's data to all. */
    public BoardTask bcast(String call, long check, Data data, int root) {
        return BriefTask.suits(board, data.bytes(), 1) ? brief().bcast(call, check, data, root)
                : MoveTask.bcast(board, call, check, data, root);
    }

    /** Equal blocks of all to one rank, which has its own in place. */
    public BoardTask gather(String call, long check, long each, Data mine, Data all, int root) {
        return BriefTask.suits(board, each, 1) ? brief().gather(call, check, each, mine, all, root)
                : MoveTask.gather(board, call, check, each, mine, Blocks.equal(all, each), root);
    }

    /** Equal blocks of one rank to all; the root has its own already. */
    public BoardTask scatter(String call, long check, long each, Data all, Data mine, int root) {
        return BriefTask.suits(board, each, board.size()) ? brief().scatter(call, check, each, all, mine, root)
                : MoveTask.scatter(board, call, check, each, Blocks.equal(all, each), mine, root);
    }

    /** Equal blocks of all to all; ours is copied to its place, or is there already. */
    public BoardTask allgather(String call, long check, long each, Data mine, Data all, boolean copies) {
        if (BriefTask.suits(board, each, 1)) {
            return brief().allgather(call, check, each, mine, all, copies);
        }
        MoveTask task = MoveTask.allgather(board, call, check, each, mine, Blocks.equal(all, each));
        return copies ? task.copying(mine, all.slice(board.me() * each, each)) : task;
    }

    /** A block of equal length from each to each; that to ourselves is copied to its place, or is there already. */
    public BoardTask alltoall(String call, long check, long each, Data all, Data result, boolean copies) {
        if (BriefTask.suits(board, each, board.size())) {
            return brief().alltoall(call, check, each, all, result, copies);
        }
        MoveTask task = MoveTask.alltoall(board, call, check, each, Blocks.equal(all, each), Blocks.equal(result, each));
        long own = board.me() * each;
        return copies ? task.copying(all.slice(own, each), result.slice(own, each)) : task;
    }

    private boolean dividesWork(long bytes) {
        return board.size() > 2 && bytes >= (crowded ? SHARED_WORK_CROWDED : SHARED_WORK);
    }

    /** Reduction to the root; the result of others is not looked at. */
    public BoardTask reduce(String call, long check, Data input, Data result, Reduction r, int root) {
        // Where ranks share CPUs, the others would wait for each other, and do less in all if the one does it alone.
        if (dividesWork(input.bytes()) && !crowded) {
            return ShareTask.reduce(board, folding, call, check, input, result, r, root);
        }
        return BriefTask.suits(board, input.bytes(), 1)
                ? brief().reduce(call, check, input, result, r, board.me() != root, root, board.me() == root ? board.size() - 1 : -1)
                : FoldTask.reduce(board, folding, call, check, input, result, r, root);
    }

    /** Reduction to all; the input may be the result. */
    public BoardTask allreduce(String call, long check, Data input, Data result, Reduction r) {
        if (dividesWork(input.bytes())) {
            return ShareTask.allreduce(board, folding, call, check, input, result, r, crowded);
        }
        return BriefTask.suits(board, input.bytes(), 1)
                ? brief().reduce(call, check, input, result, r, true, Board.ALL, board.size() - 1)
                : FoldTask.allreduce(board, folding, call, check, input, result, r);
    }

    /** Reduction of the ranks up to us, or below us. */
    public BoardTask scan(String call, long check, Data input, Data result, Reduction r, boolean exclusive) {
        int me = board.me();
        return BriefTask.suits(board, input.bytes(), 1)
                ? brief().reduce(call, check, input, result, r, me < board.size() - 1, Board.ALL, exclusive ? me - 1 : me)
                : FoldTask.scan(board, folding, call, check, input, result, r, exclusive);
    }

    /** Reduction of blocks, each to its rank; the result may be the beginning of the input. */
    public BoardTask reduceScatter(String call, long check, long bytes, Blocks input, Data result, Reduction r) {
        return FoldTask.reduceScatter(board, folding, call, check, bytes, input, result, r);
    }
}
