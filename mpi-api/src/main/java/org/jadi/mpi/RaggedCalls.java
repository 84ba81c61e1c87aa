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
        if (comm instanceof InterComm two) {
            return InterCalls.gatherv(two, call, send, recv, counts, places, root);
        }
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
        if (comm instanceof InterComm two) {
            return InterCalls.scatterv(two, call, send, counts, places, recv, root);
        }
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
        if (comm instanceof InterComm two) {
            return InterCalls.allgatherv(two, call, send, recv, counts, places);
        }
        CollectiveOperation c = CollectiveCalls.begin(comm, call, Kind.BYTE);
        CollectiveCalls.need(c, recv);
        Block[] blocks = blocks(c, recv, counts, places, send == null, true);
        c.composer.allgatherv(own(c, send, recv, blocks[comm.rank()]), blocks);
        return c.ready();
    }

    static CollectiveOperation alltoallv(Comm comm, String call, Operand send, long[] sendCounts, long[] sendPlaces,
            Operand recv, long[] recvCounts, long[] recvPlaces) {
        if (comm instanceof InterComm two) {
            return InterCalls.alltoallv(two, call, send, sendCounts, sendPlaces, recv, recvCounts, recvPlaces);
        }
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
        if (comm instanceof InterComm two) {
            return InterCalls.alltoallw(two, call, send, recv);
        }
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
