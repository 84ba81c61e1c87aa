package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.datatype.Kind;

/**
 * The collective operations with buffers of equal blocks, and reductions, from the arguments to a schedule. A send buffer of
 * null means that the receive buffer has the data (in place).
 */
final class CollectiveCalls {
    private CollectiveCalls() {}

    static CollectiveOperation barrier(Comm comm, String call) {
        if (comm instanceof InterComm two) {
            return InterCalls.barrier(two, call);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        c.composer.barrier();
        return c.ready();
    }

    static CollectiveOperation bcast(Comm comm, String call, Operand buffer, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.bcast(two, call, buffer, root);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        checkRoot(c, root);
        need(c, buffer);
        c.composer.bcast(comm.rank() == root ? c.in(buffer) : c.out(buffer, 0, buffer.count), root);
        return c.ready();
    }

    // ------------------------------------------------------------- reductions

    static CollectiveOperation reduceInPlace(Comm comm, String call, Operand buffer, Op op, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduce(two, call, buffer, buffer, op, root);
        }
        return comm.rank() == root ? reduce(comm, call, null, buffer, op, root) : reduce(comm, call, buffer, null, op, root);
    }

    static CollectiveOperation reduce(Comm comm, String call, Operand send, Operand recv, Op op, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduce(two, call, send, recv, op, root);
        }
        comm.transfer.checkUsable(call);
        boolean atRoot = comm.rank() == root;
        Reduction r = reduction(comm, call, op, send == null ? recv : send);
        CollectiveOperation c = begin(comm, call, r.kind());
        checkRoot(c, root);
        if (!atRoot) {
            need(c, send);
            c.composer.reduce(c.in(send), c.schedule.empty(), r, root);
            return c.ready();
        }
        Block[] both = both(c, send, recv);
        c.composer.reduce(both[0], both[1], r, root);
        return c.ready();
    }

    static CollectiveOperation allreduce(Comm comm, String call, Operand send, Operand recv, Op op) {
        if (comm instanceof InterComm two) {
            return InterCalls.allreduce(two, call, send, recv, op);
        }
        Reduction r = reduction(comm, call, op, recv);
        CollectiveOperation c = begin(comm, call, r.kind());
        Block[] both = both(c, send, recv);
        c.composer.allreduce(both[0], both[1], r);
        return c.ready();
    }

    static CollectiveOperation scan(Comm comm, String call, Operand send, Operand recv, Op op, boolean exclusive) {
        Reduction r = reduction(comm, call, op, recv);
        CollectiveOperation c = begin(comm, call, r.kind());
        Block[] both = both(c, send, recv);
        c.composer.scan(both[0], both[1], r, exclusive);
        return c.ready();
    }

    static CollectiveOperation reduceScatterBlock(Comm comm, String call, Operand send, Operand recv, Op op) {
        if (comm instanceof InterComm two && recv != null) {
            long[] counts = new long[comm.size()];
            Arrays.fill(counts, recv.count);
            return InterCalls.reduceScatter(two, call, send, recv, counts, op);
        }
        long all = send == null ? recv.count : send.count;
        if (recv != null && all % comm.size() != 0) {
            throw comm.transfer.error(ErrorClass.COUNT, call, "the buffer has as many elements for every rank: count=" + all
                    + " ranks=" + comm.size(), null);
        }
        long[] counts = new long[comm.size()];
        Arrays.fill(counts, all / comm.size());
        return reduceScatter(comm, call, send, recv, counts, op);
    }

    static CollectiveOperation reduceScatter(Comm comm, String call, Operand send, Operand recv, long[] counts, Op op) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduceScatter(two, call, send, recv, counts, op);
        }
        Reduction r = reduction(comm, call, op, recv);
        CollectiveOperation c = begin(comm, call, r.kind());
        long[] places = RaggedCalls.places(c, counts, null);
        long all = places[comm.size()];
        long mine = counts[comm.rank()];
        Operand source = send == null ? recv : send;
        sameCount(c, all, source.count);
        boolean roomy = recv.count >= mine;
        if (!roomy) {
            sameCount(c, mine, recv.count);
        }
        Block input = send == null ? c.inout(recv, 0, all) : c.in(send);
        if (send != null) {
            apart(c, send, recv);
        }
        Block[] parts = new Block[comm.size()];
        long each = all == 0 ? 0 : input.bytes() / all;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = input.slice(places[i] * each, counts[i] * each);
        }
        Block result = send == null ? input.slice(0, mine * each) : c.out(recv, 0, mine);
        c.composer.reduceScatter(input, parts, result, r);
        return c.ready();
    }

    /** Returns input and result. */
    private static Block[] both(CollectiveOperation c, Operand send, Operand recv) {
        need(c, recv);
        if (send == null) {
            Block b = c.inout(recv);
            return new Block[] {b, b};
        }
        sameCount(c, send.count, recv.count);
        apart(c, send, recv);
        Block in = c.in(send);
        // Read too, because exscan leaves the result of rank 0 as it is.
        Block out = c.inout(recv);
        sameBytes(c, in.bytes(), out.bytes());
        return new Block[] {in, out};
    }

    static Reduction reduction(Comm comm, String call, Op op, Operand buffer) {
        comm.transfer.checkUsable(call);
        if (op == null) {
            throw comm.transfer.error(ErrorClass.OP, call, "the operation is null", null);
        }
        if (buffer == null) {
            throw comm.transfer.error(ErrorClass.BUFFER, call, "the buffer is null", null);
        }
        return op.on(comm.transfer, call, buffer.type);
    }

    // ----------------------------------------------------------- equal blocks

    static CollectiveOperation gather(Comm comm, String call, Operand send, Operand recv, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.gather(two, call, send, recv, root);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        checkRoot(c, root);
        if (comm.rank() != root) {
            need(c, send);
            c.composer.gather(c.in(send), null, root, false);
            return c.ready();
        }
        need(c, recv);
        divisible(c, recv);
        Block[] blocks = c.parts(send == null ? c.inout(recv) : c.out(recv, 0, recv.count));
        c.composer.gather(own(c, send, recv, blocks[root]), blocks, root, false);
        return c.ready();
    }

    static CollectiveOperation scatter(Comm comm, String call, Operand send, Operand recv, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.scatter(two, call, send, recv, root);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        checkRoot(c, root);
        if (comm.rank() != root) {
            need(c, recv);
            c.composer.scatter(null, c.out(recv, 0, recv.count), root, false);
            return c.ready();
        }
        need(c, send);
        divisible(c, send);
        Block[] blocks = c.parts(c.in(send));
        Block mine = blocks[root];
        if (recv != null) {
            apart(c, send, recv);
            mine = c.out(recv, 0, recv.count);
            sameBytes(c, blocks[root].bytes(), mine.bytes());
        }
        c.composer.scatter(blocks, mine, root, false);
        return c.ready();
    }

    static CollectiveOperation allgather(Comm comm, String call, Operand send, Operand recv) {
        if (comm instanceof InterComm two) {
            return InterCalls.allgather(two, call, send, recv);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        need(c, recv);
        divisible(c, recv);
        Block all = send == null ? c.inout(recv) : c.out(recv, 0, recv.count);
        Block[] blocks = c.parts(all);
        c.composer.allgather(own(c, send, recv, blocks[comm.rank()]), all, blocks);
        return c.ready();
    }

    static CollectiveOperation alltoall(Comm comm, String call, Operand send, Operand recv) {
        if (comm instanceof InterComm two) {
            return InterCalls.alltoall(two, call, send, recv);
        }
        CollectiveOperation c = begin(comm, call, Kind.BYTE);
        need(c, recv);
        divisible(c, recv);
        if (send == null) {
            Block all = c.inout(recv);
            Block copy = c.schedule.temp(all.bytes());
            c.schedule.copy(all, copy);
            c.composer.alltoall(c.parts(copy), c.parts(all), false);
            return c.ready();
        }
        divisible(c, send);
        apart(c, send, recv);
        Block[] out = c.parts(c.in(send));
        Block[] in = c.parts(c.out(recv, 0, recv.count));
        sameBytes(c, out[0].bytes(), in[0].bytes());
        c.composer.alltoall(out, in, false);
        return c.ready();
    }

    private static Block own(CollectiveOperation c, Operand send, Operand recv, Block place) {
        if (send == null) {
            return place;
        }
        apart(c, send, recv);
        Block mine = c.in(send);
        sameBytes(c, mine.bytes(), place.bytes());
        return mine;
    }

    // ----------------------------------------------------------------- checks

    static CollectiveOperation begin(Comm comm, String call, Kind kind) {
        comm.transfer.checkUsable(call);
        if (comm.isInter()) {
            throw comm.transfer.error(ErrorClass.COMM, call, "not on communicators of two groups: scan and exscan are not"
                    + " defined there", null);
        }
        return new CollectiveOperation(comm, call, kind);
    }

    static void checkRoot(CollectiveOperation c, int root) {
        if (root < 0 || root >= c.schedule.size) {
            throw c.transfer.error(ErrorClass.ROOT, c.call, "the root is 0 to " + (c.schedule.size - 1) + ": root=" + root, null);
        }
    }

    static void need(CollectiveOperation c, Operand buffer) {
        if (buffer == null) {
            throw c.transfer.error(ErrorClass.BUFFER, c.call, "the buffer is null", null);
        }
    }

    private static void divisible(CollectiveOperation c, Operand buffer) {
        divisible(c, buffer, c.schedule.size);
    }

    static void divisible(CollectiveOperation c, Operand buffer, int ranks) {
        if (buffer.count % ranks != 0) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "the buffer has as many elements for every rank: count="
                    + buffer.count + " ranks=" + ranks, null);
        }
    }

    static void sameCount(CollectiveOperation c, long expected, long count) {
        if (expected != count) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "the buffers do not fit each other: expected=" + expected
                    + " count=" + count, null);
        }
    }

    static void sameBytes(CollectiveOperation c, long ours, long place) {
        if (ours != place) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "our block has another length than its place: sendBytes=" + ours
                    + " recvBytes=" + place, null);
        }
    }

    static void apart(CollectiveOperation c, Operand send, Operand recv) {
        if (send.count > 0 && recv.count > 0 && send.isSamePlace(recv)) {
            throw c.transfer.error(ErrorClass.BUFFER, c.call, "the two buffers are the same; use the call with one buffer to"
                    + " work in place", null);
        }
    }
}
