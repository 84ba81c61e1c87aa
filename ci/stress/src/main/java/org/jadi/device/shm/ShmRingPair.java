package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.stress.RingTraffic;

/** Both ends of the smallest ring over the same memory; of the heap, which costs nothing to give back. */
final class ShmRingPair {
    private static final int RING_BYTES = RingDescriptor.MIN_RING_BYTES;

    private final MemorySegment memory = MemorySegment.ofArray(new long[(RingDescriptor.HEADER_BYTES + RING_BYTES) / 8]);
    private final Ring producer = new Ring(memory, 0, RING_BYTES);
    private final Ring consumer = new Ring(memory, 0, RING_BYTES);

    /** Even numbers with a short header. */
    boolean send(int number) {
        boolean isShort = number % 2 == 0;
        if (!producer.claim(RingTraffic.BYTES, isShort, false)) {
            return false;
        }
        RingTraffic.fill(number, memory, producer.payloadOffset(isShort));
        producer.publish(RingTraffic.BYTES, isShort, number, number, number, number);
        return true;
    }

    void drain(RingTraffic traffic, int most) {
        if (consumer.drain(0, traffic, most) == Ring.CORRUPT) {
            traffic.onPeerFailed(0, "corrupt");
        }
    }

    /** Sends and takes packets until the next record is the last before the end. */
    void wind(RingTraffic traffic) {
        for (int i = 0; i < RING_BYTES / RingDescriptor.recordBytes(RingTraffic.BYTES, false) - 1; i++) {
            send(3);
            drain(traffic, 1);
        }
    }
}
