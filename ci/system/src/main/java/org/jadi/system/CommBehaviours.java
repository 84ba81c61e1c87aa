package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Errhandler;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.Group;
import org.jadi.mpi.Info;
import org.jadi.mpi.InterComm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.ObjectRequest;
import org.jadi.mpi.Op;
import org.jadi.mpi.Request;
import org.jadi.mpi.SplitType;
import org.jadi.mpi.Status;

/** The making of communicators. SPEC: MPI 4.1 §7.4, §7.6. Details are tested in ci/behaviours; here devices take part. */
final class CommBehaviours {
    private static final int THREADS = 4;

    static final List<Behaviour> ALL = List.of(
            Behaviour.of("ctxalloc", CommBehaviours::manyInARow),
            Behaviour.of("ctxsplit", CommBehaviours::manySplits),
            Behaviour.of("cmsplit_type", CommBehaviours::node),
            Behaviour.of("comm_idup_mul", CommBehaviours::manyNonblocking),
            Behaviour.of("comm_idup_overlap", CommBehaviours::overlappingIdups),
            Behaviour.of("comm_idup_nb", CommBehaviours::idupOfIdup),
            Behaviour.of("comm_idup_isend", CommBehaviours::messagesDuringIdup),
            Behaviour.of("comm_idup_iallreduce", CommBehaviours::reductionsDuringIdup),
            Behaviour.of("comm_create_group", CommBehaviours::groups),
            Behaviour.of("comm_create_group_idup", CommBehaviours::idupOfGroup),
            Behaviour.of("comm_dup_deadlock", c -> threads(c, false)),
            Behaviour.of("comm_dup_deadlock_virtual", c -> threads(c, true)),
            Behaviour.of("idup_deadlock", CommBehaviours::reversedIdups),
            Behaviour.of("wildcard_isolation", CommBehaviours::wildcards),
            Behaviour.of("comm_free_pending", CommBehaviours::freedWhilePending),
            Behaviour.of("ic1", CommBehaviours::interCommunicator),
            Behaviour.of("icm", CommBehaviours::merge),
            new Behaviour("comm_create_from_group", CommBehaviours::fromGroup),
            new Behaviour("ic_create_from_groups", CommBehaviours::fromGroups));

    private CommBehaviours() {}

    /** Halves and the whole are duplicated at the same time. */
    private static void overlappingIdups(IntraComm c) {
        IntraComm part = c.split(c.rank() % 2, 0);
        for (int i = 0; i < 10; i++) {
            ObjectRequest<? extends IntraComm> whole = c.idup();
            ObjectRequest<? extends IntraComm> half = part.idup();
            Request.awaitAll(half, whole);
            ring(whole.awaitValue());
            ring(half.awaitValue());
            whole.awaitValue().free();
            half.awaitValue().free();
        }
        part.free();
    }

    private static void idupOfIdup(IntraComm c) {
        IntraComm base = c;
        for (int i = 0; i < 8; i++) {
            ObjectRequest<? extends IntraComm> later = base.idup();
            while (later.test().isEmpty()) {
                Thread.yield();
            }
            if (base != c) {
                base.free();
            }
            base = later.awaitValue();
        }
        ring(base);
        base.free();
    }

    private static void messagesDuringIdup(IntraComm c) {
        int[] got = new int[2];
        Request recv = c.irecv(got, previous(c), 8);
        ObjectRequest<? extends IntraComm> later = c.idup();
        Request send = c.isend(new int[] {c.rank(), 8}, next(c), 8);
        recv.await();
        Check.equal(new int[] {previous(c), 8}, got, "message of the old communicator");
        IntraComm dup = later.awaitValue();
        ring(dup);
        send.await();
        dup.free();
    }

    private static void reductionsDuringIdup(IntraComm c) {
        long[] before = {c.rank()};
        long[] after = {1};
        Request first = c.iallreduce(before, Op.SUM);
        ObjectRequest<? extends IntraComm> later = c.idup();
        Request second = c.iallreduce(after, Op.SUM);
        Request.awaitAll(second, first, later);
        Check.equal(c.size() * (c.size() - 1L) / 2, before[0], "sum that began before");
        Check.equal((long) c.size(), after[0], "sum that began after");
        later.awaitValue().free();
    }

    private static void idupOfGroup(IntraComm c) {
        if (c.rank() % 2 == 0) {
            Group even = c.group().incl(IntStream.range(0, c.size()).filter(r -> r % 2 == 0).toArray());
            IntraComm part = c.createGroup(even, 6);
            ObjectRequest<? extends IntraComm> later = part.idup();
            part.free();
            ring(later.awaitValue());
            later.awaitValue().free();
        }
    }

    private static void fromGroup(Mpi mpi, IntraComm c) throws Exception {
        Group reversed = c.group().rangeIncl(new Group.Range(c.size() - 1, 0, -1));
        for (int i = 0; i < 5; i++) {
            IntraComm made = mpi.createFromGroup(reversed, "org.jadi.system/" + i, new Info().set("key", "value"), Errhandler.THROW);
            Check.equal(c.size() - 1 - c.rank(), made.rank(), "rank");
            Check.equal("value", made.info().get("key").orElse(null), "hint");
            ring(made);
            made.free();
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String tag = "thread " + (i + c.rank()) % THREADS;
            tasks.add(() -> {
                IntraComm made = mpi.createFromGroup(reversed, tag, new Info(), Errhandler.THROW);
                ring(made);
                made.free();
                return null;
            });
        }
        atOnce(tasks, false);
        List<ErrorClass> told = new ArrayList<>();
        Errhandler note = (comm, e) -> told.add(e.errorClass());
        Check.fails(ErrorClass.GROUP, () -> mpi.createFromGroup(Group.EMPTY, "x", new Info(), note));
        Check.fails(ErrorClass.ARG, () -> mpi.createFromGroup(c.group(), null, new Info(), note));
        Check.fails(ErrorClass.INFO, () -> mpi.createFromGroup(c.group(), "x", null, note));
        Check.equal(List.of(ErrorClass.GROUP, ErrorClass.ARG, ErrorClass.INFO), told, "what the handler was told");
    }

    private static void fromGroups(Mpi mpi, IntraComm c) throws Exception {
        if (c.size() == 1) {
            Check.fails(ErrorClass.GROUP, () -> mpi.createInterFromGroups(c.group(), 0, c.group(), 0, "x", new Info(),
                    Errhandler.THROW));
            return;
        }
        int[] even = IntStream.range(0, c.size()).filter(r -> r % 2 == 0).toArray();
        Group first = c.group().incl(even);
        Group second = c.group().difference(first);
        boolean isFirst = c.rank() % 2 == 0;
        InterComm two = isFirst
                ? mpi.createInterFromGroups(first, first.size() - 1, second, 0, "two", new Info(), Errhandler.THROW)
                : mpi.createInterFromGroups(second, 0, first, first.size() - 1, "two", new Info(), Errhandler.THROW);
        Check.equal(isFirst ? second.size() : first.size(), two.remoteSize(), "ranks there");
        int[] sum = new int[1];
        two.allreduce(new int[] {1}, sum, Op.SUM);
        Check.equal(two.remoteSize(), sum[0], "ranks that sent");
        two.free();
    }

    /** Ranks and sources fit, and long messages come whole. */
    private static void ring(IntraComm c) {
        int[] data = Check.pattern(20_000, c.rank());
        int[] got = new int[data.length];
        Status s = c.sendrecv(data, next(c), 4, got, previous(c), 4);
        Check.status(previous(c), 4, 4L * data.length, s);
        Check.equal(Check.pattern(data.length, previous(c)), got, "data");
    }

    private static void manyInARow(IntraComm c) {
        for (int i = 0; i < 300; i++) {
            IntraComm dup = c.dup();
            if (i % 50 == 0) {
                ring(dup);
            }
            dup.free();
        }
    }

    private static void manySplits(IntraComm c) {
        for (int i = 0; i < 100; i++) {
            IntraComm part = c.split((c.rank() + i) % 3, -c.rank());
            int[] expected = IntStream.iterate(c.size() - 1, r -> r >= 0, r -> r - 1)
                    .filter(r -> r % 3 == c.rank() % 3).toArray();
            Check.equal(expected, part.group().translateRanks(IntStream.range(0, part.size()).toArray(), c.group()), "ranks");
            if (i % 20 == 0) {
                ring(part);
            }
            part.free();
        }
    }

    private static void node(IntraComm c) {
        IntraComm node = c.splitType(SplitType.SHARED, 0, new Info());
        Check.that(node.size() <= c.size(), "a part");
        ring(node);
        node.free();
    }

    private static void manyNonblocking(IntraComm c) {
        List<ObjectRequest<? extends IntraComm>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(c.idup());
        }
        ring(c);
        Request.awaitAll(all);
        for (ObjectRequest<? extends IntraComm> r : all.reversed()) {
            IntraComm dup = r.awaitValue();
            int[] got = new int[1];
            dup.sendrecv(new int[] {all.indexOf(r)}, next(c), 0, got, Comm.ANY_SOURCE, Comm.ANY_TAG);
            Check.equal(all.indexOf(r), got[0], "the same communicator");
            dup.free();
        }
    }

    private static void groups(IntraComm c) {
        Group even = c.group().rangeIncl(new Group.Range(0, c.size() - 1, 2));
        for (int i = 0; i < 20 && c.rank() % 2 == 0; i++) {
            IntraComm part = c.createGroup(even, i);
            ring(part);
            part.free();
        }
        // The ranks have used different numbers of communicators now.
        IntraComm dup = c.dup();
        ring(dup);
        dup.free();
    }

    private static void threads(IntraComm c, boolean virtual) throws Exception {
        IntraComm[] bases = new IntraComm[THREADS];
        for (int t = 0; t < THREADS; t++) {
            bases[t] = c.dup();
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            IntraComm base = bases[(i + c.rank()) % THREADS];
            tasks.add(() -> {
                for (int turn = 0; turn < 30; turn++) {
                    ObjectRequest<? extends IntraComm> later = base.idup();
                    IntraComm part = base.split(base.rank() % 2, 0);
                    ring(part);
                    part.free();
                    later.awaitValue().free();
                }
                base.free();
                return null;
            });
        }
        atOnce(tasks, virtual);
    }

    private static void atOnce(List<Callable<Void>> tasks, boolean virtual) throws Exception {
        try (ExecutorService pool = virtual ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(THREADS)) {
            List<Future<Void>> results = new ArrayList<>();
            tasks.forEach(t -> results.add(pool.submit(t)));
            for (Future<Void> f : results) {
                f.get(50, TimeUnit.SECONDS);
            }
        }
    }

    /** Two communicators are duplicated in opposite orders by neighbours. */
    private static void reversedIdups(IntraComm c) {
        IntraComm[] base = {c.dup(), c.dup()};
        for (int turn = 0; turn < 50; turn++) {
            int first = c.rank() % 2;
            ObjectRequest<? extends IntraComm> a = base[first].idup();
            ObjectRequest<? extends IntraComm> b = base[1 - first].idup();
            (turn % 2 == 0 ? b : a).await();
            a.awaitValue().free();
            b.awaitValue().free();
        }
        base[0].free();
        base[1].free();
    }

    private static void wildcards(IntraComm c) {
        IntraComm dup = c.dup();
        int[] outer = new int[1];
        int[] inner = new int[1];
        Request a = c.irecv(outer, Comm.ANY_SOURCE, Comm.ANY_TAG);
        Request b = dup.irecv(inner, Comm.ANY_SOURCE, Comm.ANY_TAG);
        dup.send(new int[] {2}, next(c), 6);
        dup.barrier();
        Check.that(!a.isComplete(), "the message went to the other communicator");
        dup.barrier();
        c.send(new int[] {1}, next(c), 6);
        Request.awaitAll(a, b);
        Check.equal(1, outer[0], "outer");
        Check.equal(2, inner[0], "inner");
        dup.free();
    }

    private static void freedWhilePending(IntraComm c) {
        for (int i = 0; i < 20; i++) {
            IntraComm dup = c.dup();
            int[] got = new int[50_000];
            Request in = dup.irecv(got, previous(c), 0);
            Request out = dup.isend(Check.pattern(got.length, i), next(c), 0);
            dup.free();
            IntraComm other = c.dup();
            ring(other);
            Request.awaitAll(in, out);
            Check.equal(Check.pattern(got.length, i), got, "data");
            other.free();
        }
    }

    /** The even ranks and the odd ones. */
    private static InterComm halves(IntraComm c) {
        IntraComm half = c.split(c.rank() % 2, 0);
        InterComm inter = half.createInter(0, c, 1 - c.rank() % 2, 9);
        half.free();
        return inter;
    }

    private static void interCommunicator(IntraComm c) {
        if (c.size() < 2) {
            return;
        }
        InterComm inter = halves(c);
        InterComm dup = inter.dup();
        List<Request> all = new ArrayList<>();
        int[][] got = new int[inter.remoteSize()][10_000];
        for (int r = 0; r < inter.remoteSize(); r++) {
            all.add(dup.irecv(got[r], r, 1));
            all.add(dup.isend(Check.pattern(10_000, dup.rank()), r, 1));
        }
        Request.awaitAll(all);
        for (int r = 0; r < inter.remoteSize(); r++) {
            Check.equal(Check.pattern(10_000, r), got[r], "data of remote rank " + r);
        }
        dup.free();
        inter.free();
    }

    private static void merge(IntraComm c) {
        if (c.size() < 2) {
            return;
        }
        InterComm inter = halves(c);
        for (int i = 0; i < 5; i++) {
            IntraComm all = inter.merge(c.rank() % 2 == 1);
            Check.equal(c.rank() / 2 + c.rank() % 2 * ((c.size() + 1) / 2), all.rank(), "rank");
            ring(all);
            all.free();
        }
        inter.free();
    }
}
