package org.jadi.device.self;

import org.jadi.stress.RingTraffic;

/** The smallest ring, as the endpoint and the progress of the device use it. */
final class SelfRingPair {
    private final SelfRing ring = new SelfRing(0, 512);

    boolean send(int number) {
        long position = ring.claimData(RingTraffic.BYTES);
        if (position == SelfRing.NO_ROOM) {
            return false;
        }
        RingTraffic.fill(number, ring.memory(), ring.payloadOffset(position));
        ring.publish(position, RingTraffic.BYTES, number, number, number, number);
        return true;
    }

    void drain(RingTraffic traffic, int most) {
        ring.drain(traffic, most);
    }

    /** Sends and takes packets until the second next one has to begin anew at the front. */
    void wind(RingTraffic traffic) {
        for (int i = 0; i < 8; i++) {
            send(3);
            drain(traffic, 1);
        }
    }
}
