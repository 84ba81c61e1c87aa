package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jadi.adi.engine.Continuation;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.BoardTask;
import org.jadi.mpi.collective.BoardTasks;
import org.jadi.mpi.collective.Composer;
import org.jadi.mpi.collective.Data;
import org.jadi.mpi.collective.NodesTask;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Port;
import org.jadi.mpi.collective.Run;
import org.jadi.mpi.collective.Schedule;

/** One collective operation on several nodes: who leads each node, and what the leaders say to each other. */
final class Hierarchy {
    /** What the ranks of a node do where there is nothing to do. */
    static final Function<BoardTasks, BoardTask> NOTHING = tasks -> null;

    /** Of the board of our node; null if we are alone on it. */
    final BoardTasks tasks;
    private final String call;

    /** Place of our node's leader on the board. */
    final int leaderPlace;

    /** Whether we speak for our node. */
    final boolean leads;

    /** Index of the root's node; 0 without a root. */
    final int rootNode;

    /** What leaders write down; null on other ranks. */
    final Composer composer;
    private final Schedule schedule;

    /** First rank of each node, in order, and behind them the number of ranks. */
    private final int[] firsts;
    private final int node;
    private final List<Runnable> ends = new ArrayList<>();

    Hierarchy(IntraCall call, Sharing sharing, int number) {
        this.tasks = sharing.tasks;
        this.call = call.call;
        int[] nodeOf = sharing.nodeOf;
        int[] leaders = Arrays.stream(nodeOf).distinct().sorted().toArray();
        this.rootNode = call.root < 0 ? 0 : Arrays.binarySearch(leaders, nodeOf[call.root]);
        this.firsts = Arrays.copyOf(leaders, leaders.length + 1);
        firsts[leaders.length] = nodeOf.length;
        int mine = Arrays.binarySearch(leaders, nodeOf[call.me]);
        this.node = mine;
        if (call.root >= 0) {
            leaders[rootNode] = call.root; // the data is there, or has to go there
        }
        this.leads = leaders[mine] == call.me;
        this.leaderPlace = Arrays.binarySearch(sharing.local, leaders[mine]);
        if (leads) {
            CollectivePort port = new CollectivePort(call.comm.collective, null, call.call);
            port.tag = number;
            this.schedule = new Schedule(new LeadersPort(port, leaders), call.call, mine, leaders.length, leaders.length, call.kind);
            this.composer = new Composer(schedule, call.comm.selection());
        } else {
            this.schedule = null;
            this.composer = null;
        }
    }

    private record LeadersPort(Port port, int[] leaders) implements Port {
        @Override
        public void send(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int dest) {
            port.send(request, memory, offset, bytes, leaders[dest]);
        }

        @Override
        public void receive(org.jadi.adi.request.Request request, MemorySegment memory, long offset, long bytes, int source) {
            port.receive(request, memory, offset, bytes, leaders[source]);
        }

        @Override
        public void defer(Continuation continuation) {
            port.defer(continuation);
        }
    }

    /** Returns the data of a leader for its schedule. */
    Block block(Data data, boolean reads, boolean writes) {
        if (data.bytes() == 0) {
            return schedule.empty();
        }
        if (data.plan() == null) {
            return schedule.user(data.segment(), data.offset(), data.bytes());
        }
        Block packed = schedule.temp(data.bytes());
        if (reads) {
            schedule.pack(data.plan(), packed);
        }
        if (writes) {
            ends.add(() -> schedule.unpack(packed, data.plan()));
        }
        return packed;
    }

    /** Returns the number of nodes. */
    int nodes() {
        return firsts.length - 1;
    }

    /** Returns the index of our node. */
    int node() {
        return node;
    }

    /** Returns the first rank of a node; of the one behind the last, the number of ranks. */
    int firstOf(int index) {
        return firsts[index];
    }

    Block empty() {
        return schedule.empty();
    }

    /** Returns memory for a result of our node. */
    Data temp(long bytes) {
        Block b = schedule.temp(bytes);
        return bytes == 0 ? Data.NONE : new Data(b.memory().segment(), 0, bytes, null);
    }

    /** Makes the task of this rank: what the ranks of a node do among them before and after their leader speaks with others. */
    OrderedTask task(Function<BoardTasks, BoardTask> before, Function<BoardTasks, BoardTask> after) {
        BoardTask first = tasks == null ? null : before.apply(tasks);
        BoardTask last = tasks == null ? null : after.apply(tasks);
        Run among = null;
        if (leads) {
            ends.forEach(Runnable::run);
            among = schedule.finish();
        }
        return new NodesTask(call, first, among, last);
    }
}
