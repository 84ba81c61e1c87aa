package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.device.tcp.TcpDeviceProvider;
import org.jadi.device.ucx.UcxDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Installed;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for a rank that has said goodbye learns of it, whatever kind of wait it is; what it sent still arrives. */
@TimeLimit(60)
class PeerLossTest {
    private static final List<DeviceProvider> ALL =
            List.of(new SelfDeviceProvider(), new ShmDeviceProvider(), new TcpDeviceProvider(), new UcxDeviceProvider());

    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp", "ucx"})
    void shouldFailWhatWaitsForARankThatSaidGoodbye(String device) {
        Assumptions.assumeTrue(!device.equals("ucx") || Installed.hasLibrary("libucp.so.0"), "UCX is not installed");
        new InProcessCluster(2, Config.of(Map.of("device", device)), ALL, 30_000).run((e, deadline) -> {
            byte[] word = {42};
            if (e.rank() == 1) {
                Request sent = e.send(SendMode.STANDARD, 0, 1, 0, 7, MemorySegment.ofArray(word), 0, 1);
                assertTrue(sent == null || e.await(sent, deadline) && sent.failure() == null);
                e.receive(0, 0, 0, 1, MemorySegment.ofArray(new byte[1]), 0, 1, Snapshots.RECEIVED);
                e.sayGoodbye();
                return;
            }
            Request posted = new Request();
            posted.operation = "irecv";
            e.startReceivePiece(posted, 0, 1, 1, 99, MemorySegment.ofArray(new byte[1]), 0, 1);
            Request offered = new Request();
            e.startSend(offered, SendMode.SYNCHRONOUS, 0, 0, 1, 98, MemorySegment.ofArray(word), 0, 1);
            e.send(SendMode.STANDARD, 0, 0, 1, 1, MemorySegment.ofArray(word), 0, 1);
            assertLost(e, posted, deadline);
            assertLost(e, offered, deadline);
            byte[] got = new byte[1];
            assertNull(e.receive(0, 1, 1, 7, MemorySegment.ofArray(got), 0, 1, Snapshots.RECEIVED).failure(),
                    "sent before the goodbye");
            assertEquals(42, got[0]);
            Request late = e.receive(0, 1, 1, 7, MemorySegment.ofArray(got), 0, 1, Snapshots.RECEIVED);
            assertLost(e, late, deadline);
            assertNull(e.probe(0, 1, 1, 7, false, deadline));
            assertNotNull(e.failureOf(1));
            Request inVain = e.send(SendMode.STANDARD, 0, 0, 1, 1, MemorySegment.ofArray(word), 0, 1);
            assertNotNull(inVain, "a small message to it goes nowhere");
            assertLost(e, inVain, deadline);
        });
    }

    private static void assertLost(Engine e, Request request, long deadline) {
        assertTrue(e.await(request, deadline), request.toString());
        assertEquals(State.FAILED, request.state());
        assertEquals(Failure.Kind.PEER_FAILED, request.failure().kind());
        assertTrue(request.failure().message().contains("rank 1 has closed the library"), request.failure().message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp"})
    void shouldFailWhatIsStartedAfterAllWereGivenUp(String device) {
        new InProcessCluster(2, Config.of(Map.of("device", device)), ALL, 30_000).run((e, deadline) -> {
            e.abandon("the job is over");
            byte[] word = {42};
            Request any = new Request();
            Request known = new Request();
            Request sent = new Request();
            // Whether the poller has heard of the end already or not.
            e.startReceivePiece(any, 0, Request.ANY, Request.ANY, 1, MemorySegment.ofArray(new byte[1]), 0, 1);
            assertOver(e, any, deadline);
            e.startReceivePiece(known, 0, 1 - e.rank(), 1 - e.rank(), 1, MemorySegment.ofArray(new byte[1]), 0, 1);
            assertOver(e, known, deadline);
            e.startSend(sent, SendMode.STANDARD, 0, e.rank(), 1 - e.rank(), 1, MemorySegment.ofArray(word), 0, 1);
            assertOver(e, sent, deadline);
            Request late = new Request();
            e.startReceivePiece(late, 0, Request.ANY, Request.ANY, 1, MemorySegment.ofArray(new byte[1]), 0, 1);
            assertOver(e, late, deadline);
            assertNull(e.probe(0, Request.ANY, Request.ANY, 1, false, deadline));
            assertNotNull(e.failureOf(Request.ANY));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp"})
    void shouldEndAThreadThatWaitsWhenTheEngineIsClosed(String device) {
        CountDownLatch posting = new CountDownLatch(2); // who closes before the other is wired takes its segment away
        new InProcessCluster(2, Config.of(Map.of("device", device)), ALL, 30_000).run((e, deadline) -> {
            Request posted = new Request();
            e.startReceivePiece(posted, 0, 1 - e.rank(), 1 - e.rank(), 1, MemorySegment.ofArray(new byte[1]), 0, 1);
            Thread waiter = Thread.ofPlatform().start(() -> e.await(posted, deadline));
            posting.countDown();
            assertTrue(posting.await(20, TimeUnit.SECONDS));
            e.close();
            waiter.join(java.time.Duration.ofSeconds(10));
            assertEquals(Thread.State.TERMINATED, waiter.getState());
            assertOver(e, posted, deadline);
        });
    }

    private static void assertOver(Engine e, Request request, long deadline) {
        assertTrue(e.await(request, deadline), request.toString());
        assertEquals(State.FAILED, request.state());
        assertEquals(Failure.Kind.PEER_FAILED, request.failure().kind());
    }
}
