package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.LentBuffers;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Memory of the device, lent to the engine. */
public interface LentBuffersContract extends Bench {
    /** Reserved and committed packets are packets like others: every length, and one order with the rest. */
    @Test
    default void shouldSendReservedPackets() {
        DeviceGroup group = wired(2);
        LentBuffers lent = declared(group.device(0), LentBuffers.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int length : Payload.lengths(group.device(0).limits().maxPayloadBytes())) {
            reserveAndCommit(group, lent, lane, length, length);
            reserveAndCommit(group, lent, lane, length, length / 2);
            group.sendControl(lane);
            MemorySegment memory = MemorySegment.ofArray(new byte[16]);
            Payload.fill(memory, 0, 16, 4);
            group.send(lane, memory, 0, 16, 4);
        }
        group.settle();
    }

    /** A reservation that finds no room takes nothing, and leaves room for control. */
    @Test
    default void shouldRefuseAReservationWithoutRoom() {
        DeviceGroup group = wired(2);
        LentBuffers lent = declared(group.device(0), LentBuffers.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int length : new int[] {0, 64, group.device(0).limits().maxPayloadBytes()}) {
            BackPressureContract.fill(group, lane, length);
            fillByReservations(lent, lane, length);
            group.sendControl(lane);
            group.settle();
            reserveAndCommit(group, lent, lane, length, length);
            group.settle();
        }
    }

    /** A reservation that is given up leaves nothing behind, however much of it was written: packing can fail half-way. */
    @Test
    default void shouldForgetAReservationThatIsGivenUp() {
        DeviceGroup group = wired(2);
        LentBuffers lent = declared(group.device(0), LentBuffers.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        SplittableRandom random = new SplittableRandom(Seeds.seed("given up"));
        int most = Math.min(4000, group.device(0).limits().maxPayloadBytes());
        MemorySegment memory = MemorySegment.ofArray(new byte[most]);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(4) == 0 ? random.nextInt(most + 1) : random.nextInt(64);
            int givenUp = random.nextInt(most + 1);
            long offset = random.nextInt(3) == 0 ? lent.reserve(lane.endpoint(), givenUp) : -1;
            if (offset >= 0) {
                lent.segment(lane.endpoint()).asSlice(offset, givenUp).fill((byte) ~i);
            }
            if (random.nextBoolean()) {
                Payload.fill(memory, 0, length, i);
                while (lane.trySend(memory, 0, length, i) == Endpoint.NO_ROOM) {
                    group.pump();
                }
            } else {
                reserveAndCommit(group, lent, lane, length, length);
            }
        }
        group.settle();
    }

    /** A retained payload stays as it is while others come and go, and its room comes back after release. */
    @Test
    default void shouldKeepARetainedPayload() {
        DeviceGroup group = wired(2);
        LentBuffers lent = declared(group.device(1), LentBuffers.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        SplittableRandom random = new SplittableRandom(Seeds.seed("retain"));
        int most = Math.min(200, group.device(0).limits().maxPayloadBytes() / 4);
        ArrayDeque<Kept> kept = new ArrayDeque<>();
        int[] retained = {0};
        group.inbox(1).tap((rank, h0, h1, h2, h3, payload, offset, length) -> {
            if (length > 0 && random.nextInt(3) == 0) {
                long ticket = lent.retain(rank);
                if (ticket >= 0) {
                    kept.add(new Kept(ticket, payload, offset, length, h2));
                    retained[0]++;
                }
            }
            return false;
        });
        MemorySegment memory = MemorySegment.ofArray(new byte[most]);
        for (int i = 0; i < 5000; i++) {
            int length = random.nextInt(most + 1);
            Payload.fill(memory, 0, length, i);
            while (lane.trySend(memory, 0, length, i) != Endpoint.SENT) {
                if (group.pump() == 0) {
                    releaseOne(lent, kept);
                }
            }
            if (random.nextInt(4) == 0) {
                group.pump(); // or a device with much room delivers nothing until all is sent
                releaseOne(lent, kept);
            }
        }
        group.inbox(1).tap(null);
        while (!kept.isEmpty()) {
            releaseOne(lent, kept);
        }
        group.settle();
        Payload.fill(memory, 0, most, 6);
        for (int i = 0; i < 100; i++) {
            group.send(lane, memory, 0, most, 6);
        }
        group.settle();
        assertTrue(retained[0] > 0, "nothing could be retained");
    }

    /** A packet that was retained. */
    record Kept(long ticket, MemorySegment payload, long offset, int length, long seed) {}

    private static void releaseOne(LentBuffers lent, ArrayDeque<Kept> kept) {
        if (!kept.isEmpty()) {
            Kept packet = kept.size() % 2 == 0 ? kept.pollFirst() : kept.pollLast();
            assertEquals(-1, Payload.firstWrong(packet.payload, packet.offset, packet.length, packet.seed),
                    "first wrong byte of a retained payload");
            lent.release(0, packet.ticket);
        }
    }

    private static void fillByReservations(LentBuffers lent, Lane lane, int length) {
        long offset = 0;
        for (int i = 0; offset >= 0; i++) {
            assertTrue(i < 1000, "a full lane takes reservations without bound");
            offset = lent.reserve(lane.endpoint(), length);
            if (offset >= 0) {
                Payload.fill(lent.segment(lane.endpoint()), offset, length, 7);
                lent.commit(lane.endpoint(), length, lane.header0(), lane.header1(), 7, length);
                lane.count(Endpoint.SENT);
            }
        }
        assertEquals(-1, offset, "no room");
    }

    private static void reserveAndCommit(DeviceGroup group, LentBuffers lent, Lane lane, int reserved, int length) {
        long[] offset = {-1};
        group.pumpUntil("reserved", () -> (offset[0] = lent.reserve(lane.endpoint(), reserved)) >= 0);
        Payload.fill(lent.segment(lane.endpoint()), offset[0], length, reserved);
        lent.commit(lane.endpoint(), length, lane.header0(), lane.header1(), reserved, length);
        lane.count(Endpoint.SENT);
    }
}
