package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Message;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Probe and matched probe. SPEC: MPI 4.1 §3.8. */
final class ProbeBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("probe", ProbeBehaviours::probe),
            Behaviour.of("probe_unexp", ProbeBehaviours::probeStable),
            Behaviour.of("isendselfprobe", ProbeBehaviours::isendselfprobe),
            Behaviour.of("iprobe_nothing", ProbeBehaviours::iprobeNothing),
            Behaviour.of("probe_limit", ProbeBehaviours::probeLimit),
            Behaviour.of("mprobe", ProbeBehaviours::mprobe),
            Behaviour.of("mprobe_hides", ProbeBehaviours::mprobeHides),
            Behaviour.of("imrecv", ProbeBehaviours::imrecv),
            Behaviour.of("improbe_order", ProbeBehaviours::improbeOrder),
            Behaviour.of("truncmsg_mrecv", ProbeBehaviours::mrecvTruncated));

    private ProbeBehaviours() {}

    private static void probe(IntraComm c) {
        for (int length : new int[] {0, 10, 100_000}) {
            Request send = c.isend(Check.pattern(length, 2), next(c), 11);
            Status s = c.probe(Comm.ANY_SOURCE, Comm.ANY_TAG);
            Check.status(previous(c), 11, 4L * length, s);
            int[] got = new int[(int) s.count(int.class)];
            c.recv(got, s.source(), s.tag());
            Check.equal(Check.pattern(length, 2), got, "data");
            send.await();
        }
    }

    /** The same message is shown as often as one asks, while others come in. */
    private static void probeStable(IntraComm c) {
        Request first = c.isend(new int[] {0}, next(c), 1);
        Check.status(previous(c), 1, 4, c.probe(previous(c), Comm.ANY_TAG));
        Request[] more = new Request[50];
        for (int i = 0; i < more.length; i++) {
            more[i] = c.isend(new int[i], next(c), 2);
            Check.status(previous(c), 1, 4, c.probe(previous(c), Comm.ANY_TAG));
        }
        c.recv(new int[1], previous(c), 1);
        for (int i = 0; i < more.length; i++) {
            Check.status(previous(c), 2, 4L * i, c.probe(previous(c), 2));
            c.recv(new int[i], previous(c), 2);
        }
        first.await();
        Request.awaitAll(more);
    }

    private static void isendselfprobe(IntraComm c) {
        Request send = c.isend(new int[30_000], c.rank(), 3);
        Check.status(c.rank(), 3, 120_000, c.probe(c.rank(), 3));
        c.recv(new int[30_000], c.rank(), 3);
        send.await();
    }

    private static void iprobeNothing(IntraComm c) {
        for (int i = 0; i < 20; i++) {
            Check.that(c.iprobe(Comm.ANY_SOURCE, 99).isEmpty(), "a message that nobody sent");
            Check.that(c.improbe(previous(c), Comm.ANY_TAG).isEmpty(), "a message that nobody sent");
        }
        c.barrier();
    }

    private static void probeLimit(IntraComm c) {
        long begin = System.nanoTime();
        Optional<Status> none = c.probe(Comm.ANY_SOURCE, 99, Duration.ofMillis(30));
        Check.that(none.isEmpty() && c.mprobe(previous(c), 99, Duration.ofMillis(5)).isEmpty(), "a message that nobody sent");
        Check.that(System.nanoTime() - begin > 30_000_000, "the limit was not waited for");
        c.barrier();
    }

    private static void mprobe(IntraComm c) throws Exception {
        for (int length : new int[] {0, 10, 100_000}) {
            Request send = c.isend(Check.pattern(length, 5), next(c), 12);
            Message m = c.mprobe(previous(c), 12);
            Check.status(previous(c), 12, 4L * length, m.status());
            int[] got = new int[(int) m.status().count(int.class)];
            Check.status(previous(c), 12, 4L * length, m.recv(got));
            Check.equal(Check.pattern(length, 5), got, "data");
            Check.fails(ErrorClass.REQUEST, () -> m.recv(got));
            send.await();
        }
    }

    /** What a matched probe has taken is not there for others. */
    private static void mprobeHides(IntraComm c) {
        Request[] sends = {c.isend(new int[] {1}, next(c), 1), c.isend(new int[] {2}, next(c), 1)};
        Message first = c.mprobe(Comm.ANY_SOURCE, 1);
        int[] got = new int[1];
        c.recv(got, Comm.ANY_SOURCE, 1);
        Check.equal(2, got[0], "the second message");
        Check.that(c.iprobe(Comm.ANY_SOURCE, 1).isEmpty(), "the taken message is still shown");
        first.recv(got);
        Check.equal(1, got[0], "the first message");
        Request.awaitAll(sends);
    }

    private static void imrecv(IntraComm c) {
        Request send = c.issend(Check.pattern(80_000, 1), next(c), 1);
        Message m = c.mprobe(previous(c), Comm.ANY_TAG);
        int[] got = new int[80_001];
        Request r = m.irecv(got, 1, 80_000);
        Check.status(previous(c), 1, 320_000, r.await());
        Check.equal(0, got[0], "before the part");
        Check.equal(Check.pattern(80_000, 1)[79_999], got[80_000], "data");
        send.await();
    }

    private static void improbeOrder(IntraComm c) {
        int n = 20;
        Request[] sends = new Request[n];
        for (int i = 0; i < n; i++) {
            sends[i] = c.isend(new int[] {i}, next(c), i % 3);
        }
        Message[] taken = new Message[n];
        for (int i = 0; i < n; i++) {
            Optional<Message> m = Optional.empty();
            while (m.isEmpty()) {
                m = c.improbe(previous(c), Comm.ANY_TAG);
            }
            taken[i] = m.get();
        }
        for (int i = n - 1; i >= 0; i--) {
            int[] got = new int[1];
            taken[i].recv(got);
            Check.equal(i, got[0], "order of the probes");
        }
        Request.awaitAll(sends);
    }

    private static void mrecvTruncated(IntraComm c) throws Exception {
        for (int length : new int[] {2, 100_000}) {
            Request send = c.isend(new int[length], next(c), 1);
            Message m = c.mprobe(previous(c), 1);
            Check.fails(ErrorClass.TRUNCATE, () -> m.recv(new int[1]));
            send.await();
            Request again = c.isend(new int[length], next(c), 1);
            Request r = c.mprobe(previous(c), 1).irecv(new int[1]);
            Check.fails(ErrorClass.TRUNCATE, r::await);
            again.await();
        }
    }
}
