package org.jadi.bench;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/**
 * One rank's part of a measurement, slice by slice: warm-up, timed loop, check of the data. Rank 0 leads, the others follow its
 * commands. All ranks see the same commands, so the stamp of a message is known everywhere without being sent. slice.c is the
 * same in C.
 */
final class Session {

    private static final int TAG_COMMAND = 3;
    private static final int TAG_BARRIER = 4;
    private static final int TAG_SAMPLE = 5;
    private static final int COMMAND_BYTES = 32;
    private static final int OUTCOME_BYTES = 24;

    /** What rank 0 knows after a slice: its time, and what all ranks found. */
    record Outcome(long nanos, long errors, long messages, long bytes) {}

    private record Command(int kernel, int size, long iterations, long warmup) {

        byte[] encode() {
            byte[] bytes = new byte[COMMAND_BYTES];
            littleEndian(bytes).putLong(kernel).putLong(size).putLong(iterations).putLong(warmup);
            return bytes;
        }

        static Command decode(byte[] bytes) {
            ByteBuffer b = littleEndian(bytes);
            return new Command((int) b.getLong(), (int) b.getLong(), b.getLong(), b.getLong());
        }
    }

    private final Comm comm;
    private final int rank;
    private final int ranks;
    private final int window;
    private final Payload payload;
    private final Loops loops;
    private final byte[] flag = new byte[1];

    private long stamp;
    private Kernel filledKernel;
    private int filledSize;

    private long errors;
    private long checkedMessages;
    private long checkedBytes;

    Session(Mpi mpi, Options options) {
        this.comm = mpi.world();
        this.rank = comm.rank();
        this.ranks = comm.size();
        this.window = options.window();
        this.payload = Payload.of(mpi, options.allocated());
        this.loops = new Loops(comm, payload);
    }

    int rank() {
        return rank;
    }

    int ranks() {
        return ranks;
    }

    /** Wrong bytes of all ranks in all slices. */
    long errors() {
        return errors;
    }

    String checked() {
        return "checked " + checkedMessages + " messages, " + checkedBytes + " bytes; wrong bytes: " + errors;
    }

    long messages(Kernel kernel, int size, long iterations) {
        return kernel.messages(ranks, window, size, iterations);
    }

    /** On rank 0: has every rank run a slice. */
    Outcome lead(Kernel kernel, int size, long iterations, long warmup) {
        Command command = new Command(kernel.ordinal(), size, iterations, warmup);
        tell(command);
        Outcome outcome = slice(command);
        errors += outcome.errors();
        checkedMessages += outcome.messages();
        checkedBytes += outcome.bytes();
        return outcome;
    }

    /** On rank 0: lets the others return from {@link #follow()}. */
    void stop() {
        tell(new Command(-1, 0, 0, 0));
    }

    /** On the other ranks: runs what rank 0 says until it says stop. */
    void follow() {
        byte[] bytes = new byte[COMMAND_BYTES];
        while (true) {
            comm.recv(bytes, 0, COMMAND_BYTES, 0, TAG_COMMAND);
            Command command = Command.decode(bytes);
            if (command.kernel() < 0) {
                return;
            }
            slice(command);
        }
    }

    private void tell(Command command) {
        for (int r = 1; r < ranks; r++) {
            comm.send(command.encode(), 0, COMMAND_BYTES, r, TAG_COMMAND);
        }
    }

    private Outcome slice(Command command) {
        Kernel kernel = Kernel.values()[command.kernel()];
        int size = command.size();
        int slots = kernel.window(window, size);
        int pairs = kernel.pairs(ranks);
        boolean sends = rank < pairs;
        int partner = sends ? rank + pairs : rank < 2 * pairs ? rank - pairs : -1;

        loops.place(partner, sends, slots, size, kernel.shape() == Kernel.Shape.TWO_WAY);
        if (filledKernel != kernel || filledSize != size) {
            for (int w = 0; w < slots; w++) {
                payload.fill(w * size, size, seed(rank, w));
            }
            filledKernel = kernel;
            filledSize = size;
        }
        payload.clear(slots * size);

        loops.run(kernel.shape(), command.warmup(), stamp);
        stamp += command.warmup() * slots;
        barrier();
        long start = System.nanoTime();
        loops.run(kernel.shape(), command.iterations(), stamp);
        if (kernel.allPairs()) {
            barrier();
        }
        long nanos = System.nanoTime() - start;
        stamp += command.iterations() * slots;

        long wrong = 0;
        long checked = 0;
        if (partner >= 0 && (kernel.shape() != Kernel.Shape.ONE_WAY || !sends)) {
            for (int w = 0; w < slots; w++) {
                wrong += payload.wrongBytes(w * size, size, seed(partner, w), stamp - slots + w);
            }
            checked += slots;
        }
        if (partner >= 0) {
            if (sends) {
                sendSample(kernel, size, partner);
            } else {
                wrong += receiveSample(size, partner);
                checked++;
            }
        }
        return gather(new Outcome(nanos, wrong, checked, checked * size));
    }

    private static long seed(int rank, int slot) {
        return rank * 1000L + slot;
    }

    /** A message whose every byte is new, so that a library that delivers an old copy is caught. */
    private void sendSample(Kernel kernel, int size, int partner) {
        payload.fill(0, size, stamp);
        if (kernel.shape() == Kernel.Shape.PING_PONG) {
            payload.send(comm, size, partner, TAG_SAMPLE);
        } else {
            Request request = payload.isend(comm, 0, size, partner, TAG_SAMPLE);
            request.await();
        }
        payload.fill(0, size, seed(rank, 0));
    }

    private long receiveSample(int size, int partner) {
        Status status = payload.recv(comm, size, partner, TAG_SAMPLE);
        boolean wrongStatus = status.source() != partner || status.tag() != TAG_SAMPLE || status.bytes() != size;
        return payload.wrongBytes(0, size, stamp, -1) + (wrongStatus ? 1 : 0);
    }

    /** What every rank found, added up at rank 0. */
    private Outcome gather(Outcome mine) {
        byte[] bytes = new byte[OUTCOME_BYTES];
        if (rank > 0) {
            littleEndian(bytes).putLong(mine.errors()).putLong(mine.messages()).putLong(mine.bytes());
            comm.send(bytes, 0, OUTCOME_BYTES, 0, TAG_BARRIER);
            return mine;
        }
        Outcome sum = mine;
        for (int r = 1; r < ranks; r++) {
            comm.recv(bytes, 0, OUTCOME_BYTES, r, TAG_BARRIER);
            ByteBuffer b = littleEndian(bytes);
            sum = new Outcome(
                    sum.nanos(), sum.errors() + b.getLong(), sum.messages() + b.getLong(), sum.bytes() + b.getLong());
        }
        return sum;
    }

    private void barrier() {
        if (rank == 0) {
            for (int r = 1; r < ranks; r++) {
                comm.recv(flag, 0, 1, r, TAG_BARRIER);
            }
            for (int r = 1; r < ranks; r++) {
                comm.send(flag, 0, 1, r, TAG_BARRIER);
            }
        } else {
            comm.send(flag, 0, 1, 0, TAG_BARRIER);
            comm.recv(flag, 0, 1, 0, TAG_BARRIER);
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Warms up in batches that double until time and count are both reached: the same in C, where there is nothing to compile
     * but caches, pages and connections. Returns how many iterations last {@code targetSeconds}.
     */
    long warmUp(Kernel kernel, int size, double seconds, long count, double targetSeconds) {
        long begin = System.nanoTime();
        long batch = 4;
        long done = 0;
        while (true) {
            Outcome outcome = lead(kernel, size, batch, 0);
            done += batch;
            double per = Math.max(1, outcome.nanos()) / (double) batch;
            if (done >= count && System.nanoTime() - begin >= seconds * 1e9) {
                return Math.max(2, (long) (targetSeconds * 1e9 / per));
            }
            if (outcome.nanos() < TimeUnit.MILLISECONDS.toNanos(20)) {
                batch *= 2;
            }
        }
    }

    /** Nanoseconds to rewrite one message, without MPI. The first rounds are for the compiler. */
    double loopCost(int size) {
        long repeat = 1 + (16L << 20) / (size + Payload.LINE_BYTES);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long start = System.nanoTime();
            for (long i = 0; i < repeat; i++) {
                payload.rewrite(0, size, stamp + i);
                VarHandle.storeStoreFence(); // the stores must happen each time
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        filledKernel = null;
        return (double) best / repeat;
    }
}
