package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.CarTable;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.bootstrap.LocalBootstrap;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.device.tcp.TcpDeviceProvider;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.decorate.Decorated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits end when they should, and cost what they should, also where something unusual happens meanwhile. */
@TimeLimit(60)
class WaitingTest {
    private static final int FREE = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final List<DeviceProvider> ALL =
            List.of(new SelfDeviceProvider(), new ShmDeviceProvider(), new TcpDeviceProvider());

    /** The limit of a wait holds although there is always something to do. */
    @Test
    void shouldObeyADeadlineUnderTraffic() {
        run(1, Map.of("device", "self"), (e, deadline) -> {
            long end = System.nanoTime() + 5_000_000_000L;
            e.register(FREE, (rank, h0, h1, h2, h3, memory, offset, length) -> {
                if (System.nanoTime() < end) {
                    e.sendControl(0, h0, 0, 0, 0);
                }
            });
            e.sendControl(0, FREE, 0, 0, 0);
            Request never = receive(e, 0, 1, new byte[1]);
            long begin = System.nanoTime();
            assertFalse(e.await(never, begin + 100_000_000));
            assertFalse(e.awaitAny(never::isComplete, new Request[] {never}, System.nanoTime() + 100_000_000));
            assertTrue(System.nanoTime() - begin < 2_000_000_000L, "waited " + (System.nanoTime() - begin) + " ns");
            e.cancel(never);
        });
    }

    /** An error handler may communicate: what is made of a failed receive is made by a thread that polls no more. */
    @Test
    void shouldReceiveWhileAFailureIsReported() {
        run(1, Map.of("device", "self"), (e, deadline) -> {
            e.send(SendMode.STANDARD, 0, 0, 0, 1, MemorySegment.ofArray(new byte[8]), 0, 8);
            byte[] inner = new byte[1];
            Failure failure = e.receive(0, 0, 0, 1, MemorySegment.ofArray(new byte[1]), 0, 1, new Engine.Received<>() {
                @Override
                public Failure of(int source, int tag, long bytes) {
                    return null;
                }

                @Override
                public Failure failed(Request failed) {
                    e.send(SendMode.STANDARD, 0, 0, 0, 2, MemorySegment.ofArray(new byte[] {42}), 0, 1);
                    Request next = receive(e, 0, 2, inner);
                    assertTrue(e.await(next, System.nanoTime() + 3_000_000_000L), "hangs in the handler");
                    return failed.failure();
                }
            });
            assertNotNull(failure);
            assertEquals(42, inner[0]);
        });
    }

    /** Once a handler has thrown, its packet and those before it do not come again, and those after it do come. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp"})
    void shouldDeliverOnceWhatAHandlerThrewAt(String device) {
        run(2, Map.of("device", device), (e, deadline) -> {
            if (e.rank() == 1) {
                for (long i = 0; i < 10; i++) {
                    e.sendControl(0, FREE, 0, i, 0);
                }
                return;
            }
            List<Long> seen = new ArrayList<>();
            e.register(FREE, (rank, h0, h1, h2, h3, memory, offset, length) -> {
                seen.add(h2);
                if (h2 == 5 && seen.size() < 20) {
                    throw new IllegalStateException("thrown by the test");
                }
            });
            assertThrows(IllegalStateException.class, () -> {
                while (System.nanoTime() < deadline) {
                    e.poke();
                }
            });
            while (!seen.contains(9L) && System.nanoTime() < deadline) {
                e.poke();
            }
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), seen);
        });
    }

    /** The thread that polls for virtual ones dies of an exception; another takes its place when somebody waits. */
    @Test
    void shouldPollForVirtualThreadsAfterAnException() {
        run(1, Map.of("device", "self"), (e, deadline) -> {
            AtomicReference<Thread> victim = new AtomicReference<>();
            CompletableFuture<Thread> heir = new CompletableFuture<>();
            e.register(FREE, (rank, h0, h1, h2, h3, memory, offset, length) -> {
                if (victim.compareAndSet(null, Thread.currentThread())) {
                    throw new IllegalStateException("thrown by the test");
                }
                heir.complete(Thread.currentThread());
            });
            e.sendControl(0, FREE, 0, 0, 0);
            AtomicBoolean got = new AtomicBoolean();
            Thread waiter = Thread.ofVirtual().start(() -> {
                Request r = receive(e, 0, 1, new byte[1]);
                got.set(e.await(r, deadline));
            });
            Eventually.until("the thread that polled is dead, and the waiter waits", PATIENCE, () -> victim.get() != null
                    && victim.get().getState() == Thread.State.TERMINATED && Eventually.isWaiting(waiter));
            assertFalse(got.get());
            e.sendControl(0, FREE, 0, 0, 0);
            assertFalse(List.of(victim.get(), Thread.currentThread()).contains(heir.get(15, TimeUnit.SECONDS)));
            send(e, SendMode.STANDARD, 0, 1, new byte[1]);
            waiter.join();
            assertTrue(got.get());
        });
    }

    /** A thread that was interrupted waits as quietly as any other, and still is interrupted afterwards. */
    @ParameterizedTest
    @CsvSource({"self, true", "self, false", "shm, true", "shm, false"})
    void shouldNotSpinWhenInterrupted(String device, boolean poller) {
        Map<String, String> config = Map.of("device", device, "native", "none", "wait.spin", "0us", "wait.yield", "0us");
        run(1, config, (e, deadline) -> {
            AtomicBoolean over = new AtomicBoolean();
            Thread other = Thread.ofPlatform().start(() -> {
                if (!poller) {
                    e.awaitAny(over::get, new Request[0], deadline);
                }
            });
            Eventually.until("the other thread polls, and sleeps", PATIENCE,
                    () -> poller ? other.getState() == Thread.State.TERMINATED : Eventually.isWaiting(other));
            AtomicLong cpuNs = new AtomicLong();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread waiter = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                Request never = receive(e, 0, 1, new byte[1]);
                assertFalse(e.await(never, System.nanoTime() + 1_000_000_000L));
                interrupted.set(Thread.interrupted());
                cpuNs.set(ManagementFactory.getThreadMXBean().getThreadCpuTime(Thread.currentThread().threadId()));
            });
            waiter.join();
            over.set(true);
            other.join();
            assertTrue(interrupted.get());
            assertTrue(cpuNs.get() < 500_000_000, "CPU time in a second of waiting: ms=" + cpuNs.get() / 1_000_000);
        });
    }

    /** An interrupted thread may be the first to send to a peer, and to allocate; the others can go on after it. */
    @Test
    void shouldConnectAndAllocateWhenInterrupted() {
        run(2, Map.of("device", "shm"), (e, deadline) -> {
            Thread.currentThread().interrupt();
            e.memory().free(e.memory().allocate(100));
            Request sent = send(e, SendMode.STANDARD, 1 - e.rank(), 1, new byte[1]);
            Request got = receive(e, 1 - e.rank(), 1, new byte[1]);
            assertTrue(Thread.interrupted());
            e.memory().free(e.memory().allocate(100));
            assertTrue(e.await(sent, deadline) && e.await(got, deadline));
        });
    }

    /** A flush does not end while the poller is busy with what it took from the list. */
    @Test
    void shouldNotFlushTooEarly() {
        AtomicBoolean done = new AtomicBoolean();
        Map<String, String> config = Map.of("device", "self", "self.ringBytes", "1k");
        run(2, config, (e, deadline) -> {
            if (e.rank() == 1) {
                Eventually.until("flushed 20000 times", Duration.ofNanos(deadline - System.nanoTime()), done::get); // without a poll
                for (int i = 0; i < 100; i++) {
                    assertTrue(e.await(receive(e, 0, 1, new byte[64]), deadline));
                }
                return;
            }
            Thread poller = Thread.ofPlatform().start(() -> e.awaitAny(done::get, new Request[0], deadline));
            try {
                for (int i = 0; i < 100; i++) {
                    send(e, SendMode.STANDARD, 1, 1, new byte[64]);
                }
                for (int i = 0; i < 20_000; i++) {
                    assertFalse(e.flush(System.nanoTime()), "flushed, says try " + i);
                }
            } finally {
                done.set(true);
                poller.join();
            }
        });
    }

    /** Somebody must look whether a peer lives although the waiting thread sleeps most of the time. */
    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void shouldNoticeASilentDeathWhileAsleep(String device) throws InterruptedException {
        Config config = Config.of(Map.of("device", device, "wait.spin", "0us", "wait.yield", "0us"));
        List<LocalBootstrap> places = LocalBootstrap.group(2);
        Engine[] engines = new Engine[2];
        Thread opening = Thread.ofPlatform().start(() -> engines[1] = Engine.open(config, places.get(1), ALL));
        engines[0] = Engine.open(config, places.get(0), ALL);
        opening.join();
        try (Engine e = engines[0]) {
            Request hello = send(engines[1], SendMode.STANDARD, 0, 1, new byte[1]);
            Request greeted = receive(e, 1, 1, new byte[1]);
            long limit = System.nanoTime() + 10_000_000_000L;
            while (!greeted.isComplete() || !hello.isComplete()) {
                engines[1].poke();
                e.poke();
                assertTrue(System.nanoTime() < limit);
            }
            Request never = receive(engines[1], 0, 3, new byte[1]);
            engines[1].await(never, System.nanoTime() + 500_000_000); // both have slept, so both can wake each other
            e.await(receive(e, 1, 3, new byte[1]), System.nanoTime() + 500_000_000);
            engines[1].close();
            long begin = System.nanoTime();
            Request lost = receive(e, 1, 2, new byte[1]);
            assertTrue(e.await(lost, begin + 5_000_000_000L), "not noticed in five seconds");
            assertEquals(Failure.Kind.PEER_FAILED, lost.failure().kind());
        }
    }

    /** A message of which the peer did not take every part was not sent. */
    @Test
    void shouldFailASendThatWasCutOff() {
        DeviceProvider failing = Decorated.fail(new SelfDeviceProvider(), 1, 8);
        new InProcessCluster(2, Config.of(Map.of("device", "self", "eager.limitBytes", "0", "packet.maxBytes", "64")),
                List.of(failing), 20_000).run((e, deadline) -> {
                    if (e.rank() == 1) {
                        receive(e, 0, 1, new byte[100_000]);
                        return;
                    }
                    Request cut = send(e, SendMode.STANDARD, 1, 1, new byte[100_000]);
                    assertTrue(e.await(cut, deadline));
                    assertNotNull(cut.failure());
                    assertEquals(Failure.Kind.PEER_FAILED, cut.failure().kind());
                });
    }

    /** Whoever waits again and again for the same request leaves nothing behind. */
    @Test
    void shouldDropWaitersThatGaveUp() throws ReflectiveOperationException {
        Request never = new Request();
        AtomicInteger length = new AtomicInteger();
        org.jadi.adi.progress.ThreadWaiter mine = null;
        org.jadi.adi.progress.ThreadWaiter other = null;
        for (int i = 0; i < 1000; i++) {
            org.jadi.adi.progress.ThreadWaiter next = new org.jadi.adi.progress.ThreadWaiter(Thread.currentThread());
            org.jadi.adi.progress.ThreadWaiter retired = i % 2 == 0 ? mine : other;
            if (retired != null) {
                retired.retire();
            }
            never.addWaiter(next);
            mine = i % 2 == 0 ? next : mine;
            other = i % 2 == 0 ? other : next;
        }
        var waiters = Request.class.getDeclaredField("waiters");
        waiters.setAccessible(true);
        var next = Class.forName("org.jadi.adi.request.Waiter").getDeclaredField("next");
        next.setAccessible(true);
        for (Object w = waiters.get(never); w != null; w = next.get(w)) {
            length.incrementAndGet();
        }
        assertTrue(length.get() < 10, "waiters kept: " + length);
    }

    /** The id 0 means none, so that no generation may lead to it. */
    @Test
    void shouldGiveNoIdOfZero() throws ReflectiveOperationException {
        CarTable table = new CarTable();
        var generations = CarTable.class.getDeclaredField("generations");
        generations.setAccessible(true);
        java.util.Arrays.fill((int[]) generations.get(table), -1);
        for (int i = 0; i < 16; i++) {
            Request r = new Request();
            table.add(r);
            assertEquals(r, table.get(r.id));
        }
        for (var car : table.snapshot()) {
            assertTrue(table.remove(car));
        }
    }

    private static void run(int ranks, Map<String, String> config, InProcessCluster.Body body) {
        new InProcessCluster(ranks, Config.of(config), ALL, 20_000).run(body);
    }

    private static Request send(Engine e, int mode, int to, int tag, byte[] data) {
        Request r = new Request();
        r.operation = "isend";
        e.startSend(r, mode, 0, e.rank(), to, tag, MemorySegment.ofArray(data), 0, data.length);
        return r;
    }

    private static Request receive(Engine e, int from, int tag, byte[] data) {
        Request r = new Request();
        r.operation = "irecv";
        e.startReceivePiece(r, 0, from, from, tag, MemorySegment.ofArray(data), 0, data.length);
        return r;
    }
}
