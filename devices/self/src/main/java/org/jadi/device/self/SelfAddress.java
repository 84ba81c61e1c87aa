package org.jadi.device.self;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a rank publishes: which open device it is. Little-endian.
 * <pre>
 *  offset 0         4                12
 *         +---------+----------------+
 *         | version | random token   |
 *         +---------+----------------+
 * </pre>
 *
 * @param version of this layout
 * @param token names one open device; random, so that a device of another process or job is never taken for it
 */
record SelfAddress(int version, long token) {
    static final int VERSION = 1;
    static final int BYTES = 12;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(version).putLong(token).array();
    }

    /** Returns the address, or null if it is malformed; of another version only the version counts. */
    static SelfAddress decode(byte[] bytes) {
        if (bytes.length < Integer.BYTES) {
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = b.getInt();
        if (version != VERSION) {
            return new SelfAddress(version, 0);
        }
        return bytes.length == BYTES ? new SelfAddress(version, b.getLong()) : null;
    }
}
