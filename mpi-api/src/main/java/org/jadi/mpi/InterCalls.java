package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.datatype.Kind;

/**
 * The collective operations on communicators of two groups (MPI 4.1 §6.2.3): data of one group goes to the other. The first
 * ranks of both groups speak for them where that saves messages.
 */
final class InterCalls {
    private InterCalls() {}

    static CollectiveOperation barrier(InterComm comm, String call) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        c.composer.barrierOfTwo();
        return c.ready();
    }

    static CollectiveOperation bcast(InterComm comm, String call, Operand buffer, int root) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        checkRoot(comm, call, root);
        if (root == Comm.ROOT) {
            CollectiveCalls.need(c, buffer);
            c.schedule.send(c.remote(0), c.in(buffer));
        } else if (root != Comm.PROC_NULL) {
            CollectiveCalls.need(c, buffer);
            Block block = c.out(buffer, 0, buffer.count);
            if (comm.rank() == 0) {
                c.schedule.receive(c.remote(root), block);
            }
            c.composer.bcast(block, 0);
        }
        return c.ready();
    }

    static CollectiveOperation reduce(InterComm comm, String call, Operand send, Operand recv, Op op, int root) {
        checkRoot(comm, call, root);
        Operand buffer = root == Comm.ROOT ? recv : send;
        if (root == Comm.PROC_NULL) {
            return new CollectiveOperation(comm, call, Kind.BYTE).ready();
        }
        Reduction r = CollectiveCalls.reduction(comm, call, op, buffer);
        CollectiveOperation c = new CollectiveOperation(comm, call, r.kind());
        if (root == Comm.ROOT) {
            c.schedule.receive(c.remote(0), c.out(recv, 0, recv.count));
            return c.ready();
        }
        Block input = c.in(send);
        Block sum = comm.rank() == 0 ? c.schedule.temp(input.bytes()) : c.schedule.empty();
        c.composer.reduce(input, sum, r, 0);
        if (comm.rank() == 0) {
            c.schedule.send(c.remote(root), sum);
        }
        return c.ready();
    }

    static CollectiveOperation allreduce(InterComm comm, String call, Operand send, Operand recv, Op op) {
        Reduction r = CollectiveCalls.reduction(comm, call, op, recv);
        CollectiveOperation c = new CollectiveOperation(comm, call, r.kind());
        twoBuffers(c, send);
        CollectiveCalls.sameCount(c, send.count, recv.count);
        CollectiveCalls.apart(c, send, recv);
        Block input = c.in(send);
        Block result = c.out(recv, 0, recv.count);
        Block sum = comm.rank() == 0 ? c.schedule.temp(input.bytes()) : c.schedule.empty();
        c.composer.reduce(input, sum, r, 0);
        if (comm.rank() == 0) {
            c.schedule.send(c.remote(0), sum);
            c.schedule.receive(c.remote(0), result);
        }
        c.composer.bcast(result, 0);
        return c.ready();
    }

    static CollectiveOperation gather(InterComm comm, String call, Operand send, Operand recv, int root) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        checkRoot(comm, call, root);
        if (root == Comm.ROOT) {
            Block[] blocks = remoteParts(c, recv, true);
            for (int i = 0; i < blocks.length; i++) {
                c.schedule.receive(c.remote(i), blocks[i]);
            }
        } else if (root != Comm.PROC_NULL) {
            CollectiveCalls.need(c, send);
            c.schedule.send(c.remote(root), c.in(send));
        }
        return c.ready();
    }

    static CollectiveOperation scatter(InterComm comm, String call, Operand send, Operand recv, int root) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        checkRoot(comm, call, root);
        if (root == Comm.ROOT) {
            Block[] blocks = remoteParts(c, send, false);
            for (int i = 0; i < blocks.length; i++) {
                c.schedule.send(c.remote(i), blocks[i]);
            }
        } else if (root != Comm.PROC_NULL) {
            CollectiveCalls.need(c, recv);
            c.schedule.receive(c.remote(root), c.out(recv, 0, recv.count));
        }
        return c.ready();
    }

    static CollectiveOperation allgather(InterComm comm, String call, Operand send, Operand recv) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        twoBuffers(c, send);
        Block[] in = remoteParts(c, recv, true);
        Block[] out = new Block[in.length];
        Arrays.fill(out, c.in(send));
        return exchange(c, out, in);
    }

    static CollectiveOperation alltoall(InterComm comm, String call, Operand send, Operand recv) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        twoBuffers(c, send);
        return exchange(c, remoteParts(c, send, false), remoteParts(c, recv, true));
    }

    // ------------------------------------------------------ different lengths

    static CollectiveOperation gatherv(InterComm comm, String call, Operand send, Operand recv, long[] counts, long[] places,
            int root) {
        if (root != Comm.ROOT) {
            return gather(comm, call, send, recv, root);
        }
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        Block[] blocks = remoteBlocks(c, recv, counts, places, true);
        for (int i = 0; i < blocks.length; i++) {
            c.schedule.receive(c.remote(i), blocks[i]);
        }
        return c.ready();
    }

    static CollectiveOperation scatterv(InterComm comm, String call, Operand send, long[] counts, long[] places, Operand recv,
            int root) {
        if (root != Comm.ROOT) {
            return scatter(comm, call, send, recv, root);
        }
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        Block[] blocks = remoteBlocks(c, send, counts, places, false);
        for (int i = 0; i < blocks.length; i++) {
            c.schedule.send(c.remote(i), blocks[i]);
        }
        return c.ready();
    }

    static CollectiveOperation allgatherv(InterComm comm, String call, Operand send, Operand recv, long[] counts,
            long[] places) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        twoBuffers(c, send);
        Block[] in = remoteBlocks(c, recv, counts, places, true);
        Block[] out = new Block[in.length];
        Arrays.fill(out, c.in(send));
        return exchange(c, out, in);
    }

    static CollectiveOperation alltoallv(InterComm comm, String call, Operand send, long[] sendCounts, long[] sendPlaces,
            Operand recv, long[] recvCounts, long[] recvPlaces) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        twoBuffers(c, send);
        return exchange(c, remoteBlocks(c, send, sendCounts, sendPlaces, false),
                remoteBlocks(c, recv, recvCounts, recvPlaces, true));
    }

    static CollectiveOperation alltoallw(InterComm comm, String call, RaggedCalls.Ragged send, RaggedCalls.Ragged recv) {
        CollectiveOperation c = new CollectiveOperation(comm, call, Kind.BYTE);
        if (send == null) {
            twoBuffers(c, null);
        }
        return exchange(c, send.blocks(c, comm.remoteSize(), true, false), recv.blocks(c, comm.remoteSize(), false, true));
    }

    /** The sum of the other group is dealt out here: the first ranks swap sums of the same length. */
    static CollectiveOperation reduceScatter(InterComm comm, String call, Operand send, Operand recv, long[] counts, Op op) {
        Reduction r = CollectiveCalls.reduction(comm, call, op, recv);
        CollectiveOperation c = new CollectiveOperation(comm, call, r.kind());
        twoBuffers(c, send);
        long[] places = RaggedCalls.places(c, counts, null, comm.size());
        long all = places[comm.size()];
        CollectiveCalls.sameCount(c, all, send.count);
        CollectiveCalls.apart(c, send, recv);
        if (recv.count < counts[comm.rank()]) {
            CollectiveCalls.sameCount(c, counts[comm.rank()], recv.count);
        }
        Block input = c.in(send);
        Block mine = c.out(recv, 0, counts[comm.rank()]);
        if (comm.rank() != 0) {
            c.composer.reduce(input, c.schedule.empty(), r, 0);
            c.composer.scatter(null, mine, 0, true);
            return c.ready();
        }
        Block sum = c.schedule.temp(input.bytes());
        Block theirs = c.schedule.temp(input.bytes());
        c.composer.reduce(input, sum, r, 0);
        c.schedule.send(c.remote(0), sum);
        c.schedule.receive(c.remote(0), theirs);
        Block[] parts = new Block[comm.size()];
        long each = all == 0 ? 0 : input.bytes() / all;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = theirs.slice(places[i] * each, counts[i] * each);
        }
        c.composer.scatter(parts, mine, 0, true);
        return c.ready();
    }

    private static Block[] remoteBlocks(CollectiveOperation c, Operand buffer, long[] counts, long[] places, boolean writes) {
        CollectiveCalls.need(c, buffer);
        return RaggedCalls.blocks(c, buffer, counts, places, ((InterComm) c.comm).remoteSize(), !writes, writes);
    }

    private static CollectiveOperation exchange(CollectiveOperation c, Block[] out, Block[] in) {
        for (int i = 0; i < in.length; i++) {
            c.schedule.receive(c.remote(i), in[i]);
        }
        for (int i = 0; i < out.length; i++) {
            c.schedule.send(c.remote((c.comm.rank() + i) % out.length), out[(c.comm.rank() + i) % out.length]);
        }
        return c.ready();
    }

    private static Block[] remoteParts(CollectiveOperation c, Operand buffer, boolean writes) {
        CollectiveCalls.need(c, buffer);
        int ranks = ((InterComm) c.comm).remoteSize();
        CollectiveCalls.divisible(c, buffer, ranks);
        return c.parts(writes ? c.out(buffer, 0, buffer.count) : c.in(buffer), ranks);
    }

    private static void twoBuffers(CollectiveOperation c, Operand send) {
        if (send == null) {
            throw c.transfer.error(ErrorClass.BUFFER, c.call, "operations of two groups do not work in place", null);
        }
    }

    private static void checkRoot(InterComm comm, String call, int root) {
        if (root != Comm.ROOT && root != Comm.PROC_NULL && (root < 0 || root >= comm.remoteSize())) {
            throw comm.transfer.error(ErrorClass.ROOT, call, "the root is Comm.ROOT on itself, PROC_NULL on its group, and in the"
                    + " other group its rank, 0 to " + (comm.remoteSize() - 1) + ": root=" + root, null);
        }
    }
}
