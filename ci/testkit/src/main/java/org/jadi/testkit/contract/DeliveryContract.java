package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Packets arrive in the order in which they were accepted, each exactly once, with every byte. */
public interface DeliveryContract extends Bench {
    /** Every size around a power of two, with and without data behind it. */
    @Test
    default void shouldDeliverEveryLength() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        int most = group.device(0).limits().maxPayloadBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment nativeMemory = arena.allocate(most + 16);
            MemorySegment heapMemory = MemorySegment.ofArray(new byte[most + 16]);
            for (int length : Payload.lengths(most)) {
                for (MemorySegment memory : List.of(nativeMemory, heapMemory)) {
                    long offset = length % 8 + 1;
                    Payload.fill(memory, offset, length, length);
                    group.send(lane, memory, offset, length, length);
                }
            }
        }
        group.settle();
    }

    /** Arrays of every primitive type, read-only and sliced memory, at odd offsets. */
    @Test
    default void shouldTakePayloadFromEveryKindOfMemory() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        try (Arena shared = Arena.ofShared()) {
            List<MemorySegment> kinds = List.of(MemorySegment.ofArray(new byte[200]), MemorySegment.ofArray(new short[100]),
                    MemorySegment.ofArray(new char[100]), MemorySegment.ofArray(new int[50]),
                    MemorySegment.ofArray(new float[50]), MemorySegment.ofArray(new long[25]),
                    MemorySegment.ofArray(new double[25]), shared.allocate(200), Arena.ofAuto().allocate(200),
                    MemorySegment.ofArray(new byte[300]).asSlice(77, 200));
            for (MemorySegment memory : kinds) {
                for (int offset = 0; offset < 12; offset++) {
                    int length = (int) Math.min(50, memory.byteSize() - offset);
                    Payload.fill(memory, offset, length, offset);
                    group.send(lane, memory, offset, length, offset);
                    group.send(lane, memory.asReadOnly(), offset, length, offset);
                }
            }
        }
        group.settle();
    }

    /** "The buffer is the caller's again": it may be overwritten at once. */
    @Test
    default void shouldGiveTheBufferBackOnReturn() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        int length = Math.min(1024, group.device(0).limits().maxPayloadBytes());
        for (MemorySegment memory : List.of(MemorySegment.ofArray(new byte[length]), Arena.ofAuto().allocate(length))) {
            for (int i = 0; i < 300; i++) {
                Payload.fill(memory, 0, length, i);
                group.send(lane, memory, 0, length, i);
                memory.fill((byte) 0xEE);
            }
        }
        group.settle();
    }

    /** The device carries the header and never reads it. */
    @Test
    default void shouldCarryEveryBitOfTheHeader() {
        DeviceGroup group = wired(2);
        long[] seen = new long[4];
        group.inbox(1).tap((rank, h0, h1, h2, h3, payload, offset, length) -> {
            System.arraycopy(new long[] {h0, h1, h2, h3}, 0, seen, 0, 4);
            return true;
        });
        SplittableRandom random = new SplittableRandom(Seeds.seed("header"));
        Lane lane = group.lane(0, 1);
        MemorySegment memory = MemorySegment.ofArray(new byte[8]);
        for (int i = 0; i < 130; i++) {
            long[] sent = {i < 64 ? 1L << i : random.nextLong(), -1L, Long.MIN_VALUE, random.nextLong()};
            boolean control = i % 2 == 0;
            long before = group.inbox(1).arrived();
            group.pumpUntil("header sent", () -> 0 == (control
                    ? lane.endpoint().trySendControl(sent[0], sent[1], sent[2], sent[3])
                    : lane.endpoint().trySend(sent[0], sent[1], sent[2], sent[3], memory, 0, 8)));
            group.pumpUntil("header arrived", () -> group.inbox(1).arrived() > before);
            assertEquals(List.of(sent[0], sent[1], sent[2], sent[3]), List.of(seen[0], seen[1], seen[2], seen[3]));
        }
        group.check();
    }

    /** One order for packets with and without payload, whatever their sizes. */
    @Test
    default void shouldKeepOrderOfControlAndData() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        int most = group.device(0).limits().maxPayloadBytes();
        SplittableRandom random = new SplittableRandom(Seeds.seed("order"));
        MemorySegment memory = MemorySegment.ofArray(new byte[most]);
        for (int i = 0; i < 3000; i++) {
            if (random.nextInt(3) == 0) {
                group.sendControl(lane);
            } else {
                int length = i % 50 == 0 ? random.nextInt(most + 1) : random.nextInt(65);
                Payload.fill(memory, 0, length, i);
                group.send(lane, memory, 0, length, i);
            }
        }
        group.settle();
    }

    /** Five ranks, every pair that the device serves, at once. */
    @Test
    default void shouldServeManyPairsAtOnce() {
        DeviceGroup group = wired(5);
        List<Lane> lanes = group.allLanes();
        SplittableRandom random = new SplittableRandom(Seeds.seed("pairs"));
        MemorySegment memory = MemorySegment.ofArray(new byte[4096]);
        int most = Math.min(4096, group.device(0).limits().maxPayloadBytes());
        for (int i = 0; i < 4000; i++) {
            Lane lane = lanes.get(random.nextInt(lanes.size()));
            int length = random.nextInt(i % 20 == 0 ? most + 1 : 33);
            Payload.fill(memory, 0, length, i);
            group.send(lane, memory, 0, length, i);
        }
        group.settle();
    }

    /** Two jobs in one JVM do not hear each other. */
    @Test
    default void shouldKeepJobsApart() {
        DeviceGroup one = wired(2);
        DeviceGroup other = wired(2);
        Lane lane = one.lane(0, 1);
        for (int i = 0; i < 100; i++) {
            one.sendControl(lane);
            other.pump();
        }
        one.settle();
        assertEquals(0, other.inbox(0).arrived() + other.inbox(1).arrived());
    }
}
