package org.jadi.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.Request;

/**
 * Random traffic for some seconds: in each round every rank sends messages of random sizes to random ranks, out of all kinds
 * of memory into all kinds, and every message carries its checksum. All ranks draw the same numbers, so each knows what
 * comes.
 *
 * <p>Arguments: seconds, and perhaps a seed.
 */
final class Soak {
    private static final int MESSAGES_PER_RANK = 6;
    private static final int MOST_BYTES = 300_000;
    private static final int SUM_BYTES = 8;

    private Soak() {}

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            long seconds = Long.parseLong(args[0]);
            long[] seed = {args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime()};
            world.bcast(seed, 0);
            if (world.rank() == 0) {
                System.out.println("seed " + seed[0]);
            }
            MemorySegment shared = mpi.allocate(2L * MESSAGES_PER_RANK * world.size() * (MOST_BYTES + SUM_BYTES));
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            long rounds = 0;
            int[] goOn = {1};
            while (goOn[0] != 0) {
                round(world, shared, new SplittableRandom(seed[0] + rounds));
                rounds++;
                goOn[0] = System.nanoTime() - end < 0 ? 1 : 0;
                world.bcast(goOn, 0);
            }
            long[] all = {rounds};
            world.allreduce(all, Op.SUM);
            Check.equal(rounds * world.size(), all[0], "rounds of all ranks");
            if (world.rank() == 0) {
                System.out.println("soaked: rounds=" + rounds + " messages=" + rounds * world.size() * MESSAGES_PER_RANK);
            }
            mpi.free(shared);
        }
    }

    private static void round(IntraComm world, MemorySegment shared, SplittableRandom random) {
        int me = world.rank();
        int count = world.size() * MESSAGES_PER_RANK;
        Request[] requests = new Request[2 * count];
        MemorySegment[] targets = new MemorySegment[count];
        int started = 0;
        boolean receiveFirst = random.nextBoolean();
        long seed = random.nextLong(); // both passes draw the same numbers
        for (int pass = 0; pass < 2; pass++) {
            SplittableRandom drawn = new SplittableRandom(seed);
            for (int tag = 0; tag < count; tag++) {
                int from = tag / MESSAGES_PER_RANK;
                int to = drawn.nextInt(world.size());
                int bytes = SUM_BYTES + drawn.nextInt(1 << drawn.nextInt(1, 19)) % MOST_BYTES;
                int kinds = drawn.nextInt(16);
                long contents = drawn.nextLong();
                boolean receiving = pass == 0 == receiveFirst;
                if (receiving && to == me) {
                    targets[tag] = memory(kinds >> 2, shared, tag, bytes);
                    int source = (kinds & 1) == 0 ? from : Comm.ANY_SOURCE;
                    requests[started++] = world.irecv(targets[tag], source, tag);
                } else if (!receiving && from == me) {
                    MemorySegment source = memory(kinds & 3, shared, count + tag, bytes);
                    fill(source, contents);
                    requests[started++] = (contents & 7) == 0 ? world.issend(source, to, tag) : world.isend(source, to, tag);
                }
            }
        }
        Request.awaitAll(java.util.Arrays.copyOf(requests, started));
        for (int tag = 0; tag < count; tag++) {
            if (targets[tag] != null) {
                check(targets[tag], tag);
            }
        }
    }

    private static MemorySegment memory(int kind, MemorySegment shared, int place, int bytes) {
        return switch (kind) {
            case 0 -> MemorySegment.ofArray(new byte[bytes]);
            case 1 -> Arena.ofAuto().allocate(bytes, 8);
            case 2 -> MemorySegment.ofArray(new long[bytes / 8 + 1]).asSlice(0, bytes);
            default -> shared.asSlice((long) place * (MOST_BYTES + SUM_BYTES), bytes);
        };
    }

    private static void fill(MemorySegment memory, long contents) {
        long n = memory.byteSize() - SUM_BYTES;
        SplittableRandom random = new SplittableRandom(contents);
        long i = 0;
        for (; i + 8 <= n; i += 8) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, i, random.nextLong());
        }
        for (; i < n; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, n, sum(memory, n));
    }

    private static void check(MemorySegment memory, int tag) {
        long n = memory.byteSize() - SUM_BYTES;
        Check.equal(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, n), sum(memory, n), "checksum of the message with tag " + tag);
    }

    private static long sum(MemorySegment memory, long bytes) {
        CRC32C crc = new CRC32C();
        byte[] copy = memory.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
        crc.update(copy, 0, copy.length);
        return crc.getValue() | bytes << 32;
    }
}
