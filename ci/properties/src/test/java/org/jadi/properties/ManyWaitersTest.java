package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.request.Request;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.device.tcp.TcpDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.decorate.Decorated;
import org.junit.jupiter.api.Test;

/**
 * Eight threads of one rank wait at once, four of them virtual, half of them for a peer over shm and half over tcp, while
 * the poller sleeps at the first idle turn. Every wake-up, and every hand-over of polling, is needed for the end.
 */
@TimeLimit(150)
class ManyWaitersTest {
    private static final int WAITERS = 8;
    private static final int DONE = -1;

    @Test
    void shouldWakeEveryWaiter() {
        long seed = Seeds.seed("waiters");
        long milliseconds = Seeds.effort() > 1 ? 60_000 : 6_000;
        List<DeviceProvider> node = List.of(new SelfDeviceProvider(), new ShmDeviceProvider(), new TcpDeviceProvider());
        List<DeviceProvider> remote =
                List.of(new SelfDeviceProvider(), Decorated.refuse(new ShmDeviceProvider()), new TcpDeviceProvider());
        Config config = Config.of(Map.of("device", "shm,tcp", "wait.spin", "0us", "wait.yield", "0us"));
        new InProcessCluster(3, config, node, milliseconds + 60_000).withProviders(List.of(node, node, remote))
                .run((e, deadline) -> {
                    long end = System.nanoTime() + milliseconds * 1_000_000;
                    runAll(e.rank() == 0 ? WAITERS : WAITERS / 2, i -> {
                        if (e.rank() == 0) {
                            ask(e, i, end, new SplittableRandom(seed + i));
                        } else {
                            answer(e, i * 2 + e.rank() - 1);
                        }
                    });
                });
    }

    /** Rank 0, waiter i: talks to rank 1 (even) or 2 (odd) under a tag of its own; pauses let everybody fall asleep. */
    private static void ask(Engine e, int i, long end, SplittableRandom random) {
        long[] word = new long[1];
        for (long n = 0; System.nanoTime() < end; n++) {
            word[0] = n;
            exchangeAsAsker(e, i, word);
            assertEquals(n + 1, word[0], "answer to waiter " + i);
            if (random.nextInt(4) == 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(3_000_000));
            }
        }
        word[0] = DONE;
        exchangeAsAsker(e, i, word);
    }

    private static void exchangeAsAsker(Engine e, int i, long[] word) {
        send(e, 1 + i % 2, i, word);
        receive(e, 1 + i % 2, i, word);
    }

    private static void answer(Engine e, int tag) {
        long[] word = new long[1];
        do {
            receive(e, 0, tag, word);
            word[0]++;
            send(e, 0, tag, word);
        } while (word[0] != DONE + 1);
    }

    private static void send(Engine e, int to, int tag, long[] word) {
        Request r = e.send(0, 0, e.rank(), to, tag, MemorySegment.ofArray(word), 0, ValueLayout.JAVA_LONG.byteSize());
        if (r != null) {
            e.await(r, Long.MAX_VALUE);
            assertNull(r.failure());
        }
    }

    private static void receive(Engine e, int from, int tag, long[] word) {
        Request r = e.receive(0, from, from, tag, MemorySegment.ofArray(word), 0, ValueLayout.JAVA_LONG.byteSize(),
                Snapshots.RECEIVED);
        assertNull(r.failure());
    }

    private interface Work {
        void run(int i) throws Exception;
    }

    private static void runAll(int count, Work work) throws Exception {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            int i = n;
            Runnable body = () -> {
                try {
                    work.run(i);
                } catch (Throwable t) {
                    thrown.add(t);
                }
            };
            threads.add(i / 2 % 2 == 0 ? Thread.ofPlatform().start(body) : Thread.ofVirtual().start(body));
        }
        for (Thread t : threads) {
            t.join();
        }
        assertEquals(List.of(), thrown);
    }
}
