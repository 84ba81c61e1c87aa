package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.testkit.InProcessCluster;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.decorate.Decorated;
import org.jadi.testkit.decorate.ToyRegistration;
import org.junit.jupiter.api.Test;

/** What the engine makes of optional abilities, and of peers that are lost. */
@TimeLimit(60)
class EngineHooksTest {
    private static final Config CONFIG = Config.of(Map.of("device", "self"));

    /** Memory of persistent requests is made known to the device that serves the peer, or to all, and given back. */
    @Test
    void shouldRegisterMemory() {
        List<Device> opened = new CopyOnWriteArrayList<>();
        DeviceProvider provider = Decorated.watch(Decorated.registration(self()), opened::add);
        new InProcessCluster(1, CONFIG, List.of(provider), 10_000).run((engine, deadlineNs) -> {
            ToyRegistration device = (ToyRegistration) opened.get(0);
            Runnable one = engine.memory().register(0, MemorySegment.ofArray(new byte[10]));
            Runnable all = engine.memory().register(Request.ANY, MemorySegment.ofArray(new byte[10]));
            assertEquals(2, device.live());
            one.run();
            all.run();
            assertEquals(0, device.live());
        });
    }

    /** Every request that needs a lost peer ends with the reason; what concerns the living goes on. */
    @Test
    void shouldEndRequestsOfALostPeer() {
        DeviceProvider failing = Decorated.fail(self(), 1, 40);
        new InProcessCluster(3, CONFIG, List.of(failing), 20_000).run((engine, deadlineNs) -> {
            if (engine.rank() == 1) {
                return;
            }
            int other = 2 - engine.rank();
            Request expected = receive(engine, 1, 5);
            Request unanswered = send(engine, SendMode.SYNCHRONOUS, 1, 6);
            Request last = null;
            for (int i = 0; i < 60; i++) {
                last = send(engine, SendMode.STANDARD, 1, 7);
                engine.poke();
            }
            for (Request lost : List.of(expected, unanswered, last)) {
                assertTrue(engine.await(lost, deadlineNs), () -> "still waits for the dead: " + lost);
                assertNotNull(lost.failure(), () -> "completed well: " + lost);
                assertEquals(Failure.Kind.PEER_FAILED, lost.failure().kind());
            }
            assertNotNull(engine.failureOf(1));
            assertNull(engine.failureOf(other));
            Request there = send(engine, SendMode.SYNCHRONOUS, other, 8);
            Request back = receive(engine, other, 8);
            assertTrue(engine.await(back, deadlineNs) && engine.await(there, deadlineNs));
            assertNull(back.failure());
            assertNull(there.failure());
        });
    }

    private static Request send(Engine engine, int mode, int to, int tag) {
        Request request = new Request();
        request.operation = "isend";
        engine.startSend(request, mode, 1, engine.rank(), to, tag, MemorySegment.ofArray(new byte[8]), 0, 8);
        return request;
    }

    private static Request receive(Engine engine, int from, int tag) {
        Request request = new Request();
        request.operation = "irecv";
        engine.startReceivePiece(request, 1, from, from, tag, MemorySegment.ofArray(new byte[8]), 0, 8);
        return request;
    }

    private static DeviceProvider self() {
        return ServiceLoader.load(DeviceProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("self")).findFirst().orElseThrow();
    }
}
