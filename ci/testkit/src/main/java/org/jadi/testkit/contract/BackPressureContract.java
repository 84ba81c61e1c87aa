package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Back-pressure is an answer: nothing is taken, nothing is lost, and control packets still get through. */
public interface BackPressureContract extends Bench {
    /** More than any device may buffer for one peer. */
    long MOST_BUFFERED_BYTES = 256L << 20;

    /** A receiver that does not poll stops the sender; all that was accepted arrives, and then there is room again. */
    @Test
    default void shouldAnswerNoRoomAndRecover() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        connectFully(group, lane);
        for (int length : Payload.lengths(group.device(0).limits().maxPayloadBytes())) {
            if (length % 3 == 0) {
                fill(group, lane, length);
                assertEquals(Endpoint.NO_ROOM, lane.trySend(memory(length, 1), 0, length, 1), "still no room");
                group.send(lane, memory(length, 2), 0, length, 2);
                group.settle();
            }
        }
    }

    /** Ordinary packets never fill an endpoint so far that no control packet fits. */
    @Test
    default void shouldKeepRoomForControl() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        connectFully(group, lane);
        SplittableRandom random = new SplittableRandom(Seeds.seed("control"));
        int most = group.device(0).limits().maxPayloadBytes();
        for (int round = 0; round < 40; round++) {
            fill(group, lane, random.nextInt(most + 1));
            fill(group, lane, 0);
            assertEquals(Endpoint.SENT, lane.trySendControl(), "control packet on a full lane, round " + round);
            group.settle();
        }
    }

    /** Control packets are bounded as well, and answered by NO_ROOM. */
    @Test
    default void shouldBoundControlPackets() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        connectFully(group, lane);
        long most = MOST_BUFFERED_BYTES / 32;
        long count = 0;
        while (lane.trySendControl() == Endpoint.SENT) {
            count++;
            assertTrue(count < most, "control packets are buffered without bound: " + count);
            if (count % 256 == 0) {
                group.device(0).progress();
            }
        }
        group.settle();
        group.sendControl(lane);
        group.settle();
    }

    /** A full lane to one peer does not stop the way to another. */
    @Test
    default void shouldNotStopOtherPeers() {
        DeviceGroup group = wired(3);
        Lane full = group.lane(0, 1);
        Lane free = group.lane(0, 2);
        connectFully(group, full);
        connectFully(group, free);
        int length = Math.min(64, group.device(0).limits().maxPayloadBytes());
        fill(group, full, length);
        long target = free.accepted() + 500;
        long end = System.nanoTime() + 10_000_000_000L;
        while (free.accepted() < target) {
            free.trySend(memory(length, 5), 0, length, 5);
            group.device(0).progress();
            group.device(2).progress();
            assertTrue(System.nanoTime() < end, "the free lane starves: " + free);
        }
        group.settle();
    }

    /** Sends a packet through, so that connecting no longer answers NO_ROOM. */
    static void connectFully(DeviceGroup group, Lane lane) {
        group.sendControl(lane);
        group.settle();
    }

    /** Sends until there is no room, though the sender's device is polled; the receiver is not. */
    static void fill(DeviceGroup group, Lane lane, int length) {
        MemorySegment memory = memory(length, 7);
        long sent = 0;
        int refusals = 0;
        while (refusals < 100) {
            if (lane.trySend(memory, 0, length, 7) == Endpoint.SENT) {
                sent += length + 32;
                refusals = 0;
                assertTrue(sent < MOST_BUFFERED_BYTES, "packets are buffered without bound: " + lane);
            } else {
                refusals++;
                group.device(lane.from()).progress();
            }
        }
    }

    private static MemorySegment memory(int length, long seed) {
        MemorySegment memory = MemorySegment.ofArray(new byte[Math.max(1, length)]);
        Payload.fill(memory, 0, length, seed);
        return memory;
    }
}
