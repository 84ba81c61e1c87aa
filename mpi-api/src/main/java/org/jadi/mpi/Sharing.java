package org.jadi.mpi;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jadi.adi.board.Board;
import org.jadi.adi.device.DeviceException;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Folding;
import org.jadi.mpi.collective.Shape;

/**
 * The ranks of a communicator by node, and the board that those of our node share. Made by the communicator's ranks together, in
 * one of their first blocking collective calls.
 */
final class Sharing {
    /** Nothing is shared. */
    static final Sharing NONE = new Sharing(Shape.UNKNOWN, null, null, null, false);

    private static final int MOST_RANKS = 64;

    // What the ranks agree on: the least of what each has.
    private static final int NOTHING = 0;
    private static final int CROWDED = 1;
    private static final int FREE = 2;

    /** Board of our node's ranks, or null. */
    final Board board;
    final Folding folding;

    /** Node of each rank; null while nothing is known. */
    final int[] nodeOf;

    /** Ranks of our node, in order. */
    final int[] local;

    /** Whether there are more ranks than CPUs on a node: on all ranks the same. */
    final boolean crowded;
    private final Shape shape;
    private final AtomicReference<OrderedTask> last = new AtomicReference<>();

    private Sharing(Shape shape, Board board, int[] nodeOf, int[] local, boolean crowded) {
        this.shape = shape;
        this.board = board;
        this.nodeOf = nodeOf;
        this.local = local;
        this.crowded = crowded;
        this.folding = board == null ? null : new Folding(board.pieceBytes());
    }

    Shape shape() {
        return shape;
    }

    /** Puts a task behind those that were started before. */
    void enqueue(OrderedTask task) {
        task.follow(last.getAndSet(task)); // nobody advances it before we return
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
        return new Sharing(new Shape(nodes == 1, nodes, nodes > 1 && nodes < nodeOf.length, inRow, instance.boards.chunkBytes()),
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
