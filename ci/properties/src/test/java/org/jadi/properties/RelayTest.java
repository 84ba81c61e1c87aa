package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.Request;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.device.tcp.TcpDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.decorate.Decorated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that do not reach each other, and one between them that passes on. */
@TimeLimit(90)
class RelayTest {
    private static final int MESSAGES = 300;

    /** Ranks 0 and 2 reach rank 1, and not each other. */
    private static final BiPredicate<Integer, Integer> MIDDLE = (a, b) -> a == 1 || b == 1;

    private static InProcessCluster cluster(int ranks, String device, BiPredicate<Integer, Integer> reached, String... values) {
        List<DeviceProvider> providers = java.util.stream.Stream.<DeviceProvider>of(new SelfDeviceProvider(),
                new ShmDeviceProvider(), new TcpDeviceProvider()).map(p -> Decorated.unreachable(p, reached)).toList();
        Map<String, String> config = new HashMap<>(Map.of("device", device));
        for (int i = 0; i < values.length; i += 2) {
            config.put(values[i], values[i + 1]);
        }
        return new InProcessCluster(ranks, Config.of(config), providers, 60_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp"})
    void shouldKeepOrderAndContentsThroughASmallWindow(String device) {
        cluster(3, device, MIDDLE, "relay.windowBytes", "0", "eager.limitBytes", "3000").run((e, deadline) -> {
            if (e.rank() == 1) {
                return; // passes on while it polls
            }
            int other = 2 - e.rank();
            Request[] sends = new Request[MESSAGES];
            for (int i = 0; i < MESSAGES; i++) {
                sends[i] = new Request();
                e.startSend(sends[i], i % 7 == 0 ? SendMode.SYNCHRONOUS : SendMode.STANDARD, 0, e.rank(), other, 5, message(i), 0,
                        length(i));
            }
            for (int i = 0; i < MESSAGES; i++) {
                byte[] got = new byte[length(i)];
                Request r = e.receive(0, other, other, 5, MemorySegment.ofArray(got), 0, got.length, Snapshots.RECEIVED);
                assertNull(r.failure(), "message " + i);
                assertEquals(got.length, r.statusBytes, "message " + i);
                assertEquals(-1, MemorySegment.ofArray(got).mismatch(message(i)), "message " + i);
            }
            for (Request send : sends) {
                assertTrue(e.await(send, deadline) && send.failure() == null);
            }
            assertTrue(e.describe().contains("through rank 1"), e.describe());
        });
    }

    private static int length(int i) {
        return new int[] {0, 1, 100, 2999, 3001, 100_000}[i % 6];
    }

    private static MemorySegment message(int i) {
        MemorySegment m = MemorySegment.ofArray(new byte[length(i)]);
        for (int at = 0; at < length(i); at++) {
            m.set(ValueLayout.JAVA_BYTE, at, (byte) (i * 31 + at));
        }
        return m;
    }

    /** The one that is asked only on behalf of others loses nobody by that. */
    @Test
    void shouldNotLoseWhomNobodyWants() {
        // 0 reaches 1 and 3, 2 reaches 3 only: 1 is asked, does not reach 2 either, and must go on as if nothing was.
        cluster(4, "self", (a, b) -> Math.min(a, b) == 0 && Math.max(a, b) != 2 || Math.max(a, b) == 3).run((e, deadline) -> {
            byte[] word = {7};
            if (e.rank() == 1) {
                Request any = e.receive(0, Request.ANY, Request.ANY, 9, MemorySegment.ofArray(word), 0, 1, Snapshots.RECEIVED);
                assertNull(any.failure(), () -> any.failure().message());
                assertNull(e.failureOf(2));
            } else if (e.rank() == 0) {
                assertNull(sent(e, 2, 8, deadline).failure());
                assertNull(sent(e, 1, 9, deadline).failure());
            } else if (e.rank() == 2) {
                assertNull(e.receive(0, 0, 0, 8, MemorySegment.ofArray(word), 0, 1, Snapshots.RECEIVED).failure());
            }
        });
    }

    private static Request sent(Engine e, int to, int tag, long deadline) {
        Request send = new Request();
        e.startSend(send, SendMode.SYNCHRONOUS, 0, e.rank(), to, tag, MemorySegment.ofArray(new byte[] {1}), 0, 1);
        assertTrue(e.await(send, deadline));
        return send;
    }

    @Test
    void shouldNameThePairWhenNobodyRelays() {
        // Rank 2 reaches nobody.
        cluster(3, "self", (a, b) -> a != 2 && b != 2).run((e, deadline) -> {
            if (e.rank() == 0) {
                Request send = sent(e, 2, 1, deadline);
                assertNotNull(send.failure());
                assertEquals("rank 2 is lost: rank 0 cannot reach rank 2, as the test wants; no other rank relays; rank 1 does not"
                        + " reach it either", send.failure().message());
            }
        });
    }

    @Test
    void shouldLoseThePeerWithItsRelay() {
        CountDownLatch met = new CountDownLatch(2);
        List<DeviceProvider> honest = List.of(Decorated.unreachable(new SelfDeviceProvider(), MIDDLE));
        List<DeviceProvider> dying =
                List.of(Decorated.unreachable(Decorated.fail(new SelfDeviceProvider(), 1, 60), MIDDLE));
        new InProcessCluster(3, Config.of(Map.of("device", "self")), honest, 60_000)
                .withProviders(List.of(dying, honest, honest)).run((e, deadline) -> {
                    if (e.rank() == 0) {
                        Request send = sent(e, 2, 1, deadline);
                        while (send.failure() == null) {
                            send = sent(e, 2, 1, deadline);
                        }
                        assertTrue(send.failure().message().startsWith("rank 2 is lost"),
                                send.failure().message());
                        met.countDown();
                    } else if (e.rank() == 2) {
                        byte[] word = new byte[1];
                        while (met.getCount() == 2) {
                            Request r = new Request();
                            e.startReceivePiece(r, 0, 0, 0, 1, MemorySegment.ofArray(word), 0, 1);
                            while (!r.isComplete() && met.getCount() == 2) {
                                e.test(r);
                            }
                        }
                    }
                });
        assertEquals(1, met.getCount());
    }

    @Test
    void shouldOutliveThoseItServes() {
        CountDownLatch relayed = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(2);
        cluster(3, "self", MIDDLE).run((e, deadline) -> {
            byte[] word = {1};
            if (e.rank() == 1) {
                assertTrue(e.awaitRelayed(deadline), "serves nobody yet");
                while (relayed.getCount() > 0) {
                    e.poke();
                }
                assertFalse(e.awaitRelayed(System.nanoTime() + 200_000_000L), "serves two");
                gone.countDown();
                assertTrue(e.awaitRelayed(deadline));
                return;
            }
            if (e.rank() == 0) {
                assertNull(sent(e, 2, 1, deadline).failure());
                relayed.countDown();
            } else {
                assertNull(e.receive(0, 0, 0, 1, MemorySegment.ofArray(word), 0, 1, Snapshots.RECEIVED).failure());
            }
            while (gone.getCount() == 2) {
                e.poke();
            }
            e.sayGoodbye();
        });
    }

    @Test
    void shouldReportTheRoute() {
        cluster(3, "self", MIDDLE).run((e, deadline) -> {
            String report = e.reportDevices();
            if (e.rank() == 0) {
                assertTrue(report.contains("0 -> 2: self through rank 1 on host "), report);
                assertTrue(report.contains("because rank 0 cannot reach rank 2, as the test wants"), report);
            }
        });
    }

    /** A gateway that is named polls although its program never calls the library; another rank is not asked. */
    @Test
    void shouldPassThroughANamedGatewayThatComputes() throws Exception {
        String host = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname")).strip();
        CountDownLatch done = new CountDownLatch(2);
        cluster(3, "self", MIDDLE, "gateway", "elsewhere," + host + ".some.domain").run((e, deadline) -> {
            byte[] word = {1};
            if (e.rank() == 1) {
                assertTrue(done.await(40, TimeUnit.SECONDS), "computes, and calls nothing");
            } else if (e.rank() == 0) {
                assertNull(sent(e, 2, 1, deadline).failure());
                done.countDown();
            } else {
                assertNull(e.receive(0, 0, 0, 1, MemorySegment.ofArray(word), 0, 1, Snapshots.RECEIVED).failure());
                done.countDown();
            }
        });
    }
}
