package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.mpi.collective.Block;
import org.jadi.mpi.datatype.Kind;

/** The collective operations with blocks of different lengths, from the arguments to a schedule. */
final class RaggedCalls {
    private RaggedCalls() {}

    static long[] longs(int[] values) {
        return values == null ? null : Arrays.stream(values).asLongStream().toArray();
    }

    static CollectiveOperation gatherv(Comm comm, String call, Operand send, Operand recv, long[] counts, long[] places,
            int root) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.checkRoot(c, root);
        if (comm.rank() != root) {
            CollectiveCalls.need(c, send);
            c.composer.gather(c.in(send), null, root, true);
            return c.ready();
        }
        CollectiveCalls.need(c, recv);
        Block[] blocks = blocks(c, recv, counts, places, send == null, true);
        c.composer.gather(own(c, send, recv, blocks[root]), blocks, root, true);
        return c.ready();
    }

    static CollectiveOperation scatterv(Comm comm, String call, Operand send, long[] counts, long[] places, Operand recv,
            int root) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.checkRoot(c, root);
        if (comm.rank() != root) {
            CollectiveCalls.need(c, recv);
            c.composer.scatter(null, c.out(recv, 0, recv.count), root, true);
            return c.ready();
        }
        CollectiveCalls.need(c, send);
        Block[] blocks = blocks(c, send, counts, places, true, false);
        Block mine = blocks[root];
        if (recv != null) {
            CollectiveCalls.apart(c, send, recv);
            mine = c.out(recv, 0, recv.count);
            CollectiveCalls.sameBytes(c, blocks[root].bytes(), mine.bytes());
        }
        c.composer.scatter(blocks, mine, root, true);
        return c.ready();
    }

    static CollectiveOperation allgatherv(Comm comm, String call, Operand send, Operand recv, long[] counts, long[] places) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.need(c, recv);
        Block[] blocks = blocks(c, recv, counts, places, send == null, true);
        c.composer.allgatherv(own(c, send, recv, blocks[comm.rank()]), blocks);
        return c.ready();
    }

    static CollectiveOperation alltoallv(Comm comm, String call, Operand send, long[] sendCounts, long[] sendPlaces,
            Operand recv, long[] recvCounts, long[] recvPlaces) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.need(c, recv);
        Block[] in = blocks(c, recv, recvCounts, recvPlaces, send == null, true);
        Block[] out = new Block[in.length];
        if (send == null) {
            for (int i = 0; i < in.length; i++) {
                out[i] = c.schedule.temp(in[i].bytes());
                c.schedule.copy(in[i], out[i]);
            }
        } else {
            CollectiveCalls.apart(c, send, recv);
            out = blocks(c, send, sendCounts, sendPlaces, true, false);
            CollectiveCalls.sameBytes(c, out[comm.rank()].bytes(), in[comm.rank()].bytes());
        }
        c.composer.alltoall(out, in, true);
        return c.ready();
    }

    static CollectiveOperation alltoallw(Comm comm, String call, Ragged send, Ragged recv) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        Block[] in = recv.blocks(c, send == null, true);
        Block[] out = new Block[in.length];
        if (send == null) {
            for (int i = 0; i < in.length; i++) {
                out[i] = c.schedule.temp(in[i].bytes());
                c.schedule.copy(in[i], out[i]);
            }
        } else {
            out = send.blocks(c, true, false);
            CollectiveCalls.sameBytes(c, out[comm.rank()].bytes(), in[comm.rank()].bytes());
        }
        c.composer.alltoall(out, in, true);
        return c.ready();
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

        Block[] blocks(CollectiveOperation c, int size, boolean reads, boolean writes) {
            if (memory == null) {
                CollectiveCalls.need(c, null);
            }
            if (counts == null || places == null || types == null || counts.length != size || places.length != size
                    || types.length != size) {
                throw c.transfer.error(ErrorClass.ARG, c.call, "counts, displacements and types for every rank are wanted: ranks="
                        + size, null);
            }
            Block[] blocks = new Block[size];
            for (int i = 0; i < size; i++) {
                Operand bytes = Operand.of(c.transfer, memory, counts[i], types[i]);
                blocks[i] = c.placed(bytes, places[i], reads, writes);
            }
            return blocks;
        }
    }

    // ------------------------------------------------------- counts left out

    /** Tells every rank the number of elements of all. One more exchange. */
    static long[] allCounts(Comm comm, String call, Operand send) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.need(c, send);
        long[] counts = new long[comm.size()];
        CollectiveCalls.allgather(comm, call, longsOf(c, new long[] {send.count}), longsOf(c, counts)).run();
        return counts;
    }

    /** Tells the root the number of elements of all; returns null elsewhere. One more exchange. */
    static long[] countsAtRoot(Comm comm, String call, Operand send, int root) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.need(c, send);
        long[] counts = comm.rank() == root ? new long[comm.size()] : null;
        CollectiveCalls.gather(comm, call, longsOf(c, new long[] {send.count}), counts == null ? null : longsOf(c, counts),
                root).run();
        return counts;
    }

    /** Tells every rank what it gets from each. One more exchange. */
    static long[] exchangedCounts(Comm comm, String call, long[] sendCounts) {
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        places(c, sendCounts, null);
        long[] counts = new long[comm.size()];
        CollectiveCalls.alltoall(comm, call, longsOf(c, sendCounts.clone()), longsOf(c, counts)).run();
        return counts;
    }

    private static Operand longsOf(CollectiveOperation c, long[] values) {
        return Operand.of(c.transfer, values, 0, values.length);
    }

    // ----------------------------------------------------------------- blocks

    private static Block own(CollectiveOperation c, Operand send, Operand recv, Block place) {
        if (send == null) {
            return place;
        }
        CollectiveCalls.apart(c, send, recv);
        Block mine = c.in(send);
        CollectiveCalls.sameBytes(c, mine.bytes(), place.bytes());
        return mine;
    }

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
    static long[] places(CollectiveOperation c, long[] counts, long[] places) {
        return places(c, counts, places, c.schedule.size);
    }

    private static long[] places(CollectiveOperation c, long[] counts, long[] places, int size) {
        if (counts == null || counts.length != size || places != null && places.length != size) {
            throw c.transfer.error(ErrorClass.ARG, c.call, "counts and displacements for every rank are wanted: ranks=" + size
                    + " counts=" + (counts == null ? "null" : counts.length)
                    + (places == null ? "" : " displacements=" + places.length), null);
        }
        long[] behind = new long[size + 1];
        for (int i = 0; i < size; i++) {
            if (counts[i] < 0) {
                throw c.transfer.error(ErrorClass.COUNT, c.call, "counts are 0 or more: rank=" + i + " count=" + counts[i], null);
            }
            behind[i + 1] = behind[i] + counts[i];
        }
        return places == null ? behind : places;
    }
}
