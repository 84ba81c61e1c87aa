package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.Stacks;
import org.junit.jupiter.api.Test;

/** Progress polls once: bounded, never blocking, and says whether there was work. */
public interface ProgressContract extends Bench {
    /** More packets in one poll than this is not bounded. */
    int MOST_PER_POLL = 20_000;

    /** How the names of the threads begin that devices start. */
    String DEVICE_THREADS = "jadi-";

    /** Work is reported when a packet is delivered, and nothing once all is quiet. */
    @Test
    default void shouldReturnTheAmountOfWork() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        group.pumpUntil("quiet", () -> quiet(group));
        group.sendControl(lane);
        long before = group.inbox(1).arrived();
        group.pumpUntil("arrived, and progress said so", () -> {
            group.device(0).progress();
            long had = group.inbox(1).arrived();
            int work = group.device(1).progress();
            assertTrue(group.inbox(1).arrived() == had || work > 0, "a packet was delivered, but progress returned " + work);
            return group.inbox(1).arrived() > before;
        });
        group.pumpUntil("quiet again", () -> quiet(group));
    }

    /** Delivery happens inside progress only, not in a thread of the device's. */
    @Test
    default void shouldDeliverInsideProgressOnly() throws Exception {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        Set<Thread> deliverers = ConcurrentHashMap.newKeySet();
        group.inbox(1).tap((rank, h0, h1, h2, h3, payload, offset, length) -> {
            deliverers.add(Thread.currentThread());
            return false;
        });
        for (int round = 0; round < 20; round++) {
            group.sendControl(lane);
            // The packet is out, and rank 1 does not poll: a thread that would deliver it does so before it sleeps again.
            Eventually.until("sent, and the device's threads sleep", Duration.ofSeconds(20), () -> {
                group.device(0).progress();
                return !group.device(0).hasUnflushed() && Eventually.areAsleep(DEVICE_THREADS);
            }, () -> group + Stacks.all());
            group.settle();
        }
        assertEquals(Set.of(Thread.currentThread()), deliverers);
    }

    /** A sender that never stops cannot keep one poll going. */
    @Test
    default void shouldTakeABoundedNumberOfPackets() throws InterruptedException {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        AtomicBoolean stop = new AtomicBoolean();
        MemorySegment memory = MemorySegment.ofArray(new byte[8]);
        Payload.fill(memory, 0, 8, 3);
        Thread sender = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                if (lane.trySend(memory, 0, 8, 3) != Endpoint.SENT) {
                    group.device(0).progress();
                }
            }
        });
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long most = 0;
        while (System.nanoTime() < end) {
            long before = group.inbox(1).arrived();
            group.device(1).progress();
            most = Math.max(most, group.inbox(1).arrived() - before);
        }
        stop.set(true);
        sender.join();
        group.settle();
        assertTrue(most > 0 && most <= MOST_PER_POLL, "packets in one poll: most=" + most);
    }

    /** An idle poll returns at once. */
    @Test
    default void shouldNotBlockWhenIdle() {
        DeviceGroup group = wired(2);
        group.lane(0, 1);
        long start = System.nanoTime();
        for (int i = 0; i < 2000; i++) {
            group.device(1).progress();
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(tookMs < 4000, "2000 idle polls took ms=" + tookMs);
    }

    /** What was accepted is out of danger once progress has worked it off. */
    @Test
    default void shouldFlush() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        int length = Math.min(1000, group.device(0).limits().maxPayloadBytes());
        MemorySegment memory = MemorySegment.ofArray(new byte[length]);
        Payload.fill(memory, 0, length, 11);
        for (int i = 0; i < 200; i++) {
            group.send(lane, memory, 0, length, 11);
        }
        group.settle();
        group.pumpUntil("flushed", () -> !group.device(0).hasUnflushed());
        assertFalse(group.device(0).hasUnflushed());
    }

    private static boolean quiet(DeviceGroup group) {
        int idle = 0;
        for (int i = 0; i < 50 && idle == i; i++) {
            idle += group.pump() == 0 ? 1 : 0;
        }
        return idle == 50;
    }
}
