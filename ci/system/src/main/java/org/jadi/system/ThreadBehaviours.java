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
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Message;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Many threads at once, platform and virtual. SPEC: MPI 4.1 §11.6. */
final class ThreadBehaviours {
    private static final int THREADS = 4;

    static final List<Behaviour> ALL = List.of(
            Behaviour.of("threads", c -> pairs(c, false)),
            Behaviour.of("threads_virtual", c -> pairs(c, true)),
            Behaviour.of("multisend3", ThreadBehaviours::manySenders),
            Behaviour.of("mt_probe_impl", ThreadBehaviours::matchedProbes),
            Behaviour.of("mt_mpicancel", ThreadBehaviours::cancels),
            Behaviour.of("sendselfth", ThreadBehaviours::sendToSelf),
            Behaviour.of("wait_by_other", ThreadBehaviours::awaitedByAnother));

    private ThreadBehaviours() {}

    private static void runAll(boolean virtual, List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService pool = virtual ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Void>> results = new ArrayList<>();
            tasks.forEach(t -> results.add(pool.submit(t)));
            for (Future<Void> f : results) {
                f.get(50, TimeUnit.SECONDS);
            }
        }
    }

    /** Each thread exchanges with its counterpart in the next rank, by tag. */
    private static void pairs(IntraComm c, boolean virtual) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int tag = t;
            tasks.add(() -> {
                for (int i = 0; i < 200; i++) {
                    int[] got = new int[1 + i % 3 * 9000];
                    int[] data = Check.pattern(got.length, i + tag);
                    Status s = c.sendrecv(data, next(c), tag, got, previous(c), tag);
                    Check.status(previous(c), tag, 4L * got.length, s);
                    Check.equal(data, got, "data");
                }
                return null;
            });
        }
        runAll(virtual, tasks);
    }

    private static void manySenders(IntraComm c) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        int each = 100;
        for (int t = 0; t < THREADS; t++) {
            int tag = t;
            tasks.add(() -> {
                for (int i = 0; i < each; i++) {
                    c.send(new int[] {i}, next(c), tag);
                }
                return null;
            });
        }
        tasks.add(() -> {
            int[] expected = new int[THREADS];
            for (int i = 0; i < THREADS * each; i++) {
                int[] got = new int[1];
                Status s = c.recv(got, previous(c), Comm.ANY_TAG);
                Check.equal(expected[s.tag()]++, got[0], "order of one thread");
            }
            return null;
        });
        runAll(false, tasks);
    }

    /** Threads share the messages of a source; matched probes keep each message with its size. */
    private static void matchedProbes(IntraComm c) throws Exception {
        int messages = 400;
        AtomicInteger left = new AtomicInteger(messages);
        AtomicInteger sum = new AtomicInteger();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            boolean waits = t % 2 == 0;
            tasks.add(() -> {
                while (left.getAndDecrement() > 0) {
                    Message m = waits ? c.mprobe(Comm.ANY_SOURCE, 3) : poll(c);
                    int[] got = new int[(int) m.status().count(int.class)];
                    m.recv(got);
                    Check.equal(Check.pattern(got.length, got.length), got, "a message of its own");
                    sum.addAndGet(got.length);
                }
                return null;
            });
        }
        tasks.add(() -> {
            for (int i = 0; i < messages; i++) {
                c.send(Check.pattern(i % 50 + 1, i % 50 + 1), next(c), 3);
            }
            return null;
        });
        runAll(false, tasks);
        Check.equal(messages / 50 * 1275, sum.get(), "elements of all messages");
    }

    private static Message poll(IntraComm c) {
        for (;;) {
            var m = c.improbe(Comm.ANY_SOURCE, 3);
            if (m.isPresent()) {
                return m.get();
            }
            Thread.yield();
        }
    }

    private static void cancels(IntraComm c) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int tag = t;
            tasks.add(() -> {
                for (int i = 0; i < 100; i++) {
                    Request r = c.irecv(new int[1], tag % 2 == 0 ? previous(c) : Comm.ANY_SOURCE, 50 + tag);
                    r.cancel();
                    Check.that(r.await().cancelled(), "cancelled");
                }
                return null;
            });
        }
        runAll(false, tasks);
    }

    private static void sendToSelf(IntraComm c) throws Exception {
        List<Callable<Void>> tasks = List.of(() -> {
            for (int i = 0; i < 300; i++) {
                c.ssend(new int[] {i}, c.rank(), 8);
            }
            return null;
        }, () -> {
            for (int i = 0; i < 300; i++) {
                int[] got = new int[1];
                c.recv(got, c.rank(), 8);
                Check.equal(i, got[0], "order");
            }
            return null;
        });
        runAll(false, tasks);
        runAll(true, tasks);
    }

    private static void awaitedByAnother(IntraComm c) throws Exception {
        int[] got = new int[1];
        Request r = c.irecv(got, previous(c), 1);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<Status> a = pool.submit(() -> r.await());
            Future<Status> b = pool.submit(() -> r.await());
            c.send(new int[] {3}, next(c), 1);
            Check.equal(a.get(20, TimeUnit.SECONDS), b.get(20, TimeUnit.SECONDS), "the same for both");
        }
        Check.equal(3, got[0], "data");
    }
}
