package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.datatype.Kind;

/**
 * The neighborhood operations (MPI 4.1 §8.6): block i comes from, or goes to, neighbor i; a block of {@link Comm#PROC_NULL} is
 * left as it is.
 *
 * <p>Where a process is several of our neighbors, its messages arrive in the order in which it sends them. On a grid that is the
 * other way round in each dimension: what it sends down comes to us from above. So receives are posted in that order.
 */
final class NeighborCalls {
    private NeighborCalls() {}

    static CollectiveOperation allgather(Comm comm, String call, Operand send, Operand recv) {
        CollectiveOperation c = begin(comm, call);
        int[] in = sources(comm);
        CollectiveCalls.need(c, send);
        CollectiveCalls.need(c, recv);
        divisible(c, recv, in.length);
        Block[] blocks = c.parts(c.inout(recv), Math.max(1, in.length));
        Block mine = c.in(send);
        Block[] out = new Block[targets(comm).length];
        Arrays.fill(out, mine);
        if (in.length > 0) {
            CollectiveCalls.sameBytes(c, mine.bytes(), blocks[0].bytes());
        }
        return exchange(c, out, blocks);
    }

    static CollectiveOperation alltoall(Comm comm, String call, Operand send, Operand recv) {
        CollectiveOperation c = begin(comm, call);
        int[] in = sources(comm);
        int[] out = targets(comm);
        CollectiveCalls.need(c, send);
        CollectiveCalls.need(c, recv);
        divisible(c, send, out.length);
        divisible(c, recv, in.length);
        CollectiveCalls.apart(c, send, recv);
        return exchange(c, c.parts(c.in(send), Math.max(1, out.length)), c.parts(c.inout(recv), Math.max(1, in.length)));
    }

    static CollectiveOperation allgatherv(Comm comm, String call, Operand send, Operand recv, long[] counts, long[] places) {
        CollectiveOperation c = begin(comm, call);
        CollectiveCalls.need(c, send);
        CollectiveCalls.need(c, recv);
        Block[] blocks = RaggedCalls.blocks(c, recv, counts, places, sources(comm).length, true, true);
        Block[] out = new Block[targets(comm).length];
        Arrays.fill(out, c.in(send));
        return exchange(c, out, blocks);
    }

    static CollectiveOperation alltoallv(Comm comm, String call, Operand send, long[] sendCounts, long[] sendPlaces,
            Operand recv, long[] recvCounts, long[] recvPlaces) {
        CollectiveOperation c = begin(comm, call);
        CollectiveCalls.need(c, send);
        CollectiveCalls.need(c, recv);
        CollectiveCalls.apart(c, send, recv);
        Block[] out = RaggedCalls.blocks(c, send, sendCounts, sendPlaces, targets(comm).length, true, false);
        Block[] in = RaggedCalls.blocks(c, recv, recvCounts, recvPlaces, sources(comm).length, true, true);
        return exchange(c, out, in);
    }

    static CollectiveOperation alltoallw(Comm comm, String call, RaggedCalls.Ragged send, RaggedCalls.Ragged recv) {
        CollectiveOperation c = begin(comm, call);
        if (send == null) {
            CollectiveCalls.need(c, null);
        }
        Block[] out = send.blocks(c, targets(comm).length, true, false);
        return exchange(c, out, recv.blocks(c, sources(comm).length, true, true));
    }

    private static CollectiveOperation exchange(CollectiveOperation c, Block[] out, Block[] in) {
        int[] sources = sources(c.comm);
        int[] targets = targets(c.comm);
        boolean grid = c.comm instanceof CartComm;
        for (int i = 0; i < sources.length; i++) {
            int block = grid ? i ^ 1 : i;
            if (sources[block] != Comm.PROC_NULL) {
                c.schedule.receive(sources[block], in[block]);
            }
        }
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] != Comm.PROC_NULL) {
                c.schedule.send(targets[i], out[i]);
            }
        }
        return c.ready();
    }

    private static CollectiveOperation begin(Comm comm, String call) {
        comm.transfer.checkUsable(call);
        if (!(comm instanceof IntraComm intra) || intra.inNeighbors() == null) {
            throw comm.transfer.error(ErrorClass.TOPOLOGY, call, "the communicator has no topology", null);
        }
        return new CollectiveOperation(comm, call, Kind.BYTE);
    }

    private static void divisible(CollectiveOperation c, Operand buffer, int blocks) {
        CollectiveCalls.divisible(c, buffer, Math.max(1, blocks));
    }

    private static int[] sources(Comm comm) {
        return ((IntraComm) comm).inNeighbors();
    }

    private static int[] targets(Comm comm) {
        return ((IntraComm) comm).outNeighbors();
    }
}
