package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.MemoryRegistration;
import org.jadi.adi.device.RemoteMemory;
import org.jadi.adi.device.RemoteMemory.AtomicOp;
import org.jadi.adi.device.SharedMemory;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Memory that peers can read or write, and memory that is made known to the device. */
public interface MemoryContract extends Bench {
    /** Allocated memory is zeroed, apart from other blocks, and can be used again and again. */
    @Test
    default void shouldAllocateZeroedMemory() {
        DeviceGroup group = wired(2);
        SharedMemory memory = declared(group.device(0), SharedMemory.class);
        for (long bytes : new long[] {0, 1, 7, 8, 64, 4095, 4096, 100_000}) {
            MemorySegment one = memory.allocate(bytes);
            MemorySegment other = memory.allocate(bytes);
            assertEquals(bytes, one.byteSize());
            assertEquals(-1, firstNonZero(one));
            one.fill((byte) 1);
            assertEquals(-1, firstNonZero(other), "two blocks overlap");
            memory.free(one);
            memory.free(other);
        }
        for (int i = 0; i < 2000; i++) {
            MemorySegment block = memory.allocate(1 << 16);
            assertEquals(-1, firstNonZero(block.asSlice(0, 64)), "freed memory is given out again as it was");
            block.fill((byte) 7);
            memory.free(block);
        }
    }

    /** Blocks that live together never overlap, however sizes and lives mix. */
    @Test
    default void shouldKeepBlocksApart() {
        DeviceGroup group = wired(2);
        SharedMemory memory = declared(group.device(0), SharedMemory.class);
        SplittableRandom random = new SplittableRandom(Seeds.seed("blocks"));
        List<MemorySegment> live = new ArrayList<>();
        List<Integer> seeds = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            if (live.size() < 2 + random.nextInt(30)) {
                MemorySegment block = memory.allocate(random.nextInt(1 << random.nextInt(1, 16)));
                Payload.fill(block, 0, Math.min(200, block.byteSize()), i);
                live.add(block);
                seeds.add(i);
            } else {
                int victim = random.nextInt(live.size());
                MemorySegment block = live.remove(victim);
                int seed = seeds.remove(victim);
                assertEquals(-1, Payload.firstWrong(block, 0, Math.min(200, block.byteSize()), seed), "two blocks overlap");
                memory.free(block);
            }
        }
        live.forEach(memory::free);
    }

    /** A peer reads any part, into any kind of memory. */
    @Test
    default void shouldReadAPeersMemory() {
        DeviceGroup group = wired(3);
        SharedMemory owner = declared(group.device(1), SharedMemory.class);
        connectAll(group);
        MemorySegment block = owner.allocate(300_000);
        letKnow(group);
        Payload.fill(block, 0, block.byteSize(), 5);
        for (int reader : List.of(0, 2)) {
            SharedMemory memory = group.device(reader).capability(SharedMemory.class);
            for (int length : Payload.lengths(200_000)) {
                long offset = length % 4096;
                long token = owner.token(block.asSlice(3), offset, length);
                assertNotEquals(-1, token, "no token for allocated memory, length=" + length);
                for (MemorySegment target : targets(length)) {
                    assertTrue(memory.get(1, token, target, 5, length), "get of length=" + length);
                    assertEquals(-1, block.asSlice(3 + offset, length).mismatch(target.asSlice(5, length)));
                    assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 4), "written before the target");
                    assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 5L + length), "written behind the target");
                }
            }
        }
        owner.free(block);
    }

    /** A token that names no place is answered by false, and nothing is changed. */
    @Test
    default void shouldNotReadWhatIsNotThere() {
        DeviceGroup group = wired(2);
        SharedMemory owner = declared(group.device(1), SharedMemory.class);
        SharedMemory reader = group.device(0).capability(SharedMemory.class);
        connectAll(group);
        MemorySegment block = owner.allocate(4096);
        MemorySegment target = MemorySegment.ofArray(new byte[64]);
        for (long token : new long[] {-1, Long.MAX_VALUE, Long.MAX_VALUE - 63, Long.MIN_VALUE}) {
            assertFalse(reader.get(1, token, target, 0, 64), "token=" + token);
            assertEquals(-1, firstNonZero(target));
        }
        assertEquals(-1, owner.token(MemorySegment.ofArray(new byte[64]), 0, 64), "a token for memory of the heap");
        owner.free(block);
    }

    /** What was written before a packet is seen by the get that follows it. */
    @Test
    default void shouldSeeWhatWasWrittenBeforeThePacket() {
        DeviceGroup group = wired(2);
        SharedMemory owner = declared(group.device(0), SharedMemory.class);
        SharedMemory reader = group.device(1).capability(SharedMemory.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        MemorySegment block = owner.allocate(4096);
        MemorySegment target = MemorySegment.ofArray(new long[512]);
        for (int round = 0; round < 200; round++) {
            Payload.fill(block, 0, 4096, round);
            group.sendControl(lane);
            group.settle();
            assertTrue(reader.get(0, owner.token(block, 0, 4096), target, 0, 4096));
            assertEquals(-1, Payload.firstWrong(target, 0, 4096, round), "round " + round);
        }
        owner.free(block);
    }

    /** Registering changes nothing in what is sent. */
    @Test
    default void shouldSendFromRegisteredMemory() {
        DeviceGroup group = wired(2);
        MemoryRegistration registration = declared(group.device(0), MemoryRegistration.class);
        Lane lane = group.lane(0, 1);
        int length = Math.min(4096, group.device(0).limits().maxPayloadBytes());
        for (MemorySegment memory : List.of(MemorySegment.ofArray(new byte[length]), Arena.ofAuto().allocate(length))) {
            Payload.fill(memory, 0, length, 3);
            for (int i = 0; i < 100; i++) {
                Object token = registration.register(memory);
                group.send(lane, memory, 0, length, 3);
                if (token != null) {
                    registration.unregister(token);
                }
            }
        }
        group.settle();
    }

    /** Put, add and swap are complete at the target after flush. */
    @Test
    default void shouldReachRemoteMemory() {
        DeviceGroup group = wired(2);
        RemoteMemory origin = declared(group.device(0), RemoteMemory.class);
        SharedMemory owner = declared(group.device(1), SharedMemory.class);
        connectAll(group);
        MemorySegment block = owner.allocate(8192);
        letKnow(group);
        MemorySegment source = MemorySegment.ofArray(new byte[4100]);
        Payload.fill(source, 0, 4100, 8);
        origin.put(1, owner.token(block, 100, 4096), source, 4, 4096);
        group.pumpUntil("flushed", () -> origin.flush(1));
        assertEquals(-1, source.asSlice(4, 4096).mismatch(block.asSlice(100, 4096)));
        assertEquals(0, block.get(ValueLayout.JAVA_BYTE, 99) | block.get(ValueLayout.JAVA_BYTE, 4196));
        MemorySegment back = MemorySegment.ofArray(new byte[4100]);
        origin.fetch(1, owner.token(block, 100, 4096), back, 2, 4096);
        group.pumpUntil("flushed", () -> origin.flush(1));
        assertEquals(-1, source.asSlice(4, 4096).mismatch(back.asSlice(2, 4096)));
        owner.free(block);
    }

    /** Every atomic operation on both sizes, and nothing beside; what was put by pointer is seen at the other end. */
    @Test
    default void shouldChangeRemoteIntegers() {
        DeviceGroup group = wired(2);
        RemoteMemory origin = declared(group.device(0), RemoteMemory.class);
        SharedMemory owner = declared(group.device(1), SharedMemory.class);
        connectAll(group);
        MemorySegment block = owner.allocate(8192);
        letKnow(group);
        for (int bytes : new int[] {8, 4}) {
            long token = owner.token(block, 8000, bytes);
            for (long i = 0; i < 100; i++) {
                assertEquals(i * 3, origin.fetchOp(1, token, bytes, AtomicOp.ADD, 3));
            }
            assertEquals(300, origin.compareSwap(1, token, bytes, 300, -5));
            assertEquals(-5, origin.compareSwap(1, token, bytes, 300, 1));
            assertEquals(-5, origin.fetchOp(1, token, bytes, AtomicOp.SWAP, 0b1100));
            assertEquals(0b1100, origin.fetchOp(1, token, bytes, AtomicOp.AND, 0b0110));
            assertEquals(0b0100, origin.fetchOp(1, token, bytes, AtomicOp.OR, 0b0011));
            assertEquals(0b0111, origin.fetchOp(1, token, bytes, AtomicOp.XOR, 0b0101));
            assertEquals(0b0010, origin.fetchOp(1, token, bytes, AtomicOp.SWAP, 0));
            group.pumpUntil("flushed", () -> origin.flush(1));
            assertEquals(0, block.get(ValueLayout.JAVA_LONG_UNALIGNED, 8000));
            assertEquals(0, block.get(ValueLayout.JAVA_LONG_UNALIGNED, 7992) | block.get(ValueLayout.JAVA_LONG_UNALIGNED, 8008));
        }
        MemorySegment pointer = origin.pointer(1, owner.token(block, 16, 8), 8);
        if (pointer != null) {
            pointer.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
            assertEquals(42, block.get(ValueLayout.JAVA_LONG_UNALIGNED, 16));
        }
        owner.free(block);
    }

    /** Peers may learn of memory only while its owner makes progress; before a packet that names it, at the latest. */
    private static void letKnow(DeviceGroup group) {
        for (int i = 0; i < 100; i++) {
            group.pump();
        }
    }

    private static void connectAll(DeviceGroup group) {
        group.allLanes().forEach(lane -> group.pumpUntil("connected", () -> lane.trySendControl() == Endpoint.SENT));
        group.settle();
    }

    private static List<MemorySegment> targets(int length) {
        return List.of(MemorySegment.ofArray(new byte[length + 6]), MemorySegment.ofArray(new long[length / 8 + 2]),
                Arena.ofAuto().allocate(length + 6));
    }

    static long firstNonZero(MemorySegment memory) {
        for (long i = 0; i < memory.byteSize(); i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return i;
            }
        }
        return -1;
    }
}
