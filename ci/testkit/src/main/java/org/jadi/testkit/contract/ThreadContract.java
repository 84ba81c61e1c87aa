package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** One thread at a time per endpoint, one in progress; all of them at once. */
public interface ThreadContract extends Bench {
    /** Returns how long random traffic lasts. */
    default long trafficMs() {
        return 2000L * Seeds.effort();
    }

    /** A platform thread per endpoint against a polling thread per rank. */
    @Test
    default void shouldCarryTrafficOfManyThreads() throws Exception {
        traffic(false);
    }

    /** Virtual threads send. */
    @Test
    default void shouldCarryTrafficOfVirtualThreads() throws Exception {
        traffic(true);
    }

    /** Polling moves from thread to thread under a lock, as in the engine; so do the sends of one endpoint. */
    @Test
    default void shouldBearMovingThreads() throws Exception {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        ReentrantLock sending = new ReentrantLock();
        ReentrantLock[] polling = {new ReentrantLock(), new ReentrantLock()};
        AtomicBoolean stop = new AtomicBoolean();
        MemorySegment memory = MemorySegment.ofArray(new byte[24]);
        Payload.fill(memory, 0, 24, 9);
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(() -> locked(sending, () -> lane.trySend(memory, 0, 24, 9) == Endpoint.SENT ? 1 : 0));
            tasks.add(() -> locked(polling[0], group.device(0)::progress));
            tasks.add(() -> locked(polling[1], group.device(1)::progress));
        }
        runAll(tasks.stream().map(task -> repeated(task, stop)).toList(), stop, trafficMs() / 2,
                () -> lane.accepted() > 10);
        group.settle();
        assertTrue(lane.accepted() > 10, "hardly anything was sent: " + lane);
    }

    /** Connects come from any thread, one at a time, while traffic flows. */
    @Test
    default void shouldConnectFromAnyThread() throws Exception {
        DeviceGroup group = wired(4);
        List<Thread> threads = new ArrayList<>();
        for (int from = 0; from < 4; from++) {
            int me = from;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int to = 0; to < 4; to++) {
                    if (group.device(me).refusal(to) == null) {
                        group.device(me).connect(to);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            group.pumpUntil("connected", () -> !thread.isAlive());
        }
        group.allLanes().forEach(group::sendControl);
        group.settle();
    }

    /** Ranks that all connect to each other at the same moment end up with one way each, and lose nobody. */
    @Test
    default void shouldConnectEverybodyAtOnce() throws Exception {
        for (int round = 0; round < 25; round++) {
            DeviceGroup group = wired(4);
            CyclicBarrier start = new CyclicBarrier(group.size());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
                List<Future<?>> futures = new ArrayList<>();
                for (int rank = 0; rank < group.size(); rank++) {
                    int me = rank;
                    futures.add(threads.submit(() -> greetEverybody(group, me, start, end)));
                }
                for (Future<?> future : futures) {
                    future.get();
                }
            }
            group.settle();
            group.close();
        }
    }

    private static Void greetEverybody(DeviceGroup group, int me, CyclicBarrier start, long end) throws Exception {
        start.await();
        List<Lane> toGreet = new ArrayList<>();
        for (int to = 0; to < group.size(); to++) {
            if (group.device(me).refusal(to) == null) {
                toGreet.add(group.lane(me, to));
            }
        }
        int greetings = toGreet.size();
        while (!toGreet.isEmpty() || group.inbox(me).arrived() < greetings) {
            toGreet.removeIf(lane -> lane.trySendControl() == Endpoint.SENT);
            if (group.device(me).progress() == 0) {
                Thread.yield();
            }
            for (int peer = 0; peer < group.size(); peer++) {
                if (group.inbox(me).failureOf(peer) != null) {
                    throw new AssertionError("rank " + me + " lost rank " + peer + ": " + group.inbox(me).failureOf(peer));
                }
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("rank " + me + " is still connecting: " + toGreet + " " + group.inbox(me));
            }
        }
        return null;
    }

    private void traffic(boolean virtual) throws Exception {
        long seed = Seeds.seed(virtual ? "virtual traffic" : "traffic");
        DeviceGroup group = wired(3);
        List<Lane> lanes = group.allLanes();
        lanes.forEach(lane -> BackPressureContract.connectFully(group, lane));
        int most = group.device(0).limits().maxPayloadBytes();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger senders = new AtomicInteger(lanes.size());
        List<Runnable> work = new ArrayList<>();
        for (int rank = 0; rank < group.size(); rank++) {
            int me = rank;
            work.add(() -> poll(group, me, senders));
        }
        List<Thread> started = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        for (Lane lane : lanes) {
            SplittableRandom random = new SplittableRandom(seed + lane.from() * 31L + lane.to());
            Runnable sender = () -> {
                try {
                    send(lane, random, most, stop);
                } catch (Throwable e) {
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                } finally {
                    senders.decrementAndGet();
                }
            };
            started.add(virtual ? Thread.ofVirtual().start(sender) : Thread.ofPlatform().start(sender));
        }
        BooleanSupplier enough = () -> lanes.stream().allMatch(lane -> lane.accepted() > 5)
                && lanes.stream().mapToLong(Lane::accepted).sum() > 100;
        runAll(work, stop, trafficMs(), enough);
        for (Thread thread : started) {
            thread.join();
        }
        assertEquals(List.of(), thrown);
        group.settle();
        assertTrue(enough.getAsBoolean(), "hardly anything was sent: " + lanes);
    }

    private static void send(Lane lane, SplittableRandom random, int most, AtomicBoolean stop) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment nativeMemory = arena.allocate(most + 16);
            MemorySegment heapMemory = MemorySegment.ofArray(new long[most / 8 + 2]);
            while (!stop.get()) {
                int length = random.nextInt(random.nextInt(40) == 0 ? most + 1 : Math.min(most + 1, 130));
                MemorySegment memory = random.nextBoolean() ? nativeMemory : heapMemory;
                long offset = random.nextInt(8);
                long seed = random.nextLong();
                Payload.fill(memory, offset, length, seed);
                boolean control = random.nextInt(4) == 0;
                if (Thread.currentThread().isVirtual() && random.nextInt(32) == 0) {
                    LockSupport.parkNanos(1000); // not time-sliced; and threads that only yield starve new ones
                }
                int tries = 0;
                while ((control ? lane.trySendControl() : lane.trySend(memory, offset, length, seed)) != Endpoint.SENT
                        && !stop.get()) {
                    pause(++tries);
                }
                memory.asSlice(offset, length).fill((byte) 0x55);
            }
        }
    }

    private static void poll(DeviceGroup group, int rank, AtomicInteger senders) {
        int idle = 0;
        while (senders.get() > 0) {
            if (group.device(rank).progress() > 0) {
                idle = 0;
            } else {
                pause(++idle);
            }
        }
    }

    private static void pause(int times) {
        if (times % 16 == 0 && Thread.currentThread().isVirtual()) {
            LockSupport.parkNanos(1000);
        } else if (times % 16 == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private static Runnable repeated(Runnable task, AtomicBoolean stop) {
        return () -> {
            while (!stop.get()) {
                task.run();
            }
        };
    }

    private static void locked(ReentrantLock lock, java.util.function.IntSupplier work) {
        if (lock.tryLock()) {
            try {
                work.getAsInt();
            } finally {
                lock.unlock();
            }
        } else {
            Thread.yield();
        }
    }

    /**
     * Runs tasks until each has ended; sets {@code stop} once the time is over and there was enough traffic, which may be later on a
     * busy machine; throws what any of them threw.
     */
    private static void runAll(List<Runnable> tasks, AtomicBoolean stop, long forMs, BooleanSupplier enough) throws Exception {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(threads.submit(task)));
            try {
                TimeUnit.MILLISECONDS.sleep(forMs);
                Eventually.until("enough was sent", Duration.ofSeconds(20),
                        () -> enough.getAsBoolean() || futures.stream().anyMatch(Future::isDone));
            } finally {
                stop.set(true);
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
    }
}
