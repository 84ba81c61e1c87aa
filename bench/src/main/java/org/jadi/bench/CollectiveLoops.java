package org.jadi.bench;

import org.jadi.mpi.Comm;

/**
 * Collective operations, and the check of their results. collectives.c is the same text in C: change both or neither. The root
 * of bcast and reduce goes round, so that no rank runs ahead of the others by more than a few calls.
 */
final class CollectiveLoops {

    private static final int NUMBERS_PER_LINE = Payload.LINE_BYTES / Double.BYTES;

    private final Comm comm;
    private final Payload payload;
    private final int rank;
    private final int ranks;

    private Kernel kernel;
    private int size;

    CollectiveLoops(Comm comm, Payload payload) {
        this.comm = comm;
        this.payload = payload;
        this.rank = comm.rank();
        this.ranks = comm.size();
    }

    void place(Kernel kernel, int size) {
        this.kernel = kernel;
        this.size = size;
    }

    private int root(long stamp) {
        return (int) (stamp % ranks);
    }

    private boolean reduces() {
        return kernel == Kernel.REDUCE || kernel == Kernel.ALLREDUCE;
    }

    /** Integers below 2^20: their sum is exact in any order. */
    private static double number(long seed, int index) {
        return Payload.word(seed, index) >>> 44;
    }

    void run(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            int root = root(stamp + i);
            rewrite(root, stamp + i);
            call(root);
        }
    }

    private void rewrite(int root, long stamp) {
        switch (kernel) {
            case BCAST -> {
                if (rank == root) {
                    payload.rewrite(0, size, stamp);
                }
            }
            case REDUCE, ALLREDUCE -> payload.rewriteNumbers(size / Double.BYTES, stamp + rank);
            case ALLGATHER -> payload.rewrite(0, size, stamp);
            case ALLTOALL -> {
                for (int to = 0; to < ranks; to++) {
                    payload.rewrite(to * size, size, stamp + to);
                }
            }
            default -> {
                // a barrier has no data
            }
        }
    }

    private void call(int root) {
        switch (kernel) {
            case BCAST -> payload.bcast(comm, size, root, rank == root);
            case REDUCE -> payload.reduce(comm, size / Double.BYTES, root);
            case ALLREDUCE -> payload.allreduce(comm, size / Double.BYTES);
            case ALLGATHER -> payload.allgather(comm, size);
            case ALLTOALL -> payload.alltoall(comm, size);
            default -> comm.barrier();
        }
    }

    void fill(long base) {
        if (reduces()) {
            for (int i = 0; i < size / Double.BYTES; i++) {
                payload.setNumber(i, number(base + rank * 1000L, i));
            }
        } else if (kernel == Kernel.ALLTOALL) {
            for (int to = 0; to < ranks; to++) {
                payload.fill(to * size, size, base + rank * 1000L + to);
            }
        } else {
            payload.fill(0, size, base + rank * 1000L);
        }
    }

    void clear() {
        if (reduces()) {
            payload.clearSums(size / Double.BYTES);
        } else {
            payload.clear(kernel == Kernel.ALLGATHER || kernel == Kernel.ALLTOALL ? size * ranks : size);
        }
    }

    /** Runs once with data that is new in every byte, root 0, and counts the wrong bytes of its result here. */
    long wrongSample(long base) {
        fill(base);
        clear();
        call(0);
        long wrong = wrong(base, -1);
        fill(0);
        return wrong;
    }

    /** Returns how many bytes {@link #wrong} looks at on this rank. */
    long checkedBytes(long stamp) {
        boolean root = rank == (stamp < 0 ? 0 : root(stamp));
        return switch (kernel) {
            case BCAST -> root ? 0 : size;
            case REDUCE -> root ? size : 0;
            case ALLREDUCE -> size;
            case ALLGATHER, ALLTOALL -> (long) size * ranks;
            default -> 0;
        };
    }

    /** Counts wrong bytes; {@code stamp} is that of the last call, or -1 if the data is as {@link #fill} left it. */
    long wrong(long base, long stamp) {
        if (checkedBytes(stamp) == 0) {
            return 0;
        }
        int root = stamp < 0 ? 0 : root(stamp);
        long wrong = 0;
        switch (kernel) {
            case BCAST -> wrong = payload.wrongBytes(0, size, base + root * 1000L, stamp);
            case REDUCE, ALLREDUCE -> wrong = wrongNumbers(base, stamp);
            case ALLGATHER -> {
                for (int r = 0; r < ranks; r++) {
                    wrong += payload.wrongBytes(r * size, size, base + r * 1000L, stamp);
                }
            }
            case ALLTOALL -> {
                for (int r = 0; r < ranks; r++) {
                    wrong += payload.wrongBytes(r * size, size, base + r * 1000L + rank, stamp < 0 ? -1 : stamp + rank);
                }
            }
            default -> throw new IllegalStateException(kernel.name());
        }
        return wrong;
    }

    private long wrongNumbers(long base, long stamp) {
        long wrong = 0;
        for (int i = 0; i < size / Double.BYTES; i++) {
            double expected = 0;
            for (int r = 0; r < ranks; r++) {
                expected += stamp >= 0 && i % NUMBERS_PER_LINE == 0 ? stamp + r : number(base + r * 1000L, i);
            }
            if (payload.sum(i) != expected) {
                wrong += Double.BYTES;
            }
        }
        return wrong;
    }
}
