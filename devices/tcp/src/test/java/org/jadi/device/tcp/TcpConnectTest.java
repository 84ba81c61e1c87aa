package org.jadi.device.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.SleepSource;
import org.jadi.bootstrap.JobSecret;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.contract.HandshakeAuthenticator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections begin and end between ranks of a job. */
@Timeout(60)
class TcpConnectTest {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

    @Test
    void shouldKeepOneConnectionWhenBothConnectAtOnce() throws Exception {
        connectAtOnce("250ms");
    }

    /** The peer turns all attempts away but one; that one must not be given up with the others. */
    @Test
    void shouldKeepOneConnectionWhenAllAddressesAreTriedAtOnce() throws Exception {
        connectAtOnce("0s");
    }

    private static void connectAtOnce(String stagger) throws Exception {
        for (int round = 0; round < 200; round++) {
            List<TestRank> ranks = TestRank.open(2,
                    Map.of("tcp.maxPayloadBytes", "1000", "tcp.receiveBufferBytes", "0", "tcp.stagger", stagger));
            try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
                Thread other = Thread.ofPlatform().start(() -> exchange(b, 0));
                exchange(a, 1);
                other.join();
                TestRank.until("both have all", () -> a.packets.size() == 5 && b.packets.size() == 5, a, b);
                for (TestRank r : ranks) {
                    long next = 0;
                    for (TestRank.Packet p : r.packets) {
                        assertEquals(next++, p.h0());
                    }
                    assertEquals(Map.of(), r.failures);
                    assertEquals("tcp with 1 connections", r.device.toString());
                }
            }
        }
    }

    private static void exchange(TestRank me, int peer) {
        Endpoint to = me.device.connect(peer);
        assertSame(to, me.device.connect(peer));
        for (int i = 0; i < 5; i++) {
            int n = i;
            TestRank.until("sent", () -> to.trySend(n, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, me);
        }
    }

    @Test
    void shouldReportAPeerThatIsLostAndWhatItSentBefore() {
        List<TestRank> ranks = TestRank.open(2, Map.of());
        try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
            Endpoint to = a.device.connect(1);
            Endpoint back = b.device.connect(0);
            TestRank.until("connected", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
            TestRank.until("sent", () -> back.trySend(5, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, b);
            TestRank.until("flushed", () -> !b.device.hasUnflushed(), b);
            b.device.close();
            TestRank.until("failed", () -> a.failures.containsKey(1), a);
            assertTrue(a.failures.get(1).contains("between rank 0 and rank 1"), a.failures.get(1));
            assertEquals(5, a.packets.peek().h0());
            assertEquals(Endpoint.FAILED, to.trySend(0, 0, 0, 0, NONE, 0, 0));
            assertEquals(Endpoint.FAILED, to.trySendControl(0, 0, 0, 0));
        }
    }

    @Test
    void shouldNotLoseWrittenBytesWhenClosingWithUnreadInput() {
        for (int round = 0; round < 20; round++) {
            List<TestRank> ranks = TestRank.open(2, Map.of());
            try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
                Endpoint to = a.device.connect(1);
                Endpoint back = b.device.connect(0);
                TestRank.until("connected", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
                MemorySegment data = MemorySegment.ofArray(new byte[60_000]);
                TestRank.until("data", () -> back.trySend(1, 0, 0, 0, data, 0, 60_000) == Endpoint.SENT, b);
                TestRank.until("more", () -> to.trySend(1, 0, 0, 0, data, 0, 60_000) == Endpoint.SENT, a);
                TestRank.until("flushed", () -> !b.device.hasUnflushed(), b);
                b.device.close();
                TestRank.until("failed", () -> a.failures.containsKey(1), a);
                assertEquals(1, a.packets.size());
                assertEquals(60_000, a.packets.peek().payload().length);
            }
        }
    }

    @Test
    void shouldTryTheNextAddress() throws IOException {
        TestRank.Job job = new TestRank.Job(2);
        try (TestRank a = new TestRank(job, 0, Map.of()); TestRank b = new TestRank(job, 1, Map.of())) {
            publish(job, 1, b.port(), "127.0.0.2", "127.0.0.3", "127.0.0.1");
            Endpoint to = a.device.connect(1);
            TestRank.until("sent", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
            TestRank.until("arrived", () -> b.packets.size() == 1, a, b);
            assertEquals(Map.of(), a.failures);
        }
    }

    @Test
    void shouldNameEveryAddressThatFailed() throws IOException {
        TestRank.Job job = new TestRank.Job(2);
        try (TestRank a = new TestRank(job, 0, Map.of())) {
            publish(job, 1, closedPort(), "127.0.0.2", "127.0.0.1");
            Endpoint to = a.device.connect(1);
            TestRank.until("failed", () -> a.failures.containsKey(1), a);
            String reason = a.failures.get(1);
            for (String part : List.of("rank 0 cannot reach rank 1", "127.0.0.2 port", "127.0.0.1 port", "refused", "firewall")) {
                assertTrue(reason.contains(part), reason);
            }
            assertEquals(Endpoint.NO_ROOM, to.trySend(0, 0, 0, 0, NONE, 0, 0));
        }
    }

    @Test
    void shouldTakeThePeersCallWhenItsOwnFails() throws IOException {
        TestRank.Job job = new TestRank.Job(2);
        try (TestRank a = new TestRank(job, 0, Map.of()); TestRank b = new TestRank(job, 1, Map.of())) {
            byte[] real = job.addresses().get(1);
            publish(job, 1, closedPort(), "127.0.0.1");
            Endpoint to = a.device.connect(1);
            Endpoint back = b.device.connect(0);
            TestRank.until("sent", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
            TestRank.until("sent", () -> back.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
            TestRank.until("arrived", () -> b.packets.size() == 1 && a.packets.size() == 1, a, b);
            job.addresses().put(1, real);
        }
    }

    @Test
    void shouldGiveUpASilentAddressInTime() throws IOException {
        TestRank.Job job = new TestRank.Job(2);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                TestRank a = new TestRank(job, 0, Map.of("tcp.answerTimeout", "200ms"))) {
            publish(job, 1, silent.getLocalPort(), "127.0.0.1");
            a.device.connect(1);
            TestRank.until("failed", () -> a.failures.containsKey(1), a);
            assertTrue(a.failures.get(1).contains("no answer in time"), a.failures.get(1));
        }
    }

    @Test
    void shouldNameBothVersionsOfAnotherProtocol() {
        TestRank.Job job = new TestRank.Job(2);
        try (TestRank a = new TestRank(job, 0, Map.of());
                TestRank b = new TestRank(job, 1, Map.of(), new HandshakeAuthenticator(job.secret(), "job", 1, 6))) {
            a.device.connect(1);
            TestRank.until("failed", () -> a.failures.containsKey(1), a, b);
            assertTrue(a.failures.get(1).contains("ours=1 theirs=7"), a.failures.get(1));
            byte[] address = job.addresses().get(1);
            address[0] = 9;
            job.addresses().put(1, address);
            assertTrue(a.device.refusal(1).contains("ours=1 theirs=9"), a.device.refusal(1));
        }
    }

    @Test
    void shouldRefuseAnotherJobsSecret() {
        TestRank.Job job = new TestRank.Job(2);
        try (TestRank a = new TestRank(job, 0, Map.of());
                TestRank b = new TestRank(job, 1, Map.of(), new HandshakeAuthenticator(JobSecret.random(), "job", 1, 0))) {
            a.device.connect(1);
            TestRank.until("failed", () -> a.failures.containsKey(1), a, b);
            assertTrue(a.failures.get(1).contains("secret"), a.failures.get(1));
            assertEquals(Map.of(), b.failures);
            assertTrue(b.lines.stream().anyMatch(l -> l.contains("its proof is wrong")), b.lines.toString());
        }
    }

    @Test
    void shouldRefuseWhoCannotBeServed() {
        TestRank.Job job = new TestRank.Job(3);
        try (TestRank a = new TestRank(job, 0, Map.of()); TestRank b = new TestRank(job, 1, Map.of("tcp.maxPayloadBytes", "32k"))) {
            assertEquals("serves other ranks only", a.device.refusal(0));
            assertEquals("is not open at rank 2", a.device.refusal(2));
            assertTrue(a.device.refusal(1).contains("ours=65408 theirs=32768"), a.device.refusal(1));
            job.addresses().put(2, new byte[] {1, 0, 3});
            assertTrue(a.device.refusal(2).contains("malformed"), a.device.refusal(2));
            assertEquals(1, b.rank());
        }
    }

    @RepeatedTest(20)
    void shouldRingWhenSomethingArrivesDuringSleep() throws Exception {
        List<TestRank> ranks = TestRank.open(2, Map.of());
        try (TestRank a = ranks.get(0); TestRank b = ranks.get(1)) {
            Endpoint to = a.device.connect(1);
            SleepSource sleep = b.device.capability(SleepSource.class);
            TestRank.until("sent", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
            TestRank.until("arrived", () -> b.packets.size() == 1, b);
            for (int i = 0; i < 50; i++) {
                b.rings.drainPermits();
                assertTrue(sleep.arm());
                TestRank.until("sent", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a);
                TestRank.until("flushed", () -> !a.device.hasUnflushed(), a);
                assertTrue(b.rings.tryAcquire(5, TimeUnit.SECONDS), "no ring in round " + i);
                sleep.disarm();
                int have = i + 2;
                TestRank.until("arrived", () -> b.packets.size() == have, b);
            }
            assertTrue(sleep.arm());
            sleep.disarm();
            b.rings.drainPermits();
            TestRank.until("sent", () -> to.trySend(0, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a);
            TestRank.until("flushed", () -> !a.device.hasUnflushed(), a);
            Eventually.until("the watchers sleep, whatever has arrived", Duration.ofSeconds(20), () -> Eventually.areAsleep("jadi-tcp-"));
            assertTrue(!b.rings.tryAcquire(20, TimeUnit.MILLISECONDS), "rang though disarmed");
        }
    }

    @Test
    void shouldOfferSleepOnly() {
        TestRank.Job job = new TestRank.Job(1);
        try (TestRank a = new TestRank(job, 0, Map.of())) {
            assertNull(a.device.capability(org.jadi.adi.device.RemoteMemory.class));
            assertTrue(a.device.capability(SleepSource.class).arm());
        }
    }

    private static void publish(TestRank.Job job, int rank, int port, String... hosts) {
        List<InetAddress> list = java.util.Arrays.stream(hosts).map(InetAddress::ofLiteral).toList();
        job.addresses().put(rank, new TcpAddress(TcpFrame.VERSION, port, 65408, new byte[16], list).encode());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket s = new ServerSocket(0)) {
            return s.getLocalPort();
        }
    }
}
