package org.jadi.device.ucx;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jadi.adi.device.DeviceException;

/**
 * What a rank publishes: see PROTOCOL.md.
 *
 * @param key a number that only ranks of the job know; each packet to the rank carries it
 * @param worker address of the worker, as UCX gave it
 */
record UcxAddress(int version, long key, byte[] worker) {
    /** Version of the address and of the packets. */
    static final int VERSION = 1;

    private static final int FIXED_BYTES = 2 + 8 + 2 + 4;

    byte[] encode() {
        ByteBuffer b = ByteBuffer.allocate(FIXED_BYTES + worker.length);
        b.putShort((short) version).putLong(key).putShort((short) worker.length).put(worker);
        return b.putInt(checksum(b.array(), b.position())).array();
    }

    /**
     * Reads what a rank published. UCX trusts an address blindly, so damage must be found here.
     *
     * @throws DeviceException with a clause that follows "ucx at rank N"
     */
    static UcxAddress decode(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        if (bytes.length < FIXED_BYTES) {
            throw new DeviceException("has a malformed address: bytes=" + bytes.length);
        }
        int version = b.getShort();
        if (version != VERSION) {
            throw new DeviceException("speaks another version: ours=" + VERSION + " theirs=" + version
                    + "; use the same Jadi version on all ranks");
        }
        long key = b.getLong();
        int length = b.getShort();
        if (length != bytes.length - FIXED_BYTES) {
            throw new DeviceException("has a malformed address: bytes=" + bytes.length + " worker=" + length);
        }
        byte[] worker = new byte[length];
        b.get(worker);
        if (b.getInt() != checksum(bytes, bytes.length - Integer.BYTES)) {
            throw new DeviceException("has a malformed address: wrong checksum");
        }
        return new UcxAddress(version, key, worker);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
