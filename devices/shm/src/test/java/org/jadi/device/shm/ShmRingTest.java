package org.jadi.device.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Random;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ring against a queue: whatever is put in comes out, in order, and the memory outside stays as it was. */
@TimeLimit(60)
class ShmRingTest {
    private static final int SECRET = 0x5A5A5A5A;

    private record Packet(long h0, long h1, long h2, long h3, int length, int fill) {}

    @ParameterizedTest
    @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16})
    void shouldKeepAnyMixtureOfRecordsInOrder(int bytes) {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        Random random = new Random(seed);
        int whole = RingDescriptor.HEADER_BYTES + bytes;
        MemorySegment memory = MemorySegment.ofArray(new long[whole / 8 + 1]);
        memory.set(ValueLayout.JAVA_INT, whole, SECRET);
        Ring producer = new Ring(memory, 0, bytes);
        Ring consumer = new Ring(memory, 0, bytes);
        producer.setOpposite(() -> consumer); // something comes back now and then
        ArrayDeque<Packet> model = new ArrayDeque<>();
        int largest = RingDescriptor.maxPayloadBytes(bytes);
        for (int step = 0; step < 200_000; step++) {
            if (random.nextInt(3) < 2) {
                Packet p = packet(random, largest, step);
                if (send(producer, memory, p, random)) {
                    model.add(p);
                }
            } else {
                int most = 1 + random.nextInt(8);
                int before = model.size();
                int taken = consumer.drain(0, checking(model, "seed=" + seed + " step=" + step), most);
                assertEquals(Math.min(most, before), taken, "seed=" + seed + " step=" + step);
            }
        }
        consumer.drain(0, checking(model, "seed=" + seed), Integer.MAX_VALUE);
        assertTrue(model.isEmpty(), "seed=" + seed);
        assertEquals(SECRET, memory.get(ValueLayout.JAVA_INT, whole), "seed=" + seed);
    }

    private static Packet packet(Random random, int largest, int fill) {
        int length = random.nextBoolean() ? random.nextInt(33) : random.nextInt(largest + 1);
        return random.nextBoolean() ? new Packet(random.nextLong(), random.nextLong(), length, 0, length, fill)
                : new Packet(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), length, fill);
    }

    /** Now and then claims more than is published, as packing into lent memory does, or gives a claim up half-written. */
    private static boolean send(Ring ring, MemorySegment memory, Packet p, Random random) {
        int abandoned = random.nextInt(RingDescriptor.maxPayloadBytes(ring.bytes()) + 1);
        if (random.nextInt(8) == 0 && ring.claim(abandoned, false, false)) {
            memory.asSlice(ring.payloadOffset(false), abandoned).fill((byte) ~p.fill);
        }
        boolean isShort = RingDescriptor.isShort(p.h2, p.h3, p.length);
        int claimed = random.nextInt(4) == 0 ? p.length + random.nextInt(65) : p.length;
        if (claimed > RingDescriptor.maxPayloadBytes(ring.bytes()) || !ring.claim(claimed, isShort, false)) {
            return false;
        }
        memory.asSlice(ring.payloadOffset(isShort), claimed).fill((byte) p.fill);
        ring.publish(p.length, isShort, p.h0, p.h1, p.h2, p.h3);
        return true;
    }

    private static InboundHandler checking(ArrayDeque<Packet> model, String where) {
        return new InboundHandler() {
            @Override
            public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
                Packet p = model.remove();
                assertEquals(p, new Packet(h0, h1, h2, h3, length, p.fill), where);
                for (int i = 0; i < length; i++) {
                    assertEquals((byte) p.fill, payload.get(ValueLayout.JAVA_BYTE, offset + i), where);
                }
            }

            @Override
            public void onPeerFailed(int rank, String reason) {
                throw new AssertionError(reason + " " + where);
            }
        };
    }

    @Test
    void shouldNotReadARingOfPaddingForEver() {
        for (int marker : new int[] {RingDescriptor.PADDING, RingDescriptor.LINE_PADDING}) {
            MemorySegment memory = MemorySegment.ofArray(new long[(RingDescriptor.HEADER_BYTES + 1024) / 8]);
            for (int at = 0; at < 1024; at += RingDescriptor.GRANULE) {
                memory.set(ValueLayout.JAVA_INT, RingDescriptor.HEADER_BYTES + at, marker);
            }
            Ring consumer = new Ring(memory, 0, 1024);
            assertEquals(Ring.CORRUPT, consumer.drain(0, checking(new ArrayDeque<>(), ""), 8));
        }
    }
}
