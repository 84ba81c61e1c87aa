package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.device.shm.ShmDeviceProvider;
import org.jadi.device.tcp.TcpDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An arena that is closed under a message fails that request, at its own rank; all other messages arrive as they should. */
@TimeLimit(60)
class ClosedMemoryTest {
    private static final List<DeviceProvider> ALL =
            List.of(new SelfDeviceProvider(), new ShmDeviceProvider(), new TcpDeviceProvider());

    @ParameterizedTest
    @CsvSource({"self, 300000", "shm, 300000", "tcp, 300000", "tcp, 100"})
    void shouldFailASendWhoseMemoryIsGone(String device, int bytes) {
        Map<String, String> config = Map.of("device", device, "eager.limitBytes", "64");
        AtomicBoolean closed = new AtomicBoolean();
        new InProcessCluster(2, Config.of(config), ALL, 20_000).run((e, deadline) -> {
            if (e.rank() == 0) {
                Request sent = new Request();
                Arena arena = Arena.ofShared();
                e.startSend(sent, SendMode.STANDARD, 0, 0, 1, 1, arena.allocate(bytes), 0, bytes);
                arena.close();
                closed.set(true);
                assertTrue(e.await(sent, deadline));
                assertNotNull(sent.failure());
                assertEquals(Failure.Kind.BUFFER, sent.failure().kind());
                Request next = new Request();
                e.startSend(next, SendMode.SYNCHRONOUS, 0, 0, 1, 2, MemorySegment.ofArray(new byte[] {42}), 0, 1);
                assertTrue(e.await(next, deadline));
                assertNull(next.failure());
            } else {
                while (!closed.get()) {
                    e.poke();
                }
                assertNull(receive(e, 1, new byte[bytes]).failure());
                byte[] next = new byte[1];
                assertNull(receive(e, 2, next).failure());
                assertEquals(42, next[0]);
            }
        });
    }

    /** The receiver fetches the data itself, and finds its own memory gone. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm"})
    void shouldFailAReceiveByGetWhoseMemoryIsGone(String device) {
        Map<String, String> config = Map.of("device", device, "get.thresholdBytes", "0", "eager.limitBytes", "0");
        AtomicBoolean closed = new AtomicBoolean();
        new InProcessCluster(2, Config.of(config), ALL, 20_000).run((e, deadline) -> {
            if (e.rank() == 0) {
                MemorySegment memory = e.memory().allocate(300_000);
                while (!closed.get()) {
                    e.poke();
                }
                Request sent = new Request();
                e.startSend(sent, SendMode.STANDARD, 0, 0, 1, 1, memory, 0, 300_000);
                assertTrue(e.await(sent, deadline));
                assertNull(sent.failure());
                e.memory().free(memory);
            } else {
                Arena arena = Arena.ofShared();
                Request posted = new Request();
                e.startReceivePiece(posted, 0, 0, 0, 1, arena.allocate(300_000), 0, 300_000);
                arena.close();
                closed.set(true);
                assertTrue(e.await(posted, deadline));
                assertNotNull(posted.failure());
                assertEquals(Failure.Kind.BUFFER, posted.failure().kind());
            }
        });
    }

    /** The data of a virtual thread's confined memory is copied by that thread; it is woken for it. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm"})
    void shouldWakeTheOwnerOfConfinedMemory(String device) {
        int messages = 40;
        long begin = System.nanoTime();
        new InProcessCluster(2, Config.of(Map.of("device", device)), ALL, 20_000).run((e, deadline) -> {
            Thread.ofVirtual().start(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment memory = arena.allocate(8);
                    for (int i = 0; i < messages; i++) {
                        if (e.rank() == 0) {
                            memory.set(ValueLayout.JAVA_LONG, 0, i);
                            Request r = e.send(SendMode.STANDARD, 0, 0, 1, 1, memory, 0, 8);
                            assertTrue(r == null || e.await(r, deadline));
                            e.receive(0, 1, 1, 2, memory, 0, 8, Snapshots.RECEIVED);
                        } else {
                            e.receive(0, 0, 0, 1, memory, 0, 8, Snapshots.RECEIVED);
                            Request r = e.send(SendMode.STANDARD, 0, 1, 0, 2, memory, 0, 8);
                            assertTrue(r == null || e.await(r, deadline));
                        }
                    }
                }
            }).join();
        });
        long ms = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(ms < 3000, "milliseconds for " + messages + " messages there and back: " + ms);
    }

    private static Request receive(Engine e, int tag, byte[] data) {
        return e.receive(0, 0, 0, tag, MemorySegment.ofArray(data), 0, data.length, Snapshots.RECEIVED);
    }
}
