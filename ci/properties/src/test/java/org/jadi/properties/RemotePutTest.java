package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.adi.config.Config;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.packet.PacketHeader;
import org.jadi.adi.request.Request;
import org.jadi.device.self.SelfDeviceProvider;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.Test;

/** A packet type of one's own: its handler writes into memory at the target and enqueues work there, an answer. */
@TimeLimit(30)
class RemotePutTest {
    private static final int PUT = PacketHeader.FIRST_FREE_TYPE;
    private static final int DONE = PUT + 1;
    private static final int PUTS = 1000;

    @Test
    void shouldPutWithoutTheTargetReceiving() {
        new InProcessCluster(2, Config.of(Map.of("self.ringBytes", "4k")), List.of(new SelfDeviceProvider()), 20_000).run((e, deadline) -> {
            MemorySegment window = MemorySegment.ofArray(new long[PUTS]);
            AtomicInteger answers = new AtomicInteger();
            e.register(PUT, (rank, h0, h1, at, id, payload, offset, length) -> {
                MemorySegment.copy(payload, offset, window, at, length);
                e.sendControl(rank, PacketHeader.h0(DONE, 0, 0), 0, 0, id);
            });
            e.register(DONE, (rank, h0, h1, h2, id, payload, offset, length) -> answers.incrementAndGet());
            int peer = 1 - e.rank();
            MemorySegment word = MemorySegment.ofArray(new long[1]);
            for (int i = 0; i < PUTS; i++) {
                word.set(ValueLayout.JAVA_LONG, 0, value(e.rank(), i));
                while (!e.trySendPacket(peer, PacketHeader.h0(PUT, 0, 0), 0, i * 8L, i, word, 0, 8)) {
                    e.poke();
                }
            }
            e.awaitAny(() -> answers.get() == PUTS, new Request[0], deadline);
            barrier(e, deadline);
            for (int i = 0; i < PUTS; i++) {
                assertEquals(value(peer, i), window.getAtIndex(ValueLayout.JAVA_LONG, i), "word " + i);
            }
        });
    }

    private static long value(int rank, int i) {
        return (rank + 1) * 1_000_000L + i;
    }

    private static void barrier(Engine e, long deadline) {
        MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
        Request send = e.send(0, 2, e.rank(), 1 - e.rank(), 0, nothing, 0, 0);
        e.receive(2, 1 - e.rank(), 1 - e.rank(), 0, nothing, 0, 0, Snapshots.RECEIVED);
        if (send != null) {
            e.await(send, deadline);
        }
    }
}
