package org.jadi.scopes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jadi.scopes.topology.CpuSet;

/**
 * The right to take over some CPUs and devices, once, in another thread or process of the node. A small value, to be sent as
 * {@link #toBytes}. Who has it can redeem it: send it only to whom it is meant for.
 *
 * @param claim number of the claim behind it
 * @param secretHigh half of what makes it unguessable
 * @param secretLow the other half
 * @param machine fingerprint of the machine
 * @param cpus what it is for
 * @param gpus ordinals of its GPUs
 * @param nics ordinals of its NICs
 */
public record Ticket(long claim, long secretHigh, long secretLow, String machine, CpuSet cpus, CpuSet gpus, CpuSet nics) {
    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 16;

    /** Returns the ticket as bytes; some 200, more on very large machines. */
    public byte[] toBytes() {
        byte[] text = String.join(";", machine, cpus.toString(), gpus.toString(), nics.toString()).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(28 + text.length).putInt(VERSION).putLong(claim).putLong(secretHigh).putLong(secretLow).put(text)
                .array();
    }

    /**
     * Reads a ticket.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    public static Ticket fromBytes(byte[] bytes) {
        if (bytes.length < 28 || bytes.length > MOST_BYTES || ByteBuffer.wrap(bytes).getInt() != VERSION) {
            throw new IllegalArgumentException("these bytes are no ticket: length=" + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(4);
        long claim = in.getLong();
        long high = in.getLong();
        long low = in.getLong();
        String[] parts = new String(bytes, 28, bytes.length - 28, StandardCharsets.US_ASCII).split(";", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("these bytes are no ticket: parts=" + parts.length);
        }
        return new Ticket(claim, high, low, parts[0], CpuSet.parse(parts[1]), CpuSet.parse(parts[2]), CpuSet.parse(parts[3]));
    }

    /** Returns what it is for, without the secret. */
    @Override
    public String toString() {
        return "ticket " + claim + " for CPUs " + cpus;
    }
}
