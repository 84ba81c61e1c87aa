package org.jadi.bench;

import java.time.Duration;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Request;

/** The timed loops of one rank. loops.c is the same text in C: change both or neither. */
final class Loops {

    static final int TAG_DATA = 1;
    private static final int TAG_ACK = 2;

    private final Comm comm;
    private final Payload payload;
    private final byte[] ack = new byte[4];

    private int partner;
    private boolean sends;
    private int slots;
    private int size;
    private Request[] requests;

    Loops(Comm comm, Payload payload) {
        this.comm = comm;
        this.payload = payload;
    }

    void place(int partner, boolean sends, int slots, int size, boolean twoWay) {
        this.partner = partner;
        this.sends = sends;
        this.slots = slots;
        this.size = size;
        int needed = twoWay ? 2 * slots : slots;
        if (requests == null || requests.length != needed) {
            requests = new Request[needed];
        }
    }

    /** Messages between two ranks; the other shapes have classes of their own. */
    void run(Kernel.Shape shape, long iterations, long stamp) {
        switch (shape) {
            case PING_PONG -> pingPong(iterations, stamp);
            case ONE_WAY -> oneWay(iterations, stamp);
            case TWO_WAY -> twoWay(iterations, stamp);
            default -> throw new IllegalArgumentException(shape.name());
        }
    }

    /** Returns the nanoseconds that followed the pauses. The other side has been waiting for that long when the message comes. */
    long wake(long iterations, long stamp, int pauseMicros) {
        long waited = 0;
        for (long i = 0; i < iterations; i++) {
            if (sends) {
                pause(pauseMicros);
                long start = System.nanoTime();
                payload.rewrite(0, size, stamp + i);
                payload.send(comm, size, partner, TAG_DATA);
                payload.recv(comm, size, partner, TAG_DATA);
                waited += System.nanoTime() - start;
            } else {
                payload.recv(comm, size, partner, TAG_DATA);
                payload.rewrite(0, size, stamp + i);
                payload.send(comm, size, partner, TAG_DATA);
            }
        }
        return waited;
    }

    private static void pause(int micros) {
        try {
            Thread.sleep(Duration.ofNanos(1000L * micros));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void pingPong(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            if (sends) {
                payload.rewrite(0, size, stamp + i);
                payload.send(comm, size, partner, TAG_DATA);
                payload.recv(comm, size, partner, TAG_DATA);
            } else {
                payload.recv(comm, size, partner, TAG_DATA);
                payload.rewrite(0, size, stamp + i);
                payload.send(comm, size, partner, TAG_DATA);
            }
        }
    }

    private void postSends(int first, long stamp) {
        for (int w = 0; w < slots; w++) {
            int at = w * size;
            payload.rewrite(at, size, stamp + w);
            requests[first + w] = payload.isend(comm, at, size, partner, TAG_DATA);
        }
    }

    private void postReceives() {
        for (int w = 0; w < slots; w++) {
            requests[w] = payload.irecv(comm, w * size, size, partner, TAG_DATA);
        }
    }

    private void oneWay(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            if (sends) {
                postSends(0, stamp + i * slots);
                Request.awaitAll(requests);
                comm.recv(ack, 0, 4, partner, TAG_ACK);
            } else {
                postReceives();
                Request.awaitAll(requests);
                comm.send(ack, 0, 4, partner, TAG_ACK);
            }
        }
    }

    private void twoWay(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            postReceives();
            postSends(slots, stamp + i * slots);
            Request.awaitAll(requests);
        }
    }
}
