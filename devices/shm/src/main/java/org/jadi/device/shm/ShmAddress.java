package org.jadi.device.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a peer must know to reach a rank: where its segment lies, and what is written in it, as the same path may name
 * another file on another host or in another container.
 *
 * @param version of the protocol
 * @param nonce random number at the beginning of the segment
 * @param path of the segment
 */
record ShmAddress(int version, long nonce, String path) {
    byte[] encode() {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN).putShort((short) version)
                .putLong(nonce).put(text).array();
    }

    /** Returns the address, or null if the bytes are none. */
    static ShmAddress decode(byte[] bytes) {
        if (bytes.length < 11) {
            return null;
        }
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = b.getShort() & 0xffff;
        long nonce = b.getLong();
        return new ShmAddress(version, nonce, StandardCharsets.UTF_8.decode(b).toString());
    }
}
