package org.jadi.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.bootstrap.LocalBootstrap;

/**
 * Engines of a small job in one JVM, a thread per rank. When the time is over, or a rank throws, the state of every
 * engine and all stacks are printed, and {@link #run} throws.
 */
public final class InProcessCluster {
    private static final long GRACE_MS = 3000;

    private final int size;
    private final Config config;
    private final List<DeviceProvider> providers;
    private final long limitMs;
    private boolean hasDistinctProviders;
    private List<List<DeviceProvider>> providersByRank = List.of();

    /** What a rank does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs on the rank's thread.
         *
         * @param deadlineNs when all waits should have ended, on the clock of {@link System#nanoTime}
         */
        void run(Engine engine, long deadlineNs) throws Exception;
    }

    /** Prepares a job; every rank has the same devices. */
    public InProcessCluster(int size, Config config, List<DeviceProvider> providers, long limitMs) {
        this.size = size;
        this.config = config;
        this.providers = List.copyOf(providers);
        this.limitMs = limitMs;
    }

    /** Gives each rank devices of its own. */
    public InProcessCluster withProviders(List<List<DeviceProvider>> byRank) {
        hasDistinctProviders = true;
        providersByRank = byRank;
        return this;
    }

    /** Runs the body on every rank and returns when all have ended well and closed. */
    public void run(Body body) {
        new Run(body).run();
    }

    private final class Run {
        final Body body;
        final List<LocalBootstrap> bootstraps = LocalBootstrap.group(size);
        final AtomicReferenceArray<Engine> engines = new AtomicReferenceArray<>(size);
        final List<Throwable> thrown = new CopyOnWriteArrayList<>();
        final AtomicInteger working = new AtomicInteger(size);
        final CountDownLatch ended = new CountDownLatch(size);
        final CountDownLatch failed = new CountDownLatch(1);
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);

        /** What was seen shortly before the time was over, while everybody still waited. */
        private String seenLate = "";

        Run(Body body) {
            this.body = body;
        }

        void run() {
            List<Thread> threads = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                int me = rank;
                threads.add(Thread.ofPlatform().daemon().name("rank-" + rank).start(() -> rank(me)));
            }
            try {
                boolean inTime = awaitEnd();
                if (!inTime || !thrown.isEmpty()) {
                    report(inTime, threads);
                }
            } catch (InterruptedException e) {
                report(false, threads);
            }
        }

        /** Returns false if the time is over; comes back early, with some grace for the others, if a rank failed. */
        private boolean awaitEnd() throws InterruptedException {
            long end = deadlineNs + TimeUnit.MILLISECONDS.toNanos(GRACE_MS);
            long late = deadlineNs - TimeUnit.MILLISECONDS.toNanos(limitMs / 10);
            while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                if (failed.getCount() == 0) {
                    return ended.await(GRACE_MS, TimeUnit.MILLISECONDS);
                }
                if (seenLate.isEmpty() && System.nanoTime() - late > 0) {
                    seenLate = "shortly before the limit:" + engineStates() + "\n" + Stacks.all();
                }
                if (System.nanoTime() - end > 0) {
                    return false;
                }
            }
            return true;
        }

        private void rank(int rank) {
            try (Engine engine = Engine.open(config, bootstraps.get(rank),
                    hasDistinctProviders ? providersByRank.get(rank) : providers)) {
                engines.set(rank, engine);
                body.run(engine, deadlineNs);
                if (!engine.flush(deadlineNs)) {
                    throw new AssertionError("rank " + rank + " could not flush in time");
                }
                working.decrementAndGet();
                while (working.get() > 0 && failed.getCount() > 0 && System.nanoTime() - deadlineNs < 0) {
                    engine.poke();
                    Thread.sleep(1);
                }
            } catch (Throwable e) {
                thrown.add(new AssertionError("rank " + rank + ": " + e.getMessage(), e));
                failed.countDown();
            } finally {
                ended.countDown();
            }
        }

        private String engineStates() {
            StringBuilder text = new StringBuilder();
            for (int rank = 0; rank < size; rank++) {
                Engine engine = engines.get(rank);
                text.append("\nrank ").append(rank).append(": ").append(engine == null ? "no engine" : describe(engine));
            }
            return text.toString();
        }

        /** A rank that failed closes its engine while we ask. */
        private static String describe(Engine engine) {
            try {
                return engine.describe();
            } catch (RuntimeException e) {
                return "cannot be described: " + e;
            }
        }

        private void report(boolean inTime, List<Thread> threads) {
            String text = (inTime ? "a rank failed" : "time limit passed: ms=" + limitMs) + engineStates();
            System.err.println("[jadi] " + text + (inTime ? "" : "\n" + Stacks.all()) + "\n" + seenLate);
            threads.forEach(Thread::interrupt);
            AssertionError error = new AssertionError(text, thrown.isEmpty() ? null : thrown.get(0));
            thrown.stream().skip(1).forEach(error::addSuppressed);
            throw error;
        }
    }
}
