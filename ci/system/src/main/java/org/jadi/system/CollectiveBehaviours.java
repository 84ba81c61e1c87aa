package org.jadi.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Op;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/** Collective operations in all their forms, on whatever the ranks share: memory, or messages. MPI 4.1 chapter 6. */
final class CollectiveBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("coll_blocking", c -> everyLength(c, false)),
            Behaviour.of("coll_nonblocking", c -> everyLength(c, true)),
            Behaviour.of("coll_many_at_once", CollectiveBehaviours::manyAtOnce),
            Behaviour.of("coll_persistent", CollectiveBehaviours::persistent),
            Behaviour.of("coll_scans", CollectiveBehaviours::scans),
            Behaviour.of("coll_threads", CollectiveBehaviours::threads));

    /** Beside the flag, in one chunk, in some, and in many. */
    private static final int[] LENGTHS = {0, 1, 26, 27, 700, 9000};

    private CollectiveBehaviours() {}

    private static void everyLength(IntraComm comm, boolean behindRequests) {
        for (int n : LENGTHS) {
            for (int root : new int[] {0, comm.size() - 1}) {
                for (Started s : start(comm, n, root, n + root, behindRequests)) {
                    if (s.request() != null) {
                        s.request().await();
                    }
                    s.check().run();
                }
            }
        }
    }

    private record Started(Request request, Runnable check) {}

    private static int value(int salt, int rank, int i) {
        return salt * 1_000_003 + rank * 7919 + i;
    }

    private static int[] data(int salt, int rank, int n) {
        int[] a = new int[n];
        Arrays.setAll(a, i -> value(salt, rank, i));
        return a;
    }

    private static void same(int[] expected, int[] got, String what, int n) {
        int at = Arrays.mismatch(expected, got);
        Check.that(at < 0, what + " of " + n + " elements differs at " + at);
    }

    /** One of each kind; blocking, then they are over and have no request. */
    private static List<Started> start(IntraComm comm, int n, int root, int salt, boolean behindRequests) {
        int me = comm.rank();
        int size = comm.size();
        boolean atRoot = me == root;
        int[] mine = data(salt, me, n);
        int[] sum = new int[n];
        for (int r = 0; r < size; r++) {
            int[] d = data(salt, r, n);
            Arrays.setAll(sum, i -> sum[i] + d[i]);
        }
        int[] all = new int[n * size];
        int[] crossed = new int[n * size];
        for (int r = 0; r < size; r++) {
            System.arraycopy(data(salt, r, n), 0, all, r * n, n);
            System.arraycopy(data(salt, r, n * size), me * n, crossed, r * n, n);
        }
        List<Started> started = new ArrayList<>();
        int[] b = atRoot ? mine.clone() : new int[n];
        int[] s = new int[n];
        int[] t = new int[n];
        int[] g = new int[n * size];
        int[] h = new int[n * size];
        int[] x = new int[n * size];
        int[] p = new int[n];
        int[] cross = data(salt, me, n * size);
        if (behindRequests) {
            started.add(new Started(comm.ibcast(b, root), () -> same(data(salt, root, n), b, "ibcast", n)));
            started.add(new Started(comm.iallreduce(mine, s, Op.SUM), () -> same(sum, s, "iallreduce", n)));
            started.add(new Started(comm.ireduce(mine, atRoot ? t : null, Op.SUM, root),
                    () -> same(atRoot ? sum : new int[n], t, "ireduce", n)));
            started.add(new Started(comm.igather(mine, atRoot ? g : null, root),
                    () -> same(atRoot ? all : new int[n * size], g, "igather", n)));
            started.add(new Started(comm.iallgather(mine, h), () -> same(all, h, "iallgather", n)));
            started.add(new Started(comm.ialltoall(cross, x), () -> same(crossed, x, "ialltoall", n)));
            started.add(new Started(comm.iscatter(atRoot ? all : null, p, root), () -> same(mine, p, "iscatter", n)));
            started.add(new Started(comm.ibarrier(), () -> { }));
        } else {
            comm.bcast(b, root);
            same(data(salt, root, n), b, "bcast", n);
            comm.allreduce(mine, s, Op.SUM);
            same(sum, s, "allreduce", n);
            comm.reduce(mine, atRoot ? t : null, Op.SUM, root);
            same(atRoot ? sum : new int[n], t, "reduce", n);
            comm.gather(mine, atRoot ? g : null, root);
            same(atRoot ? all : new int[n * size], g, "gather", n);
            comm.allgather(mine, h);
            same(all, h, "allgather", n);
            comm.alltoall(cross, x);
            same(crossed, x, "alltoall", n);
            comm.scatter(atRoot ? all : null, p, root);
            same(mine, p, "scatter", n);
            comm.barrier();
        }
        return started;
    }

    /** Of different kinds, lengths and roots, waited for in another order on each rank. */
    private static void manyAtOnce(IntraComm comm) {
        List<Started> all = new ArrayList<>();
        comm.barrier();
        for (int i = 0; i < 6; i++) {
            all.addAll(start(comm, LENGTHS[(i + 1) % 6], i % comm.size(), i, true));
        }
        Collections.shuffle(all, new Random(comm.rank()));
        for (Started s : all) {
            s.request().await();
            s.check().run();
        }
    }

    private static void persistent(IntraComm comm) {
        int[] data = new int[500];
        int[] sum = new int[500];
        int[] copy = new int[7];
        PersistentRequest[] p = {comm.allreduceInit(data, sum, Op.SUM), comm.bcastInit(copy, 0), comm.barrierInit()};
        for (int turn = 0; turn < 10; turn++) {
            Arrays.fill(data, turn + comm.rank());
            Arrays.fill(copy, comm.rank() == 0 ? turn : -1);
            for (int i = 0; i < p.length; i++) {
                p[(i + comm.rank()) % p.length].start();
            }
            Request.awaitAll(p);
            Check.that(sum[499] == turn * comm.size() + comm.size() * (comm.size() - 1) / 2, "allreduce in turn " + turn);
            Check.that(copy[6] == turn, "bcast in turn " + turn);
        }
        for (PersistentRequest r : p) {
            r.free();
        }
    }

    private static void scans(IntraComm comm) {
        for (int n : LENGTHS) {
            int[] mine = data(n, comm.rank(), n);
            int[] got = new int[n];
            comm.scan(mine, got, Op.SUM);
            int[] expected = new int[n];
            for (int r = 0; r <= comm.rank(); r++) {
                int[] d = data(n, r, n);
                Arrays.setAll(expected, i -> expected[i] + d[i]);
            }
            same(expected, got, "scan", n);
            int each = n / comm.size();
            int[] part = new int[each];
            comm.reduceScatterBlock(Arrays.copyOf(mine, each * comm.size()), part, Op.MAX);
            same(Arrays.copyOfRange(data(n, comm.size() - 1, n), each * comm.rank(), each * (comm.rank() + 1)), part,
                    "reduceScatterBlock", n);
        }
    }

    /** A communicator for each thread, one of them virtual. */
    private static void threads(IntraComm comm) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<IntraComm> own = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int t = 0; t < 3; t++) {
            IntraComm dup = comm.dup();
            own.add(dup);
            Runnable body = () -> {
                try {
                    for (int i = 0; i < 30; i++) {
                        int[] sum = {i + dup.rank()};
                        dup.allreduce(sum, Op.SUM);
                        Check.that(sum[0] == i * dup.size() + dup.size() * (dup.size() - 1) / 2, "allreduce of a thread");
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            };
            threads.add(t == 0 ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body));
        }
        for (Thread t : threads) {
            t.join();
        }
        own.forEach(IntraComm::free);
        Check.that(failure.get() == null, "a thread has failed: " + failure.get());
    }
}
