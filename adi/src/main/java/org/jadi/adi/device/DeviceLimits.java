package org.jadi.adi.device;

/**
 * Sizes of a device in bytes.
 *
 * @param maxPayloadBytes largest payload of one packet, 64 or more
 * @param eagerLimitBytes messages up to this size are sent without asking, unless configured otherwise
 * @param chunkBytes best payload size for the data of a long message, at most {@code maxPayloadBytes}
 * @param overlapBytes first piece of a longer message, which is cut so that the receiver copies one piece out while the
 *     sender copies the next in; pieces grow up to {@code maxPayloadBytes} or {@code chunkBytes}
 * @param getThresholdBytes from this size on a message in memory that the receiver can read is fetched by the receiver;
 *     {@link Long#MAX_VALUE} for never
 */
public record DeviceLimits(int maxPayloadBytes, long eagerLimitBytes, int chunkBytes, int overlapBytes,
        long getThresholdBytes) {
    /** Checks the ranges. */
    public DeviceLimits {
        if (maxPayloadBytes < 64) {
            throw new IllegalArgumentException("maxPayloadBytes must be 64 or more: maxPayloadBytes=" + maxPayloadBytes);
        }
        if (chunkBytes < 1 || chunkBytes > maxPayloadBytes) {
            throw new IllegalArgumentException("chunkBytes must be 1 to maxPayloadBytes: chunkBytes=" + chunkBytes
                    + " maxPayloadBytes=" + maxPayloadBytes);
        }
        if (overlapBytes < 1) {
            throw new IllegalArgumentException("overlapBytes must be positive: overlapBytes=" + overlapBytes);
        }
        if (eagerLimitBytes < 0 || getThresholdBytes < 0) {
            throw new IllegalArgumentException("limits must not be negative: eagerLimitBytes=" + eagerLimitBytes
                    + " getThresholdBytes=" + getThresholdBytes);
        }
    }
}
