package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Send and receive: modes, order, wildcards, sizes, floods. SPEC: MPI 4.1 §3.2 to §3.5, §3.10, §3.11. */
final class MessageBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("sendrecv", MessageBehaviours::sendrecv),
            Behaviour.of("sendself", MessageBehaviours::sendself),
            Behaviour.of("isendself", MessageBehaviours::isendself),
            Behaviour.of("modes", MessageBehaviours::modes),
            Behaviour.of("ssend_waits", MessageBehaviours::ssendWaits),
            Behaviour.of("order", MessageBehaviours::order),
            Behaviour.of("order_sizes", MessageBehaviours::orderOfSizes),
            Behaviour.of("order_any_tag", MessageBehaviours::orderAnyTag),
            Behaviour.of("anyall", MessageBehaviours::anyall),
            Behaviour.of("recv_any", MessageBehaviours::recvAny),
            Behaviour.of("huge_anysrc", MessageBehaviours::hugeAnysrc),
            Behaviour.of("huge_underflow", MessageBehaviours::hugeUnderflow),
            Behaviour.of("big_count_status", MessageBehaviours::bigCountStatus),
            Behaviour.of("sizes", MessageBehaviours::sizes),
            Behaviour.of("large_tag", MessageBehaviours::largeTag),
            Behaviour.of("sendflood", MessageBehaviours::sendflood),
            Behaviour.of("eagerdt", MessageBehaviours::manyUnexpected),
            Behaviour.of("many_isend", MessageBehaviours::manyIsend),
            Behaviour.of("manylmt", MessageBehaviours::manyLarge),
            Behaviour.of("sendall", MessageBehaviours::sendall),
            Behaviour.of("procnull", MessageBehaviours::procNull),
            Behaviour.of("isendrecv", MessageBehaviours::isendrecv),
            Behaviour.of("sendrecv_replace", MessageBehaviours::sendrecvReplace),
            Behaviour.of("isendrecv_replace", MessageBehaviours::isendrecvReplace),
            Behaviour.of("others_while_busy", MessageBehaviours::othersWhileBusy),
            Behaviour.of("contexts_apart", MessageBehaviours::contextsApart));

    private MessageBehaviours() {}

    private static void sendrecv(IntraComm comm) {
        int[] got = new int[3];
        Status s = comm.sendrecv(new int[] {comm.rank(), 7, 9}, next(comm), 4, got, previous(comm), 4);
        Check.equal(new int[] {previous(comm), 7, 9}, got, "data");
        Check.status(previous(comm), 4, 12, s);
        Check.equal(3L, s.count(int.class), "count");
    }

    private static void sendself(IntraComm comm) {
        int me = comm.rank();
        for (int length : new int[] {0, 1, 1000, 100_000}) {
            int[] got = new int[length];
            Request r = comm.irecv(got, me, 5);
            comm.send(Check.pattern(length, me), me, 5);
            Check.status(me, 5, 4L * length, r.await());
            Check.equal(Check.pattern(length, me), got, "data");
        }
    }

    private static void isendself(IntraComm comm) {
        int me = comm.rank();
        int[] got = new int[50_000];
        Request send = comm.issend(Check.pattern(50_000, 3), me, 6);
        Request small = comm.isend(new int[] {77}, me, 7);
        int[] first = new int[1];
        comm.recv(first, me, 7);
        comm.recv(got, me, 6);
        Request.awaitAll(send, small);
        Check.equal(77, first[0], "small");
        Check.equal(Check.pattern(50_000, 3), got, "large");
    }

    private static void modes(IntraComm comm) {
        int[] a = new int[1];
        int[] b = new int[1];
        int[] c = new int[1];
        Request[] receives = {comm.irecv(a, previous(comm), 1), comm.irecv(b, previous(comm), 2),
                comm.irecv(c, previous(comm), 3)};
        comm.barrier();
        comm.rsend(new int[] {1}, next(comm), 1);
        comm.ssend(new int[] {2}, next(comm), 2);
        comm.irsend(new int[] {3}, next(comm), 3).await();
        Request.awaitAll(receives);
        Check.equal("123", "" + a[0] + b[0] + c[0], "data");
    }

    private static void ssendWaits(IntraComm comm) {
        for (int length : new int[] {0, 1, 10_000}) {
            Request send = comm.issend(new byte[length], next(comm), 8);
            comm.barrier();
            for (int i = 0; i < 50; i++) {
                Check.that(send.test().isEmpty(), "a synchronous send is complete before its receive: length=" + length);
            }
            comm.barrier();
            comm.recv(new byte[length], previous(comm), 8);
            send.await();
        }
    }

    private static void order(IntraComm comm) {
        int n = 500;
        List<Request> sends = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            sends.add(comm.isend(new int[] {i}, next(comm), 1));
        }
        for (int i = 0; i < n; i++) {
            int[] got = new int[1];
            comm.recv(got, i % 2 == 0 ? previous(comm) : Comm.ANY_SOURCE, 1);
            Check.equal(i, got[0], "messages overtake");
        }
        Request.awaitAll(sends);
    }

    /** Every protocol in one stream: the order holds across them. */
    private static void orderOfSizes(IntraComm comm) {
        int[] lengths = {0, 100_000, 1, 5_000, 50_000, 3, 300_000, 10, 20_000};
        List<Request> sends = new ArrayList<>();
        for (int length : lengths) {
            sends.add(comm.isend(Check.pattern(length, length), next(comm), 1));
        }
        comm.barrier();
        for (int length : lengths) {
            int[] got = new int[400_000];
            Status s = comm.recv(got, previous(comm), Comm.ANY_TAG);
            Check.status(previous(comm), 1, 4L * length, s);
            Check.equal(Check.pattern(length, length), Arrays.copyOf(got, length), "data");
        }
        Request.awaitAll(sends);
    }

    /** Receives match in the order in which they were posted, with and without a wildcard. */
    private static void orderAnyTag(IntraComm comm) {
        int[][] got = new int[4][1];
        Request[] receives = {comm.irecv(got[0], previous(comm), Comm.ANY_TAG), comm.irecv(got[1], previous(comm), 5),
                comm.irecv(got[2], Comm.ANY_SOURCE, 5), comm.irecv(got[3], previous(comm), Comm.ANY_TAG)};
        comm.barrier();
        for (int i = 0; i < 4; i++) {
            comm.send(new int[] {i}, next(comm), 5);
        }
        Status[] statuses = Request.awaitAll(receives);
        for (int i = 0; i < 4; i++) {
            Check.equal(i, got[i][0], "receive " + i);
            Check.status(previous(comm), 5, 4, statuses[i]);
        }
    }

    private static void anyall(IntraComm comm) {
        int rounds = 20;
        Request[] sends = new Request[comm.size() * rounds];
        for (int i = 0; i < sends.length; i++) {
            sends[i] = comm.isend(new int[] {comm.rank(), i / comm.size()}, i % comm.size(), i / comm.size());
        }
        int[] next = new int[comm.size()];
        for (int i = 0; i < sends.length; i++) {
            int[] got = new int[2];
            Status s = comm.recv(got, Comm.ANY_SOURCE, Comm.ANY_TAG);
            Check.equal(got[0], s.source(), "source");
            Check.equal(got[1], s.tag(), "tag");
            Check.equal(next[s.source()]++, s.tag(), "order of one source");
        }
        Request.awaitAll(sends);
    }

    private static void recvAny(IntraComm comm) {
        List<Request> receives = new ArrayList<>();
        int[][] got = new int[comm.size()][1];
        for (int i = 0; i < comm.size(); i++) {
            receives.add(comm.irecv(got[i], Comm.ANY_SOURCE, 2));
        }
        for (int r = 0; r < comm.size(); r++) {
            comm.send(new int[] {comm.rank()}, r, 2);
        }
        Status[] statuses = Request.awaitAll(receives);
        boolean[] seen = new boolean[comm.size()];
        for (int i = 0; i < got.length; i++) {
            Check.equal(got[i][0], statuses[i].source(), "source");
            Check.that(!seen[got[i][0]], "twice from " + got[i][0]);
            seen[got[i][0]] = true;
        }
    }

    private static void hugeAnysrc(IntraComm comm) {
        int[] data = Check.pattern(1_500_000, comm.rank());
        int[] got = new int[1_500_000];
        Request r = comm.irecv(got, Comm.ANY_SOURCE, 3);
        comm.send(data, next(comm), 3);
        Check.status(previous(comm), 3, 6_000_000, r.await());
        Check.equal(Check.pattern(1_500_000, previous(comm)), got, "data");
    }

    private static void hugeUnderflow(IntraComm comm) {
        int[] got = new int[1_000_000];
        Request r = comm.irecv(got, previous(comm), 3);
        comm.send(new int[] {5}, next(comm), 3);
        Status s = r.await();
        Check.equal(1L, s.count(int.class), "count");
        Check.equal(0, got[1], "beyond the message");
    }

    private static void bigCountStatus(IntraComm comm) {
        byte[] got = new byte[10];
        Status s = comm.sendrecv(new byte[7], next(comm), 1, got, previous(comm), 1);
        Check.equal(7L, s.count(byte.class), "bytes");
        Check.equal((long) Comm.UNDEFINED, s.count(int.class), "not a whole number of ints");
        Check.equal(3_000_000_000L, new Status(0, 0, 12_000_000_000L, false, s.error()).count(int.class), "beyond 31 bits");
    }

    private static void sizes(IntraComm comm) {
        for (int length : new int[] {0, 1, 2, 63, 64, 65, 1023, 4096, 16_383, 16_384, 16_385, 65_536, 65_537, 200_001}) {
            byte[] data = new byte[length];
            Arrays.fill(data, (byte) (length + comm.rank()));
            byte[] got = new byte[length + 1];
            Status s = comm.sendrecv(data, 0, length, next(comm), 1, got, 0, length + 1, previous(comm), 1);
            Check.status(previous(comm), 1, length, s);
            for (int i = 0; i < length; i++) {
                Check.that(got[i] == (byte) (length + previous(comm)), "byte " + i + " of " + length);
            }
            Check.equal((byte) 0, got[length], "the byte after the message");
        }
    }

    private static void largeTag(IntraComm comm) {
        int[] got = new int[1];
        Status s = comm.sendrecv(new int[] {1}, next(comm), Comm.TAG_UB, got, previous(comm), Comm.TAG_UB);
        Check.status(previous(comm), Comm.TAG_UB, 4, s);
    }

    /** All send to rank 0 more than it has room for, before it receives anything. */
    private static void sendflood(IntraComm comm) {
        int messages = 3000;
        int bytes = 1000;
        List<Request> sends = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            byte[] data = new byte[bytes];
            data[0] = (byte) i;
            sends.add(comm.isend(data, 0, 1));
        }
        comm.barrier();
        if (comm.rank() == 0) {
            for (int i = 0; i < messages; i++) {
                for (int r = 0; r < comm.size(); r++) {
                    byte[] got = new byte[bytes];
                    comm.recv(got, r, 1);
                    Check.equal((byte) i, got[0], "order");
                }
            }
        }
        Request.awaitAll(sends);
    }

    private static void manyUnexpected(IntraComm comm) {
        int n = 1000;
        List<Request> sends = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            sends.add(comm.isend(Check.pattern(20, i), next(comm), i));
        }
        comm.barrier();
        for (int i = n - 1; i >= 0; i--) {
            int[] got = new int[20];
            comm.recv(got, previous(comm), i);
            Check.equal(Check.pattern(20, i), got, "message " + i);
        }
        Request.awaitAll(sends);
    }

    private static void manyIsend(IntraComm comm) {
        int n = 2000;
        Request[] all = new Request[2 * n];
        int[][] got = new int[n][1];
        for (int i = 0; i < n; i++) {
            all[i] = comm.isend(new int[] {i}, next(comm), 0);
            all[n + i] = comm.irecv(got[i], previous(comm), 0);
        }
        Request.awaitAll(all);
        for (int i = 0; i < n; i++) {
            Check.equal(i, got[i][0], "message");
        }
    }

    private static void manyLarge(IntraComm comm) {
        int n = 40;
        Request[] all = new Request[2 * n];
        int[][] got = new int[n][60_000];
        for (int i = 0; i < n; i++) {
            all[i] = comm.isend(Check.pattern(60_000, i), next(comm), i);
        }
        for (int i = n - 1; i >= 0; i--) {
            all[n + i] = comm.irecv(got[i], previous(comm), i);
        }
        Request.awaitAll(all);
        for (int i = 0; i < n; i++) {
            Check.equal(Check.pattern(60_000, i), got[i], "message " + i);
        }
    }

    private static void sendall(IntraComm comm) {
        Request[] all = new Request[2 * comm.size()];
        int[][] got = new int[comm.size()][5000];
        for (int r = 0; r < comm.size(); r++) {
            all[r] = comm.irecv(got[r], r, 9);
        }
        for (int r = 0; r < comm.size(); r++) {
            all[comm.size() + r] = comm.isend(Check.pattern(5000, comm.rank() * 100 + r), r, 9);
        }
        Request.awaitAll(all);
        for (int r = 0; r < comm.size(); r++) {
            Check.equal(Check.pattern(5000, r * 100 + comm.rank()), got[r], "from " + r);
        }
    }

    private static void procNull(IntraComm comm) {
        int[] untouched = {42};
        comm.send(untouched, Comm.PROC_NULL, 3);
        comm.ssend(untouched, Comm.PROC_NULL, 3);
        comm.bsend(untouched, Comm.PROC_NULL, 3);
        comm.issend(untouched, Comm.PROC_NULL, 3).await();
        Status s = comm.recv(untouched, Comm.PROC_NULL, Comm.ANY_TAG);
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, s);
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.irecv(untouched, Comm.PROC_NULL, 1).await());
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.probe(Comm.PROC_NULL, 1));
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.iprobe(Comm.PROC_NULL, 1).orElseThrow());
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.mprobe(Comm.PROC_NULL, 1).recv(untouched));
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.improbe(Comm.PROC_NULL, 1).orElseThrow().irecv(untouched).await());
        Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, comm.sendrecv(untouched, Comm.PROC_NULL, 1, untouched,
                Comm.PROC_NULL, 1));
        Check.equal(42, untouched[0], "the buffer");
        // One end of a chain: half of the exchange only.
        int[] got = {-1};
        int right = comm.rank() + 1 < comm.size() ? comm.rank() + 1 : Comm.PROC_NULL;
        int left = comm.rank() > 0 ? comm.rank() - 1 : Comm.PROC_NULL;
        comm.sendrecv(new int[] {comm.rank()}, right, 1, got, left, 1);
        Check.equal(left == Comm.PROC_NULL ? -1 : left, got[0], "from the left");
    }

    private static void isendrecv(IntraComm comm) {
        for (int length : new int[] {1, 100_000}) {
            int[] got = new int[length];
            Request r = comm.isendrecv(Check.pattern(length, comm.rank()), next(comm), 2, got, previous(comm), 2);
            Check.status(previous(comm), 2, 4L * length, r.await());
            Check.equal(Check.pattern(length, previous(comm)), got, "data");
            // The send alone must not complete it.
            if (comm.size() == 1) {
                continue;
            }
            Request half = comm.isendrecv(new int[] {1}, next(comm), 3, got, previous(comm), 4);
            comm.recv(new int[1], previous(comm), 3);
            comm.barrier();
            Check.that(half.test().isEmpty(), "complete without its receive");
            comm.barrier();
            comm.send(new int[] {2}, next(comm), 4);
            half.await();
        }
    }

    private static void sendrecvReplace(IntraComm comm) {
        for (int length : new int[] {1, 100_000}) {
            int[] data = Check.pattern(length, comm.rank());
            Check.status(previous(comm), 2, 4L * length, comm.sendrecvReplace(data, next(comm), 2, previous(comm), 2));
            Check.equal(Check.pattern(length, previous(comm)), data, "data");
        }
        boolean[] flags = {comm.rank() % 2 == 0, true};
        comm.sendrecvReplace(flags, next(comm), 2, previous(comm), 2);
        Check.equal(new boolean[] {previous(comm) % 2 == 0, true}, flags, "flags");
    }

    private static void isendrecvReplace(IntraComm comm) {
        int[] data = Check.pattern(70_000, comm.rank());
        Check.status(previous(comm), 2, 280_000, comm.isendrecvReplace(data, next(comm), 2, previous(comm), 2).await());
        Check.equal(Check.pattern(70_000, previous(comm)), data, "data");
    }

    /** A receive from anybody must not take what a barrier sends. */
    private static void contextsApart(IntraComm comm) {
        int[] got = {-1};
        Request any = comm.irecv(got, Comm.ANY_SOURCE, Comm.ANY_TAG);
        comm.barrier();
        comm.barrier();
        Check.that(any.test().isEmpty(), "a message of another context was received");
        comm.barrier();
        comm.send(new int[] {7}, comm.rank(), 1);
        any.await();
        Check.equal(7, got[0], "data");
    }

    /**
     * SPEC: MPI 4.1 §3.5, progress: a rank that does nothing but talk to one peer still takes part in what a third one
     * needs of it.
     */
    private static void othersWhileBusy(IntraComm comm) {
        if (comm.size() < 3 || comm.rank() > 2) {
            return;
        }
        int[] word = new int[1];
        if (comm.rank() == 2) {
            comm.ssend(Check.pattern(50_000, 8), 0, 2);
            comm.send(word, 1, 3);
        } else if (comm.rank() == 1) {
            for (boolean over = false; !over;) {
                over = comm.iprobe(2, 3).isPresent();
                comm.send(new int[] {over ? 1 : 0}, 0, 1);
                comm.recv(word, 0, 1);
            }
            comm.recv(word, 2, 3);
        } else {
            int[] large = new int[50_000];
            Request waiting = comm.irecv(large, 2, 2);
            for (boolean over = false; !over;) { // nothing but calls for rank 1
                comm.recv(word, 1, 1);
                over = word[0] == 1;
                comm.send(word, 1, 1);
            }
            waiting.await();
            Check.equal(Check.pattern(50_000, 8), large, "data");
        }
    }
}
