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
    private final MatchingLoops matching;
    private final CollectiveLoops collectives;
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
        this.matching = new MatchingLoops(comm, payload);
        this.collectives = new CollectiveLoops(comm, payload);
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
        boolean everybody = kernel.scope() == Kernel.Scope.EVERYBODY;
        int bytes = kernel.messageBytes(command.size());
        int slots = kernel.slots(window, command.size());
        int pairs = kernel.pairs(ranks);
        boolean sends = rank < pairs;
        int partner = everybody ? (rank + 1) % ranks : sends ? rank + pairs : rank < 2 * pairs ? rank - pairs : -1;

        place(kernel, partner, sends, slots, bytes);
        if (filledKernel != kernel || filledSize != command.size()) {
            fill(everybody, slots, bytes);
            filledKernel = kernel;
            filledSize = command.size();
        }
        if (everybody) {
            collectives.clear();
        } else {
            payload.clear(slots * bytes);
        }

        if (partner >= 0) {
            run(kernel, command.size(), command.warmup());
        }
        stamp += command.warmup() * slots;
        barrier();
        long start = System.nanoTime();
        long own = partner >= 0 ? run(kernel, command.size(), command.iterations()) : 0;
        if (kernel.scope() != Kernel.Scope.ONE_PAIR) {
            barrier();
        }
        long nanos = kernel.shape() == Kernel.Shape.WAKE ? own : System.nanoTime() - start;
        stamp += command.iterations() * slots;
        return gather(everybody ? checkCollective(kernel, nanos) : checkMessages(kernel, nanos, partner, sends, slots, bytes));
    }

    private void place(Kernel kernel, int partner, boolean sends, int slots, int bytes) {
        switch (kernel.shape()) {
            case PING_PONG, ONE_WAY, TWO_WAY, WAKE ->
                loops.place(partner, sends, slots, bytes, kernel.shape() == Kernel.Shape.TWO_WAY);
            case POSTED, UNEXPECTED -> matching.place(partner, sends, slots, kernel);
            case COLLECTIVE -> collectives.place(kernel, bytes);
        }
    }

    /** Returns nanoseconds, where the loop itself counts them. */
    private long run(Kernel kernel, int size, long iterations) {
        switch (kernel.shape()) {
            case PING_PONG, ONE_WAY, TWO_WAY -> loops.run(kernel.shape(), iterations, stamp);
            case POSTED -> matching.posted(iterations, stamp);
            case UNEXPECTED -> matching.unexpected(iterations, stamp);
            case COLLECTIVE -> collectives.run(iterations, stamp);
            case WAKE -> {
                return loops.wake(iterations, stamp, size);
            }
        }
        return 0;
    }

    private void fill(boolean everybody, int slots, int bytes) {
        if (everybody) {
            collectives.fill(0);
            return;
        }
        for (int w = 0; w < slots; w++) {
            payload.fill(w * bytes, bytes, seed(rank, w));
        }
    }

    private Outcome checkCollective(Kernel kernel, long nanos) {
        long last = stamp - 1;
        long wrong = collectives.wrong(0, last);
        if (kernel == Kernel.BARRIER) {
            return new Outcome(nanos, wrong, 1, 0);
        }
        wrong += collectives.wrongSample(last + 1_000_000);
        return new Outcome(nanos, wrong, 2, collectives.checkedBytes(last) + collectives.checkedBytes(-1));
    }

    private Outcome checkMessages(Kernel kernel, long nanos, int partner, boolean sends, int slots, int bytes) {
        if (partner < 0) {
            return new Outcome(nanos, 0, 0, 0);
        }
        boolean bothWays = switch (kernel.shape()) {
            case PING_PONG, TWO_WAY, WAKE -> true;
            case ONE_WAY, POSTED, UNEXPECTED, COLLECTIVE -> false;
        };
        long wrong = 0;
        long checked = 0;
        if (bothWays || !sends) {
            for (int w = 0; w < slots; w++) {
                wrong += payload.wrongBytes(w * bytes, bytes, seed(partner, w), stamp - slots + w);
            }
            checked += slots;
        }
        if (sends) {
            sendSample(kernel, bytes, partner);
        } else {
            wrong += receiveSample(bytes, partner);
            checked++;
        }
        return new Outcome(nanos, wrong, checked, checked * bytes);
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
     * Warms up in batches that double until time and count are both reached; a count that takes more than a second does not
     * matter. The same in C, where there is nothing to compile but caches, pages and connections. Returns how many iterations
     * last {@code targetSeconds}, 1 at least.
     */
    long warmUp(Kernel kernel, int size, double seconds, long count, double targetSeconds) {
        long begin = System.nanoTime();
        long batch = 1;
        long done = 0;
        while (true) {
            Outcome outcome = lead(kernel, size, batch, 0);
            done += batch;
            double pause = kernel.shape() == Kernel.Shape.WAKE ? 1e3 * size : 0;
            double per = Math.max(1, outcome.nanos()) / (double) batch + pause;
            if (System.nanoTime() - begin >= seconds * 1e9 && (done >= count || per * count > 1e9)) {
                return Math.max(1, (long) (targetSeconds * 1e9 / per));
            }
            if (per * batch < TimeUnit.MILLISECONDS.toNanos(20)) {
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
