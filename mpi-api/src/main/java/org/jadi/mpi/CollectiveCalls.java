package org.jadi.mpi;

import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.BoardTask;
import org.jadi.mpi.collective.BoardTasks;
import org.jadi.mpi.collective.Blocks;
import org.jadi.mpi.collective.Data;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.OrderedTask;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.datatype.Kind;

/**
 * The collective operations with buffers of equal blocks, and reductions, from the arguments to a call that can be started. A send
 * buffer of null means that the receive buffer has the data (in place).
 */
final class CollectiveCalls {
    private CollectiveCalls() {}

    static CollectiveCall barrier(Comm comm, String call) {
        if (comm instanceof InterComm two) {
            return InterCalls.barrier(two, call);
        }
        return new IntraCall(comm, call, Operation.BARRIER, -1, null) {
            @Override
            void compose(CollectiveOperation c) {
                c.composer.barrier();
            }

            @Override
            BoardTask task(BoardTasks tasks, long check) {
                return tasks.barrier(call, check);
            }

            @Override
            OrderedTask nodesTask(Hierarchy h, long check) {
                if (h.leads) {
                    h.composer.barrier();
                }
                return h.task(t -> t.barrier(call, check), t -> t.barrier(call, check));
            }
        };
    }

    static CollectiveCall bcast(Comm comm, String call, Operand buffer, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.bcast(two, call, buffer, root);
        }
        return new Bcast(comm, call, buffer, root);
    }

    private static final class Bcast extends IntraCall {
        private final Operand buffer;
        private final Data data;

        Bcast(Comm comm, String call, Operand buffer, int root) {
            super(comm, call, Operation.BCAST, root(comm, call, root), null);
            need(this, buffer);
            this.buffer = buffer;
            this.data = data(buffer, me != root);
            this.bytes = data.bytes();
            agree(buffer, buffer.count, bytes);
        }

        @Override
        void compose(CollectiveOperation c) {
            c.composer.bcast(me == root ? c.in(buffer) : c.out(buffer, 0, buffer.count), root);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            return tasks.bcast(call, check, data, root);
        }

        @Override
        OrderedTask nodesTask(Hierarchy h, long check) {
            if (h.leads) {
                h.composer.bcast(h.block(data, me == root, me != root), h.rootNode);
            }
            return h.task(Hierarchy.NOTHING, t -> t.bcast(call, check, data, h.leaderPlace));
        }
    }

    // ------------------------------------------------------------- reductions

    static CollectiveCall reduceInPlace(Comm comm, String call, Operand buffer, Op op, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduce(two, call, buffer, buffer, op, root);
        }
        return comm.rank() == root ? reduce(comm, call, null, buffer, op, root) : reduce(comm, call, buffer, null, op, root);
    }

    static CollectiveCall reduce(Comm comm, String call, Operand send, Operand recv, Op op, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduce(two, call, send, recv, op, root);
        }
        comm.transfer.checkUsable(call);
        return new Reduce(comm, call, send, comm.rank() == root ? recv : null, op, root);
    }

    /** Reduce, allreduce, scan and exscan: what has an input and a result of the same length. */
    private abstract static class Reducing extends IntraCall {
        final Operand send;
        final Operand recv;
        final Data input;
        final Data result;

        /** A result of null is that of another rank; an input of null is in the result. */
        Reducing(Comm comm, String call, Operation operation, Operand send, Operand recv, Op op, int root) {
            super(comm, call, operation, root, reduction(comm, call, op, send == null ? recv : send));
            this.send = send;
            this.recv = recv;
            if (recv == null) {
                need(this, send);
                this.input = in(send);
                this.result = Data.NONE;
            } else if (send == null) {
                this.result = out(recv);
                this.input = result;
            } else {
                sameCount(this, send.count, recv.count);
                apart(this, send, recv);
                this.input = in(send);
                this.result = out(recv);
                sameBytes(this, input.bytes(), result.bytes());
            }
            this.bytes = input.bytes();
            Operand any = send == null ? recv : send;
            agree(any, any.count, bytes);
        }

        /** Returns input and result. */
        final Block[] both(CollectiveOperation c) {
            if (send == null) {
                Block b = c.inout(recv);
                return new Block[] {b, b};
            }
            // Read too, because exscan leaves the result of rank 0 as it is.
            return new Block[] {c.in(send), c.inout(recv)};
        }
    }

    private static final class Reduce extends Reducing {
        Reduce(Comm comm, String call, Operand send, Operand recv, Op op, int root) {
            super(comm, call, Operation.REDUCE, send, need(comm, call, recv, root), op, root(comm, call, root));
        }

        private static Operand need(Comm comm, String call, Operand recv, int root) {
            if (comm.rank() == root && recv == null) {
                throw comm.transfer.error(ErrorClass.BUFFER, call, "the buffer is null", null);
            }
            return recv;
        }

        @Override
        void compose(CollectiveOperation c) {
            if (recv == null) {
                c.composer.reduce(c.in(send), c.schedule.empty(), reduction, root);
            } else {
                Block[] both = both(c);
                c.composer.reduce(both[0], both[1], reduction, root);
            }
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            return tasks.reduce(call, check, input, result, reduction, root);
        }

        @Override
        OrderedTask nodesTask(Hierarchy h, long check) {
            Data partial = h.tasks == null ? input : me == root ? result : h.leads ? h.temp(bytes) : Data.NONE;
            if (h.leads) {
                Block mine = h.block(partial, true, me == root && partial == result);
                Block all = me != root ? h.empty() : partial == result ? mine : h.block(result, false, true);
                h.composer.reduce(mine, all, reduction, h.rootNode);
            }
            return h.task(t -> t.reduce(call, check, input, partial, reduction, h.leaderPlace), Hierarchy.NOTHING);
        }
    }

    static CollectiveCall allreduce(Comm comm, String call, Operand send, Operand recv, Op op) {
        if (comm instanceof InterComm two) {
            return InterCalls.allreduce(two, call, send, recv, op);
        }
        return new Allreduce(comm, call, send, recv, op);
    }

    private static final class Allreduce extends Reducing {
        Allreduce(Comm comm, String call, Operand send, Operand recv, Op op) {
            super(comm, call, Operation.ALLREDUCE, send, present(comm, call, recv), op, -1);
        }

        @Override
        void compose(CollectiveOperation c) {
            Block[] both = both(c);
            c.composer.allreduce(both[0], both[1], reduction);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            return tasks.allreduce(call, check, input, result, reduction);
        }

        @Override
        OrderedTask nodesTask(Hierarchy h, long check) {
            if (h.leads) {
                Block all = h.block(result, true, true);
                h.composer.allreduce(h.tasks == null && input != result ? h.block(input, true, false) : all, all, reduction);
            }
            return h.task(t -> t.reduce(call, check, input, result, reduction, h.leaderPlace),
                    t -> t.bcast(call, check, result, h.leaderPlace));
        }
    }

    static CollectiveCall scan(Comm comm, String call, Operand send, Operand recv, Op op, boolean exclusive) {
        refuseTwo(comm, call);
        return new Reducing(comm, call, exclusive ? Operation.EXSCAN : Operation.SCAN, send, present(comm, call, recv), op, -1) {
            @Override
            void compose(CollectiveOperation c) {
                Block[] both = both(c);
                c.composer.scan(both[0], both[1], reduction, exclusive);
            }

            @Override
            BoardTask task(BoardTasks tasks, long check) {
                return tasks.scan(call, check, input, result, reduction, exclusive);
            }
        };
    }

    static CollectiveCall reduceScatterBlock(Comm comm, String call, Operand send, Operand recv, Op op) {
        if (comm instanceof InterComm two && recv != null) {
            long[] counts = new long[comm.size()];
            Arrays.fill(counts, recv.count);
            return InterCalls.reduceScatter(two, call, send, recv, counts, op);
        }
        long all = send == null ? recv == null ? 0 : recv.count : send.count;
        if (recv != null && all % comm.size() != 0) {
            throw comm.transfer.error(ErrorClass.COUNT, call, "the buffer has as many elements for every rank: count=" + all
                    + " ranks=" + comm.size(), null);
        }
        long[] counts = new long[comm.size()];
        Arrays.fill(counts, all / comm.size());
        return reduceScatter(comm, call, send, recv, counts, op);
    }

    static CollectiveCall reduceScatter(Comm comm, String call, Operand send, Operand recv, long[] counts, Op op) {
        if (comm instanceof InterComm two) {
            return InterCalls.reduceScatter(two, call, send, recv, counts, op);
        }
        return new ReduceScatter(comm, call, send, recv, counts, op);
    }

    private static final class ReduceScatter extends IntraCall {
        private final Operand send;
        private final Operand recv;
        private final long[] counts;
        private final long[] places;
        private final Blocks input;
        private final Data result;

        ReduceScatter(Comm comm, String call, Operand send, Operand recv, long[] counts, Op op) {
            super(comm, call, Operation.REDUCE_SCATTER, -1, reduction(comm, call, op, recv));
            this.send = send;
            this.recv = recv;
            this.counts = counts;
            this.places = RaggedCalls.places(this, counts, null, size);
            long all = places[size];
            Operand source = send == null ? recv : send;
            sameCount(this, all, source.count);
            if (recv.count < counts[me]) {
                sameCount(this, counts[me], recv.count);
            }
            Data whole = send == null ? out(recv) : in(send);
            if (send != null) {
                apart(this, send, recv);
            }
            if (all > 0 && source.elements() % all != 0) {
                throw transfer.error(ErrorClass.COUNT, call, "rows of the buffer differ in length: rows=" + all + " elements=" + source.elements(), null);
            }
            long each = all == 0 ? 0 : whole.bytes() / all;
            Data[] parts = new Data[size];
            for (int i = 0; i < size; i++) {
                parts[i] = whole.slice(places[i] * each, counts[i] * each);
            }
            this.input = Blocks.of(parts);
            this.result = send == null ? whole.slice(0, counts[me] * each) : data(recv, 0, counts[me], true);
            sameBytes(this, parts[me].bytes(), result.bytes());
            this.bytes = whole.bytes();
            agree(source, all, bytes);
            agreeOnCut(counts);
        }

        @Override
        void compose(CollectiveOperation c) {
            long all = places[size];
            Block whole = send == null ? c.inout(recv, 0, all) : c.in(send);
            Block[] parts = new Block[size];
            long each = all == 0 ? 0 : whole.bytes() / all;
            for (int i = 0; i < parts.length; i++) {
                parts[i] = whole.slice(places[i] * each, counts[i] * each);
            }
            Block mine = send == null ? whole.slice(0, counts[me] * each) : c.out(recv, 0, counts[me]);
            c.composer.reduceScatter(whole, parts, mine, reduction);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            return tasks.reduceScatter(call, check, bytes, input, result, reduction);
        }
    }

    static Reduction reduction(Comm comm, String call, Op op, Operand buffer) {
        comm.transfer.checkUsable(call);
        if (op == null) {
            throw comm.transfer.error(ErrorClass.OP, call, "the operation is null", null);
        }
        return op.on(comm.transfer, call, present(comm, call, buffer).type);
    }

    // ----------------------------------------------------------- equal blocks

    static CollectiveCall gather(Comm comm, String call, Operand send, Operand recv, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.gather(two, call, send, recv, root);
        }
        return new Gather(comm, call, send, recv, root);
    }

    private static final class Gather extends IntraCall {
        private final Operand send;
        private final Operand recv;
        private final Data mine;
        private final Data all;

        Gather(Comm comm, String call, Operand send, Operand recv, int root) {
            super(comm, call, Operation.GATHER, root(comm, call, root), null);
            this.send = send;
            this.recv = recv;
            if (me != root) {
                need(this, send);
                this.mine = in(send);
                this.all = Data.NONE;
                this.bytes = mine.bytes();
                agree(send, send.count, bytes);
            } else {
                need(this, recv);
                divisible(this, recv, size);
                this.all = out(recv);
                this.bytes = all.bytes() / size;
                this.mine = ownBlock(this, send, recv, all, bytes);
                agree(recv, recv.count / size, bytes);
            }
        }

        @Override
        void compose(CollectiveOperation c) {
            if (me != root) {
                c.composer.gather(c.in(send), null, root, false);
                return;
            }
            Block[] blocks = c.parts(send == null ? c.inout(recv) : c.out(recv, 0, recv.count));
            c.composer.gather(send == null ? blocks[root] : c.in(send), blocks, root, false);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            if (me == root && send != null) {
                mine.copyTo(all.slice(me * bytes, bytes));
            }
            return tasks.gather(call, check, bytes, mine, all, root);
        }
    }

    static CollectiveCall scatter(Comm comm, String call, Operand send, Operand recv, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.scatter(two, call, send, recv, root);
        }
        return new Scatter(comm, call, send, recv, root);
    }

    private static final class Scatter extends IntraCall {
        private final Operand send;
        private final Operand recv;
        private final Data mine;
        private final Data all;

        Scatter(Comm comm, String call, Operand send, Operand recv, int root) {
            super(comm, call, Operation.SCATTER, root(comm, call, root), null);
            this.send = send;
            this.recv = recv;
            if (me != root) {
                need(this, recv);
                this.mine = out(recv);
                this.all = Data.NONE;
                this.bytes = mine.bytes();
                agree(recv, recv.count, bytes);
                return;
            }
            need(this, send);
            divisible(this, send, size);
            this.all = in(send);
            this.bytes = all.bytes() / size;
            if (recv != null) {
                apart(this, send, recv);
            }
            this.mine = recv == null ? null : out(recv);
            if (recv != null) {
                sameBytes(this, bytes, mine.bytes());
            }
            agree(send, send.count / size, bytes);
        }

        @Override
        void compose(CollectiveOperation c) {
            if (me != root) {
                c.composer.scatter(null, c.out(recv, 0, recv.count), root, false);
                return;
            }
            Block[] blocks = c.parts(c.in(send));
            c.composer.scatter(blocks, recv == null ? blocks[root] : c.out(recv, 0, recv.count), root, false);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            if (me == root && mine != null) {
                all.slice(me * bytes, bytes).copyTo(mine);
            }
            return tasks.scatter(call, check, bytes, all, me == root ? Data.NONE : mine, root);
        }
    }

    static CollectiveCall allgather(Comm comm, String call, Operand send, Operand recv) {
        if (comm instanceof InterComm two) {
            return InterCalls.allgather(two, call, send, recv);
        }
        return new Allgather(comm, call, send, recv);
    }

    private static final class Allgather extends IntraCall {
        private final Operand send;
        private final Operand recv;
        private final Data mine;
        private final Data all;

        Allgather(Comm comm, String call, Operand send, Operand recv) {
            super(comm, call, Operation.ALLGATHER, -1, null);
            need(this, recv);
            divisible(this, recv, size);
            this.send = send;
            this.recv = recv;
            this.all = out(recv);
            this.mine = ownBlock(this, send, recv, all, all.bytes() / size);
            this.bytes = all.bytes();
            agree(recv, recv.count / size, bytes / size);
        }

        @Override
        void compose(CollectiveOperation c) {
            Block whole = send == null ? c.inout(recv) : c.out(recv, 0, recv.count);
            Block[] blocks = c.parts(whole);
            c.composer.allgather(send == null ? blocks[me] : c.in(send), whole, blocks);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            return tasks.allgather(call, check, bytes / size, mine, all, send != null);
        }

        /** The ranks of each node are a row, so their blocks are one run. */
        @Override
        OrderedTask nodesTask(Hierarchy h, long check) {
            long each = bytes / size;
            if (h.leads) {
                if (send != null) {
                    mine.copyTo(all.slice(me * each, each));
                }
                Block whole = h.block(all, true, true);
                Block[] rows = new Block[h.nodes()];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = whole.slice(h.firstOf(i) * each, (h.firstOf(i + 1) - h.firstOf(i)) * each);
                }
                h.composer.allgatherv(rows[h.node()], rows);
            }
            int first = h.firstOf(h.node());
            Data row = all.slice(first * each, (h.firstOf(h.node() + 1) - first) * each);
            return h.task(t -> t.gather(call, check, each, mine, row, h.leaderPlace),
                    t -> t.bcast(call, check, all, h.leaderPlace));
        }
    }

    static CollectiveCall alltoall(Comm comm, String call, Operand send, Operand recv) {
        if (comm instanceof InterComm two) {
            return InterCalls.alltoall(two, call, send, recv);
        }
        return new Alltoall(comm, call, send, recv);
    }

    private static final class Alltoall extends IntraCall {
        private final Operand send;
        private final Operand recv;
        private final Data out;
        private final Data in;

        Alltoall(Comm comm, String call, Operand send, Operand recv) {
            super(comm, call, Operation.ALLTOALL, -1, null);
            need(this, recv);
            divisible(this, recv, size);
            this.send = send;
            this.recv = recv;
            if (send != null) {
                divisible(this, send, size);
                apart(this, send, recv);
            }
            this.in = out(recv);
            this.out = send == null ? in : in(send);
            this.bytes = in.bytes() / size;
            sameBytes(this, out.bytes() / size, bytes);
            agree(recv, recv.count / size, bytes);
        }

        @Override
        void compose(CollectiveOperation c) {
            Block[] to;
            Block whole;
            if (send == null) {
                whole = c.inout(recv);
                Block copy = c.schedule.temp(whole.bytes());
                c.schedule.copy(whole, copy);
                to = c.parts(copy);
            } else {
                to = c.parts(c.in(send));
                whole = c.out(recv, 0, recv.count);
            }
            c.composer.alltoall(to, c.parts(whole), false);
        }

        @Override
        BoardTask task(BoardTasks tasks, long check) {
            Data from = send == null ? RaggedCalls.copyOf(in) : out;
            return tasks.alltoall(call, check, bytes, from, in, send != null);
        }
    }

    /** Returns our block: sent, or in its place. */
    private static Data ownBlock(IntraCall c, Operand send, Operand recv, Data all, long each) {
        if (send == null) {
            return all.slice(c.me * each, each);
        }
        apart(c, send, recv);
        Data mine = c.in(send);
        sameBytes(c, mine.bytes(), each);
        return mine;
    }

    // ----------------------------------------------------------------- checks

    static CollectiveOperation begin(Comm comm, String call, Kind kind) {
        refuseTwo(comm, call);
        return new CollectiveOperation(comm, call, kind);
    }

    static void refuseTwo(Comm comm, String call) {
        comm.transfer.checkUsable(call);
        if (comm.isInter()) {
            throw comm.transfer.error(ErrorClass.COMM, call, "not on communicators of two groups: scan and exscan are not"
                    + " defined there", null);
        }
    }

    static Operand present(Comm comm, String call, Operand buffer) {
        if (buffer == null) {
            throw comm.transfer.error(ErrorClass.BUFFER, call, "the buffer is null", null);
        }
        return buffer;
    }

    static void need(CollectiveCall c, Operand buffer) {
        present(c.comm, c.call, buffer);
    }

    static void divisible(CollectiveCall c, Operand buffer, int ranks) {
        if (buffer.count % ranks != 0 || buffer.elements() % ranks != 0) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "the buffer has as many elements for every rank: count="
                    + buffer.count + (buffer.isRows() ? " rows of " + buffer.elements() + " elements in all" : "") + " ranks=" + ranks, null);
        }
    }

    static void sameCount(CollectiveCall c, long expected, long count) {
        if (expected != count) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "the buffers do not fit each other: expected=" + expected
                    + " count=" + count, null);
        }
    }

    static void sameBytes(CollectiveCall c, long ours, long place) {
        if (ours != place) {
            throw c.transfer.error(ErrorClass.COUNT, c.call, "our block has another length than its place: sendBytes=" + ours
                    + " recvBytes=" + place, null);
        }
    }

    static void apart(CollectiveCall c, Operand send, Operand recv) {
        if (send.count > 0 && recv.count > 0 && send.isSamePlace(recv)) {
            throw c.transfer.error(ErrorClass.BUFFER, c.call, "the two buffers are the same; use the call with one buffer to"
                    + " work in place", null);
        }
    }
}
