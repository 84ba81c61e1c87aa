package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Waiter;

/**
 * A collective operation on a few longs, for the making of communicators: in round k every rank sends to the rank 2^k below
 * and receives from the rank 2^k above. A state machine that whoever makes progress moves on, so that it can run behind a
 * nonblocking call without a thread (a busy program on few CPUs would starve one).
 *
 * <p>Ranks are places among the participants. One thread at a time runs a machine: the starter, then the poller.
 */
abstract class Rounds {
    final int me;
    final int count;

    private final Transfer transfer;
    private final int[] ranks;
    private final int tag;
    private final String operation;
    private int distance = 1;
    private org.jadi.adi.request.Request receiving;
    private Consumer<Failure> end;

    /**
     * Prepares an operation.
     *
     * @param ranks participants as ranks of the communicator, or null for all
     * @param me our place among them
     */
    Rounds(Transfer transfer, int[] ranks, int me, int tag, String operation) {
        this.transfer = transfer;
        this.ranks = ranks;
        this.me = me;
        this.count = ranks == null ? transfer.peers.size : ranks.length;
        this.tag = tag;
        this.operation = operation;
    }

    /** Returns what is sent in a round; not changed afterwards. */
    abstract MemorySegment outgoing(int distance);

    /** Returns where the message of a round goes. */
    abstract MemorySegment incoming(int distance);

    /** Told when the message of a round has come. */
    abstract void arrived(int distance);

    /** Runs; then tells the end null or what went wrong, on any thread that makes progress. */
    final void start(Consumer<Failure> whenDone) {
        end = whenDone;
        advance();
    }

    /** Runs, and waits for it. */
    final void run() {
        org.jadi.adi.request.Request done = new org.jadi.adi.request.Request();
        done.peer = org.jadi.adi.request.Request.ANY;
        done.operation = operation;
        start(failure -> finish(done, failure));
        transfer.awaitBlocking(done, operation);
    }

    /** Completes a request that stands for a whole operation. */
    static void finish(org.jadi.adi.request.Request done, Failure failure) {
        if (failure != null) {
            done.fail(failure);
        }
        done.pieceDone();
    }

    private void advance() {
        Failure failure = null;
        try {
            while (distance < count && failure == null) {
                if (receiving == null) {
                    begin();
                }
                if (!receiving.isComplete() && receiving.addWaiter(new Continuation())) {
                    return;
                }
                failure = receiving.failure();
                if (failure == null) {
                    arrived(distance);
                    receiving = null;
                    distance <<= 1;
                }
            }
        } catch (RuntimeException e) {
            failure = new Failure(Failure.Kind.INTERNAL, e.getMessage());
        }
        end.accept(failure);
    }

    private void begin() {
        int above = (int) (((long) me + distance) % count);
        int below = (int) (((long) me - distance + count) % count);
        MemorySegment in = incoming(distance);
        MemorySegment out = outgoing(distance);
        receiving = new org.jadi.adi.request.Request();
        transfer.startReceive(receiving, operation, in, 0, in.byteSize(), null, rank(above), tag);
        org.jadi.adi.request.Request sending = new org.jadi.adi.request.Request();
        transfer.startSend(sending, sending, SendKind.STANDARD, operation, out, 0, out.byteSize(), null, rank(below), tag);
        if (!sending.isComplete()) {
            transfer.instance.detach(sending);
        }
    }

    private int rank(int place) {
        return ranks == null ? place : ranks[place];
    }

    /** Goes on, on the polling thread. */
    private final class Continuation extends Waiter {
        @Override
        protected void wake() {
            transfer.engine.defer(Rounds.this::advance);
        }
    }

    /**
     * Finds the minimum of each of some values over all participants, in a logarithmic number of rounds. A participant may
     * count several times on the way, which does a minimum no harm.
     */
    static final class Minimum extends Rounds {
        final long[] values;
        private long[] received;

        Minimum(Transfer transfer, int[] ranks, int me, int tag, String operation, long... values) {
            super(transfer, ranks, me, tag, operation);
            this.values = values;
        }

        @Override
        MemorySegment outgoing(int distance) {
            return MemorySegment.ofArray(values.clone());
        }

        @Override
        MemorySegment incoming(int distance) {
            received = new long[values.length];
            return MemorySegment.ofArray(received);
        }

        @Override
        void arrived(int distance) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.min(values[i], received[i]);
            }
        }
    }

    /** One message to a rank and one from it, of lengths that both know. */
    static final class Swap extends Rounds {
        private final long[] out;
        private final long[] in;

        Swap(Transfer transfer, int peer, int tag, String operation, long[] out, long[] in) {
            super(transfer, new int[] {peer, peer}, 0, tag, operation);
            this.out = out;
            this.in = in;
        }

        @Override
        MemorySegment outgoing(int distance) {
            return MemorySegment.ofArray(out);
        }

        @Override
        MemorySegment incoming(int distance) {
            return MemorySegment.ofArray(in);
        }

        @Override
        void arrived(int distance) {}
    }

    /** Gives every participant the blocks of all (the algorithm of Bruck). */
    static final class Gather extends Rounds {
        /** Blocks of me, me + 1, ... and around to me - 1; block i is from {@code at[i]} to {@code at[i + 1]}. */
        private final long[] rotated;
        private final int[] at;

        /** Blocks of the same length. */
        Gather(Transfer transfer, int[] ranks, int me, int tag, String operation, long... block) {
            super(transfer, ranks, me, tag, operation);
            this.at = new int[count + 1];
            Arrays.setAll(at, i -> Math.multiplyExact(i, block.length));
            this.rotated = Arrays.copyOf(block, at[count]);
        }

        /** Blocks of the lengths given. */
        Gather(Transfer transfer, int[] ranks, int me, int tag, String operation, long[] block, int[] lengths) {
            super(transfer, ranks, me, tag, operation);
            this.at = new int[count + 1];
            for (int i = 0; i < count; i++) {
                at[i + 1] = Math.addExact(at[i], lengths[(me + i) % count]);
            }
            this.rotated = Arrays.copyOf(block, at[count]);
        }

        @Override
        MemorySegment outgoing(int distance) {
            return MemorySegment.ofArray(Arrays.copyOf(rotated, at[blocks(distance)]));
        }

        @Override
        MemorySegment incoming(int distance) {
            long first = at[distance];
            return MemorySegment.ofArray(rotated).asSlice(first * 8, (at[distance + blocks(distance)] - first) * 8);
        }

        @Override
        void arrived(int distance) {}

        private int blocks(int distance) {
            return Math.min(distance, count - distance);
        }

        /** Returns the blocks of all participants, in their order. */
        long[] result() {
            int mine = (count - me) % count;
            int tail = at[count] - at[mine];
            long[] all = new long[at[count]];
            System.arraycopy(rotated, at[mine], all, 0, tail);
            System.arraycopy(rotated, 0, all, tail, at[mine]);
            return all;
        }
    }
}
