package org.jadi.device.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.InboundHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets on a standing connection: order, integrity, back-pressure. */
@Timeout(60)
class TcpTransferTest {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);
    private static final int PACKETS = 100_000;

    /** One direction of the traffic: sends packets of random size and checks those that arrive. */
    private static final class Flow implements InboundHandler {
        final SplittableRandom sizes;
        final SplittableRandom expected;
        final MemorySegment memory;
        final int most;
        final int total;
        int sent;
        int length = -1;
        int received;

        Flow(long seed, int most, int total, MemorySegment memory) {
            sizes = new SplittableRandom(seed);
            expected = new SplittableRandom(seed);
            this.most = most;
            this.total = total;
            this.memory = memory;
        }

        static int size(SplittableRandom random, int most) {
            return random.nextInt(8) == 0 ? random.nextInt(most + 1) : random.nextInt(Math.min(most, 200));
        }

        void push(Endpoint to) {
            while (sent < total) {
                if (length < 0) {
                    length = size(sizes, most);
                    for (int i = 0; i < length; i++) {
                        memory.set(ValueLayout.JAVA_BYTE, 3 + i, (byte) (sent * 31 + i));
                    }
                }
                int answer = length == 0 && sent % 2 == 0
                        ? to.trySendControl(sent, ~sent, 7, -7)
                        : to.trySend(sent, ~sent, 7, -7, memory, 3, length);
                if (answer == Endpoint.NO_ROOM) {
                    return;
                }
                assertEquals(Endpoint.SENT, answer);
                memory.fill((byte) 99);
                length = -1;
                sent++;
            }
        }

        @Override
        public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int n) {
            assertEquals(received, h0);
            assertEquals(~(long) received, h1);
            assertEquals(7, h2);
            assertEquals(-7, h3);
            assertEquals(size(expected, most), n);
            for (int i = 0; i < n; i++) {
                if (payload.get(ValueLayout.JAVA_BYTE, offset + i) != (byte) (received * 31 + i)) {
                    throw new AssertionError("packet " + received + " byte " + i + " of " + n);
                }
            }
            received++;
        }

        @Override
        public void onPeerFailed(int rank, String reason) {
            throw new AssertionError(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "tinySelector", "default", "defaultNative", "noBatch"})
    void shouldKeepOrderAndBytesBothWays(String kind) {
        Map<String, String> tiny = Map.of("tcp.maxPayloadBytes", "1000", "tcp.receiveBufferBytes", "0", "tcp.sendBufferBytes", "0",
                "tcp.socketBufferBytes", "128k", "tcp.directBytes", "500");
        Map<String, String> values = switch (kind) {
            case "tiny" -> tiny;
            case "tinySelector" -> {
                Map<String, String> m = new java.util.HashMap<>(tiny);
                m.put("tcp.pollLimit", "0");
                yield m;
            }
            case "noBatch" -> Map.of("tcp.batchTime", "0s");
            default -> Map.of();
        };
        int total = kind.startsWith("tiny") ? PACKETS : PACKETS / 5;
        long seed = System.nanoTime();
        System.out.println(kind + " seed=" + seed);
        List<TestRank> ranks = TestRank.open(2, values);
        try (TestRank a = ranks.get(0); TestRank b = ranks.get(1); Arena arena = Arena.ofConfined()) {
            int most = a.device.limits().maxPayloadBytes();
            boolean heap = !kind.contains("Native") && !kind.startsWith("tiny");
            Flow ab = new Flow(seed, most, total, heap ? MemorySegment.ofArray(new byte[most + 3]) : arena.allocate(most + 3));
            Flow ba = new Flow(seed + 1, most, total, MemorySegment.ofArray(new byte[most + 3]));
            a.sink = ba;
            b.sink = ab;
            Endpoint toB = a.device.connect(1);
            Endpoint toA = b.device.connect(0);
            long deadline = System.nanoTime() + 50_000_000_000L;
            while (ab.received < total || ba.received < total) {
                ab.push(toB);
                a.device.progress();
                ba.push(toA);
                b.device.progress();
                assertTrue(System.nanoTime() - deadline < 0, () -> "received " + ab.received + " and " + ba.received);
            }
            assertEquals(0, a.device.progress() + b.device.progress());
            assertFalse(a.device.hasUnflushed() || b.device.hasUnflushed());
        }
    }

    @Test
    void shouldAnswerNoRoomAndStillTakeControlPackets() {
        List<TestRank> ranks = TestRank.open(2, Map.of("tcp.maxPayloadBytes", "1000", "tcp.receiveBufferBytes", "0",
                "tcp.sendBufferBytes", "0", "tcp.socketBufferBytes", "4096"));
        try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
            Endpoint to = a.device.connect(1);
            MemorySegment data = MemorySegment.ofArray(new byte[1000]);
            TestRank.until("connected", () -> to.trySendControl(0, 0, 0, 0) == Endpoint.SENT, a, b);
            int sent = 0;
            for (int refused = 0; refused < 1000;) {
                if (to.trySend(1, sent, 0, 0, data, 0, 1000) == Endpoint.SENT) {
                    sent++;
                    refused = 0;
                } else {
                    refused++;
                    a.device.progress();
                }
            }
            assertTrue(a.device.hasUnflushed());
            for (int i = 0; i < TcpOutput.CONTROL_RESERVE_BYTES / TcpFrame.PREFIX_BYTES; i++) {
                assertEquals(Endpoint.SENT, to.trySendControl(2, i, 0, 0));
            }
            int late = 0; // what the system has made room for meanwhile
            while (to.trySend(1, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT) {
                late++;
            }
            int expected = 1 + sent + late + TcpOutput.CONTROL_RESERVE_BYTES / TcpFrame.PREFIX_BYTES;
            TestRank.until("all arrive", () -> b.packets.size() == expected, a, b);
            assertFalse(a.device.hasUnflushed());
        }
    }

    @Test
    void shouldDeliverWhatQuickSendsLeftWithoutTheSendersProgress() {
        List<TestRank> ranks = TestRank.open(2, Map.of("tcp.batchTime", "10s"));
        try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
            Endpoint to = a.device.connect(1);
            TestRank.until("connected", () -> to.trySendControl(0, 0, 0, 0) == Endpoint.SENT, a, b);
            for (int i = 0; i < 10; i++) {
                assertEquals(Endpoint.SENT, to.trySend(i, 0, 0, 0, NONE, 0, 0));
            }
            assertTrue(a.device.hasUnflushed());
            TestRank.until("the watcher writes", () -> b.packets.size() == 11, b);
            assertFalse(a.device.hasUnflushed());
        }
    }

    @Test
    void shouldServeManyPeersThroughTheSelector() {
        List<TestRank> ranks = TestRank.open(12, Map.of("tcp.pollLimit", "4"));
        TestRank[] all = ranks.toArray(TestRank[]::new);
        for (TestRank from : all) {
            for (TestRank to : all) {
                if (from != to) {
                    Endpoint e = from.device.connect(to.rank());
                    TestRank.until("sent", () -> e.trySend(from.rank(), 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, all);
                }
            }
        }
        for (TestRank r : all) {
            TestRank.until("all to all", () -> r.packets.size() == all.length - 1, all);
            assertEquals(Map.of(), r.failures);
        }
        ranks.forEach(TestRank::close);
    }
}
