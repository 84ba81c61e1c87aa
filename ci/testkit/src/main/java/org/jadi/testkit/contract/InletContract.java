package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.Inlet;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Packets looked at where they lie. */
public interface InletContract extends Bench {
    /**
     * What an inlet shows and what progress hands on are one sequence, whoever takes the next packet; and it shows whole
     * messages only.
     */
    @Test
    default void shouldShareOneSequenceWithProgress() {
        DeviceGroup group = wired(2);
        Device device = group.device(1);
        Lane lane = group.lane(0, 1);
        Taker taker = new Taker(lane);
        group.inbox(1).tap(taker);
        int most = group.device(0).limits().maxPayloadBytes();
        MemorySegment memory = MemorySegment.ofArray(new byte[most]);
        send(group, lane, memory, 0, false);
        group.pumpUntil("first packet", () -> taker.taken == 1);
        Inlet inlet = device.inlet(0);
        Assumptions.assumeTrue(inlet != null, () -> device.name() + " has no inlet");

        SplittableRandom random = new SplittableRandom(Seeds.seed("inlet"));
        int shown = 0;
        for (int i = 0; i < 50_000; i++) {
            int kind = random.nextInt(8);
            int length = kind == 0 ? random.nextInt(most + 1) : random.nextInt(Math.min(most, 150) + 1);
            if (kind == 1) {
                group.sendControl(lane);
            } else {
                send(group, lane, memory, length, kind != 2);
            }
            while (taker.taken < lane.accepted() && random.nextInt(4) != 0) {
                shown += takeOne(group, inlet, taker, random);
            }
        }
        group.pumpUntil("all taken", () -> taker.taken == lane.accepted());
        assertEquals(Inlet.NOTHING, inlet.next(3));
        assertTrue(shown > 5_000, "shown by the inlet: " + shown);
        group.check();
    }

    /** Sends a packet with the contents of its number, either as a whole message or as something else. */
    private static void send(DeviceGroup group, Lane lane, MemorySegment memory, int length, boolean whole) {
        long number = lane.header1();
        Payload.fill(memory, 0, length, number);
        group.pumpUntil("accepted", () -> lane.count(lane.endpoint().trySend(lane.header0(), number, length, whole ? 0 : 7,
                memory, 0, length)) == Endpoint.SENT);
    }

    /** Returns 1 if the inlet showed the next packet; either way somebody takes it. */
    private static int takeOne(DeviceGroup group, Inlet inlet, Taker taker, SplittableRandom random) {
        long before = taker.taken;
        int length = inlet.next(1 + random.nextInt(3));
        if (length == Inlet.NOTHING) {
            return 0;
        }
        if (length == Inlet.OTHER || random.nextInt(4) == 0) {
            group.pumpUntil("handed on", () -> taker.taken > before);
            return 0;
        }
        taker.check(inlet.h0(), inlet.h1(), inlet.memory(), inlet.offset(), length);
        inlet.take();
        return 1;
    }

    /** Counts and checks what comes either way. */
    final class Taker implements Inbox.Tap {
        private final Lane lane;
        private long taken;

        Taker(Lane lane) {
            this.lane = lane;
        }

        @Override
        public boolean onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            assertEquals(0, rank);
            check(h0, h1, payload, offset, length);
            return true;
        }

        private void check(long h0, long h1, MemorySegment payload, long offset, int length) {
            assertEquals(lane.header0(), h0, "route");
            assertEquals(taken, h1, "number");
            assertEquals(-1, length == 0 ? -1 : Payload.firstWrong(payload, offset, length, h1), "first wrong byte of " + length);
            taken++;
        }
    }
}
