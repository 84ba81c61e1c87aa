package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.PackPlan;
import org.jadi.adi.request.Request;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.Test;

/** What was spent is given back once, and what was queued leaves nothing behind. */
@TimeLimit(60)
class CreditTest {
    private static final List<DeviceProvider> NODE = List.of(new SelfDeviceProvider(), new ShmDeviceProvider());
    private static final long THREE_GIB = 3L << 30;

    /** An offer costs no credit, so that to refuse it must not give any. */
    @Test
    void shouldGiveNoCreditForARefusedOffer() {
        run(2, Map.of("device", "self", "eager.creditBytes", "256"), (e, deadline) -> {
            if (e.rank() == 1) {
                Request offered = send(e, SendMode.SYNCHRONOUS, 5, 0, 1, new byte[8]);
                assertTrue(e.await(offered, deadline));
                send(e, SendMode.STANDARD, 0, 0, 2, new byte[1]);
                while (!e.describe().contains("credit=")) {
                    e.poke();
                }
                long end = System.nanoTime() + 200_000_000;
                while (System.nanoTime() < end) {
                    e.poke();
                }
                assertTrue(e.describe().contains("credit=256\n"), e.describe());
                return;
            }
            assertNotNull(e.probe(5, 1, 1, 1, false, deadline));
            e.discard(5);
            Request r = receive(e, 0, 1, 2, new byte[1]);
            assertTrue(e.await(r, deadline));
        });
    }

    /** A message that was to be offered, found no room, and then had credit after all, has no entry in the table left. */
    @Test
    void shouldForgetOffersThatWereNotMade() {
        int messages = 200;
        AtomicBoolean gone = new AtomicBoolean();
        run(2, Map.of("device", "self", "self.ringBytes", "1k", "eager.creditBytes", "256"), (e, deadline) -> {
            List<Request> all = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                all.add(e.rank() == 0 ? send(e, SendMode.STANDARD, 0, 1, i, new byte[8]) : receive(e, 0, 0, i, new byte[8]));
            }
            for (Request r : all) {
                assertTrue(e.await(r, deadline));
            }
            if (e.rank() == 0) {
                assertFalse(e.describe().contains("under way"), e.describe());
                gone.set(true);
            }
        });
        assertTrue(gone.get());
    }

    /** What cannot be held in one array is offered, whatever the limits say. */
    @Test
    void shouldOfferWhatNoArrayCanHold() {
        run(2, Map.of("device", "self", "eager.limitBytes", "8g", "eager.totalBytes", "64g"), (e, deadline) -> {
            Request r = new Request();
            if (e.rank() == 0) {
                e.startSendPiece(r, SendMode.STANDARD, 0, 0, 1, 7, new Nothing(THREE_GIB));
            } else {
                assertNotNull(e.probe(0, 0, 0, 7, false, deadline));
                e.startReceivePiece(r, 0, 0, 0, 7, new Nothing(THREE_GIB));
            }
            assertTrue(e.await(r, deadline));
            assertNull(r.failure());
            assertEquals(e.rank() == 0 ? 0 : THREE_GIB, r.statusBytes);
        });
    }

    /** A control packet for which a lost peer has no room keeps nobody from his end. */
    @Test
    void shouldNotKeepWhatALostPeerHasNoRoomFor() {
        CountDownLatch done = new CountDownLatch(1);
        run(2, Map.of("device", "shm,self", "shm.ringBytes", "1k", "eager.creditBytes", "4k"), (e, deadline) -> {
            if (e.rank() == 1) {
                for (int i = 0; i < 8; i++) {
                    send(e, SendMode.STANDARD, 0, 0, 1, new byte[1000]);
                    e.flush(deadline);
                }
                assertTrue(done.await(30, TimeUnit.SECONDS)); // it must not poll meanwhile
                return;
            }
            try {
                while (count(e, "unexpected") < 8) {
                    e.poke();
                }
                for (int i = 0; i < 100; i++) {
                    e.sendControl(1, 0xffL, 0, 0, 0); // rank 1 sleeps: the ring, then the queue
                }
                assertFalse(e.flush(System.nanoTime() + 1_000_000));
                e.abandon("the test says so");
                e.poke();
                for (int i = 0; i < 8; i++) {
                    assertTrue(e.await(receive(e, 0, 1, 1, new byte[1000]), deadline));
                }
                assertTrue(e.flush(System.nanoTime() + 2_000_000_000L), e.describe());
            } finally {
                done.countDown();
            }
        });
    }

    private static int count(Engine e, String word) {
        return e.describe().split(word, -1).length - 1;
    }

    private static void run(int ranks, Map<String, String> config, InProcessCluster.Body body) {
        new InProcessCluster(ranks, Config.of(config), NODE, 30_000).run(body);
    }

    private static Request send(Engine e, int mode, int context, int to, int tag, byte[] data) {
        Request r = new Request();
        r.operation = "isend";
        e.startSend(r, mode, context, e.rank(), to, tag, MemorySegment.ofArray(data), 0, data.length);
        return r;
    }

    private static Request receive(Engine e, int context, int from, int tag, byte[] data) {
        Request r = new Request();
        r.operation = "irecv";
        e.startReceivePiece(r, context, from, from, tag, MemorySegment.ofArray(data), 0, data.length);
        return r;
    }

    /** Memory of a size that nobody has. */
    private record Nothing(long bytes) implements PackPlan {
        @Override
        public void pack(long first, MemorySegment target, long targetOffset, int length) {}

        @Override
        public void unpack(long first, MemorySegment source, long sourceOffset, int length) {}
    }
}
