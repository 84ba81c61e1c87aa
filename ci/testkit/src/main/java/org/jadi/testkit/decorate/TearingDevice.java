package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Endpoint;

/** Small packets, and back-pressure out of nowhere. */
final class TearingDevice extends DecoratedDevice {
    private final long seed;
    private final int oneIn;
    private final DeviceLimits limits;
    private final ConcurrentMap<Integer, Endpoint> endpoints = new ConcurrentHashMap<>();

    TearingDevice(Device inner, long seed, int maxPayloadBytes, int oneIn) {
        super(inner);
        this.seed = seed;
        this.oneIn = oneIn;
        DeviceLimits given = inner.limits();
        int most = Math.min(maxPayloadBytes, given.maxPayloadBytes());
        this.limits = new DeviceLimits(most, given.eagerLimitBytes(), Math.min(most, given.chunkBytes()), given.overlapBytes(),
                given.getThresholdBytes());
    }

    @Override
    public DeviceLimits limits() {
        return limits;
    }

    @Override
    public Endpoint connect(int rank) {
        return endpoints.computeIfAbsent(rank, r -> new TearingEndpoint(inner.connect(r), new SplittableRandom(seed * 31 + r)));
    }

    private final class TearingEndpoint extends Endpoint {
        private final Endpoint inner;
        private final SplittableRandom random;

        TearingEndpoint(Endpoint inner, SplittableRandom random) {
            this.inner = inner;
            this.random = random;
        }

        @Override
        public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
            if (length > limits.maxPayloadBytes()) {
                throw new IllegalArgumentException("payload too long for one packet: length=" + length + " maxPayloadBytes="
                        + limits.maxPayloadBytes());
            }
            return random.nextInt(oneIn) == 0 ? NO_ROOM : inner.trySend(h0, h1, h2, h3, payload, offset, length);
        }

        @Override
        public int trySendControl(long h0, long h1, long h2, long h3) {
            return inner.trySendControl(h0, h1, h2, h3);
        }

        @Override
        public String toString() {
            return "torn " + inner;
        }
    }
}
