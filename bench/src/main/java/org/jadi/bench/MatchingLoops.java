package org.jadi.bench;

import org.jadi.mpi.Comm;
import org.jadi.mpi.Request;

/** Many messages of 8 bytes, each with a tag of its own. matching.c is the same text in C: change both or neither. */
final class MatchingLoops {

    private static final int TAG_ACK = 2;
    private static final int TAG_FIRST_OF_MANY = 16;

    private final Comm comm;
    private final Payload payload;
    private final byte[] flag = new byte[4];

    private int partner;
    private boolean sends;
    private int depth;
    private Request[] requests = {};
    private int[] order = {};

    MatchingLoops(Comm comm, Payload payload) {
        this.comm = comm;
        this.payload = payload;
    }

    void place(int partner, boolean sends, int depth, Kernel kernel) {
        this.partner = partner;
        this.sends = sends;
        this.depth = depth;
        if (requests.length != depth) {
            requests = new Request[depth];
        }
        order = order(depth, kernel);
    }

    /** The same permutation for the same depth, in both languages. */
    static int[] order(int depth, Kernel kernel) {
        boolean reverse = kernel == Kernel.POSTED_REVERSE || kernel == Kernel.UNEXPECTED_REVERSE;
        int[] order = new int[depth];
        for (int n = 0; n < depth; n++) {
            order[n] = reverse ? depth - 1 - n : n;
        }
        if (kernel != Kernel.POSTED_RANDOM && kernel != Kernel.UNEXPECTED_RANDOM) {
            return order;
        }
        long random = 1;
        for (int n = depth - 1; n > 0; n--) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            int other = (int) ((random >>> 33) % (n + 1));
            int held = order[n];
            order[n] = order[other];
            order[other] = held;
        }
        return order;
    }

    private void isendOne(int n, int tag, long stamp) {
        int at = tag * Kernel.WORD_BYTES;
        payload.rewrite(at, Kernel.WORD_BYTES, stamp + tag);
        requests[n] = payload.isend(comm, at, Kernel.WORD_BYTES, partner, TAG_FIRST_OF_MANY + tag);
    }

    private void irecvOne(int n, int tag) {
        requests[n] = payload.irecv(comm, tag * Kernel.WORD_BYTES, Kernel.WORD_BYTES, partner, TAG_FIRST_OF_MANY + tag);
    }

    private void tell() {
        comm.send(flag, 0, 4, partner, TAG_ACK);
    }

    private void hear() {
        comm.recv(flag, 0, 4, partner, TAG_ACK);
    }

    /** All receives are posted, by tag, before the first message is sent; messages come in the order of the kernel. */
    void posted(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            if (sends) {
                hear();
                for (int n = 0; n < depth; n++) {
                    isendOne(n, order[n], stamp + i * depth);
                }
                Request.awaitAll(requests);
                hear();
            } else {
                for (int n = 0; n < depth; n++) {
                    irecvOne(n, n);
                }
                tell();
                Request.awaitAll(requests);
                tell();
            }
        }
    }

    /** All messages are sent, by tag, before the first receive; receives ask for them in the order of the kernel. */
    void unexpected(long iterations, long stamp) {
        for (long i = 0; i < iterations; i++) {
            if (sends) {
                for (int n = 0; n < depth; n++) {
                    isendOne(n, n, stamp + i * depth);
                }
                tell();
                Request.awaitAll(requests);
                hear();
            } else {
                hear();
                for (int n = 0; n < depth; n++) {
                    irecvOne(n, order[n]);
                }
                Request.awaitAll(requests);
                tell();
            }
        }
    }
}
