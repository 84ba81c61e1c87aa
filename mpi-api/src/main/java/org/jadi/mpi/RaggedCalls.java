package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.collective.Blocks;
import org.jadi.mpi.collective.BoardTask;
import org.jadi.mpi.collective.BoardTasks;
import org.jadi.mpi.collective.Data;
import org.jadi.mpi.collective.MoveTask;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.Temporary;

/** The collective operations with blocks of different lengths, from the arguments to a schedule. */
final class RaggedCalls {
    private RaggedCalls() {}

    static long[] longs(int[] values) {
        return values == null ? null : Arrays.stream(values).asLongStream().toArray();
    }

    static CollectiveCall gatherv(Comm comm, String call, Operand send, Operand recv, long[] counts, long[] places, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.gatherv(two, call, send, recv, counts, places, root);
        }
        boolean atRoot = comm.rank() == root;
        return new RaggedCall(comm, call, Operation.GATHERV, IntraCall.root(comm, call, root), atRoot || send == null ? null
                : sides -> new Data[] {sides.in(send)}, atRoot ? sides -> sides.blocks(recv, counts, places, true) : null) {
            @Override
            void fit() {
                if (me != root) {
                    CollectiveCalls.need(this, send);
                } else if (send != null) {
                    own(send, recv);
                }
            }

            @Override
            void compose(CollectiveOperation c) {
                if (me != root) {
                    c.composer.gather(c.in(send), null, root, true);
                    return;
                }
                Block[] blocks = RaggedCalls.blocks(c, recv, counts, places, send == null, true);
                c.composer.gather(send == null ? blocks[root] : c.in(send), blocks, root, true);
            }

            @Override
            BoardTask task(BoardTasks tasks, long check) {
                copyOwn();
                return MoveTask.gather(tasks.board(), call, check, -1, me == root ? Data.NONE : out[0], Blocks.of(in), root);
            }
        };
    }

    static CollectiveCall scatterv(Comm comm, String call, Operand send, long[] counts, long[] places, Operand recv, int root) {
        if (comm instanceof InterComm two) {
            return InterCalls.scatterv(two, call, send, counts, places, recv, root);
        }
        boolean atRoot = comm.rank() == root;
        return new RaggedCall(comm, call, Operation.SCATTERV, IntraCall.root(comm, call, root),
                atRoot ? sides -> sides.blocks(send, counts, places, false) : null, null) {
            private Data mine;

            @Override
            void fit() {
                if (me != root) {
                    CollectiveCalls.need(this, recv);
                    mine = out(recv);
                } else if (recv != null) {
                    CollectiveCalls.apart(this, send, recv);
                    mine = out(recv);
                    CollectiveCalls.sameBytes(this, out[root].bytes(), mine.bytes());
                }
            }

            @Override
            void compose(CollectiveOperation c) {
                if (me != root) {
                    c.composer.scatter(null, c.out(recv, 0, recv.count), root, true);
                    return;
                }
                Block[] blocks = RaggedCalls.blocks(c, send, counts, places, true, false);
                c.composer.scatter(blocks, recv == null ? blocks[root] : c.out(recv, 0, recv.count), root, true);
            }

            @Override
            BoardTask task(BoardTasks tasks, long check) {
                if (me == root && mine != null) {
                    out[root].copyTo(mine);
                }
                return MoveTask.scatter(tasks.board(), call, check, -1, me == root ? Blocks.of(out) : null, me == root ? Data.NONE : mine, root);
            }
        };
    }

    static CollectiveCall allgatherv(Comm comm, String call, Operand send, Operand recv, long[] counts, long[] places) {
        if (comm instanceof InterComm two) {
            return InterCalls.allgatherv(two, call, send, recv, counts, places);
        }
        return new RaggedCall(comm, call, Operation.ALLGATHERV, -1, null, sides -> sides.blocks(recv, counts, places, true)) {
            @Override
            void fit() {
                if (send != null) {
                    own(send, recv);
                }
            }

            @Override
            void compose(CollectiveOperation c) {
                Block[] blocks = RaggedCalls.blocks(c, recv, counts, places, send == null, true);
                c.composer.allgatherv(send == null ? blocks[me] : c.in(send), blocks);
            }

            @Override
            BoardTask task(BoardTasks tasks, long check) {
                copyOwn();
                return MoveTask.allgather(tasks.board(), call, check, -1, in[me], Blocks.of(in));
            }
        };
    }

    static CollectiveCall alltoallv(Comm comm, String call, Operand send, long[] sendCounts, long[] sendPlaces, Operand recv,
            long[] recvCounts, long[] recvPlaces) {
        if (comm instanceof InterComm two) {
            return InterCalls.alltoallv(two, call, send, sendCounts, sendPlaces, recv, recvCounts, recvPlaces);
        }
        return new Exchange(comm, call, send == null ? null : sides -> {
            CollectiveCalls.need(sides, recv);
            CollectiveCalls.apart(sides, send, recv);
            return sides.blocks(send, sendCounts, sendPlaces, false);
        }, sides -> sides.blocks(recv, recvCounts, recvPlaces, true)) {
            @Override
            Block[] out(CollectiveOperation c) {
                return RaggedCalls.blocks(c, send, sendCounts, sendPlaces, true, false);
            }

            @Override
            Block[] in(CollectiveOperation c) {
                return RaggedCalls.blocks(c, recv, recvCounts, recvPlaces, send == null, true);
            }
        };
    }

    static CollectiveCall alltoallw(Comm comm, String call, Ragged send, Ragged recv) {
        if (comm instanceof InterComm two) {
            return InterCalls.alltoallw(two, call, send, recv);
        }
        return new Exchange(comm, call, send == null ? null : sides -> send.data(sides, false), sides -> recv.data(sides, true)) {
            @Override
            Block[] out(CollectiveOperation c) {
                return send.blocks(c, true, false);
            }

            @Override
            Block[] in(CollectiveOperation c) {
                return recv.blocks(c, send == null, true);
            }
        };
    }

    /** Describes one side of a call. */
    private interface Side {
        Data[] of(RaggedCall call);
    }

    /** A call with blocks of different lengths, of which each rank knows its own only. */
    private abstract static class RaggedCall extends IntraCall {
        final Data[] out;
        final Data[] in;
        private Data mine;

        RaggedCall(Comm comm, String call, Operation operation, int root, Side out, Side in) {
            super(comm, call, operation, root, null);
            this.in = in == null ? null : in.of(this);
            this.out = out == null ? null : out.of(this);
            fit();
        }

        /** Checks the rest. */
        abstract void fit();

        final Data[] blocks(Operand buffer, long[] counts, long[] places, boolean writes) {
            CollectiveCalls.need(this, buffer);
            long[] at = RaggedCalls.places(this, counts, places, size);
            Data[] blocks = new Data[size];
            for (int i = 0; i < size; i++) {
                blocks[i] = data(buffer, at[i], counts[i], writes);
            }
            return blocks;
        }

        /** Our block is sent, and has its place in what comes in. */
        final void own(Operand send, Operand recv) {
            CollectiveCalls.apart(this, send, recv);
            mine = in(send);
            CollectiveCalls.sameBytes(this, mine.bytes(), in[me].bytes());
        }

        final void copyOwn() {
            if (mine != null) {
                mine.copyTo(in[me]);
            }
        }
    }

    /** Alltoallv and alltoallw. */
    private abstract static class Exchange extends RaggedCall {
        Exchange(Comm comm, String call, Side out, Side in) {
            super(comm, call, Operation.ALLTOALLV, -1, out, in);
        }

        abstract Block[] out(CollectiveOperation c);

        abstract Block[] in(CollectiveOperation c);

        @Override
        final void fit() {
            if (out != null) {
                CollectiveCalls.sameBytes(this, out[me].bytes(), in[me].bytes());
            }
        }

        @Override
        final void compose(CollectiveOperation c) {
            Block[] to = in(c);
            Block[] from = new Block[to.length];
            if (out == null) {
                for (int i = 0; i < to.length; i++) {
                    from[i] = c.schedule.temp(to[i].bytes());
                    c.schedule.copy(to[i], from[i]);
                }
            } else {
                from = out(c);
            }
            c.composer.alltoall(from, to, true);
        }

        @Override
        final BoardTask task(BoardTasks tasks, long check) {
            Data[] from = out;
            if (out == null) {
                from = Arrays.stream(in).map(RaggedCalls::copyOf).toArray(Data[]::new);
            } else {
                out[me].copyTo(in[me]);
            }
            return MoveTask.alltoall(tasks.board(), call, check, -1, Blocks.of(from), Blocks.of(in));
        }
    }

    /** Returns a copy of data: where it is sent from the place to which other data comes. */
    static Data copyOf(Data data) {
        Data copy = new Data(Temporary.allocate(data.bytes()), 0, data.bytes(), null);
        data.copyTo(copy);
        return copy;
    }

    /**
     * Blocks with a datatype each.
     *
     * @param places in bytes
     */
    record Ragged(MemorySegment memory, long[] counts, long[] places, Datatype[] types) {
        private Block[] blocks(CollectiveOperation c, boolean reads, boolean writes) {
            return blocks(c, c.schedule.size, reads, writes);
        }

        private Data[] data(IntraCall c, boolean writes) {
            check(c, c.size);
            Data[] blocks = new Data[c.size];
            for (int i = 0; i < c.size; i++) {
                Operand bytes = Operand.of(c.transfer, memory, counts[i], types[i]);
                blocks[i] = c.data(bytes, bytes.pieceAt(c.transfer, c.call, places[i], counts[i]), writes);
            }
            return blocks;
        }

        private void check(CollectiveCall c, int size) {
            if (memory == null) {
                CollectiveCalls.need(c, null);
            }
            if (counts == null || places == null || types == null || counts.length != size || places.length != size
                    || types.length != size) {
                throw c.transfer.error(ErrorClass.ARG, c.call, "counts, displacements and types for every rank are wanted: ranks="
                        + size, null);
            }
        }

        Block[] blocks(CollectiveOperation c, int size, boolean reads, boolean writes) {
            check(c, size);
            Block[] blocks = new Block[size];
            for (int i = 0; i < size; i++) {
                Operand bytes = Operand.of(c.transfer, memory, counts[i], types[i]);
                blocks[i] = c.placed(bytes, places[i], reads, writes);
            }
            return blocks;
        }
    }

    // ------------------------------------------------------- counts left out

    /** Returns the number of ranks whose blocks a rank gets: of two groups, those of the other. */
    static int partners(Comm comm) {
        return comm.seed.peers().size;
    }

    /** Returns whether a call with this root brings the blocks here. */
    static boolean isRoot(Comm comm, int root) {
        return comm.isInter() ? root == Comm.ROOT : comm.rank() == root;
    }

    /** Returns whether a call with this root concerns others only. */
    static boolean isIdle(Comm comm, int root) {
        return comm.isInter() && root == Comm.PROC_NULL;
    }

    /** Tells every rank the number of elements of all. One more exchange. */
    static long[] allCounts(Comm comm, String call, Operand send) {
        need(comm, call, send);
        long[] counts = new long[partners(comm)];
        CollectiveCalls.allgather(comm, call, longsOf(comm, new long[] {send.count}), longsOf(comm, counts)).run();
        return counts;
    }

    /** Tells the root the number of elements of all; returns null elsewhere. One more exchange. */
    static long[] countsAtRoot(Comm comm, String call, Operand send, int root) {
        boolean atRoot = isRoot(comm, root);
        if (!comm.isInter() || !atRoot && !isIdle(comm, root)) {
            need(comm, call, send);
        }
        long[] counts = atRoot ? new long[partners(comm)] : null;
        CollectiveCalls.gather(comm, call, send == null ? null : longsOf(comm, new long[] {send.count}),
                counts == null ? null : longsOf(comm, counts), root).run();
        return counts;
    }

    /** Tells every rank what it gets from each. One more exchange. */
    static long[] exchangedCounts(Comm comm, String call, long[] sendCounts) {
        comm.transfer.checkUsable(call);
        checkCounts(comm.transfer, call, sendCounts, null, partners(comm));
        long[] counts = new long[partners(comm)];
        CollectiveCalls.alltoall(comm, call, longsOf(comm, sendCounts.clone()), longsOf(comm, counts)).run();
        return counts;
    }

    private static void need(Comm comm, String call, Operand buffer) {
        comm.transfer.checkUsable(call);
        if (buffer == null) {
            throw comm.transfer.error(ErrorClass.BUFFER, call, "the buffer is null", null);
        }
    }

    private static Operand longsOf(Comm comm, long[] values) {
        return Operand.of(comm.transfer, values, 0, values.length);
    }

    // ----------------------------------------------------------------- blocks

    private static Block[] blocks(CollectiveOperation c, Operand buffer, long[] counts, long[] places, boolean reads,
            boolean writes) {
        return blocks(c, buffer, counts, places, c.schedule.size, reads, writes);
    }

    static Block[] blocks(CollectiveOperation c, Operand buffer, long[] counts, long[] places, int number, boolean reads,
            boolean writes) {
        long[] at = places(c, counts, places, number);
        Block[] blocks = new Block[counts.length];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = writes ? reads ? c.inout(buffer, at[i], counts[i]) : c.out(buffer, at[i], counts[i])
                    : c.in(buffer, at[i], counts[i]);
        }
        return blocks;
    }

    /** Checks counts and displacements; without the latter, blocks lie one behind the other. Returns one more than blocks then. */
    static long[] places(CollectiveCall c, long[] counts, long[] places, int size) {
        return checkCounts(c.transfer, c.call, counts, places, size);
    }

    private static long[] checkCounts(Transfer t, String call, long[] counts, long[] places, int size) {
        if (counts == null || counts.length != size || places != null && places.length != size) {
            throw t.error(ErrorClass.ARG, call, "counts and displacements for every rank are wanted: ranks=" + size
                    + " counts=" + (counts == null ? "null" : counts.length)
                    + (places == null ? "" : " displacements=" + places.length), null);
        }
        long[] behind = new long[size + 1];
        for (int i = 0; i < size; i++) {
            if (counts[i] < 0) {
                throw t.error(ErrorClass.COUNT, call, "counts are 0 or more: rank=" + i + " count=" + counts[i], null);
            }
            behind[i + 1] = behind[i] + counts[i];
        }
        return places == null ? behind : places;
    }
}
