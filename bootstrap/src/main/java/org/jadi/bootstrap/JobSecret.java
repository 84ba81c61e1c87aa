package org.jadi.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jadi.bootstrap.crypto.Randomness;
import org.jadi.bootstrap.crypto.Sha256;

/** The random secret of one job: 32 bytes that never stand on a command line, in a log or in {@link #toString}. */
public final class JobSecret {
    /** Length of a secret in bytes. */
    public static final int BYTES = 32;

    private static final int FINGERPRINT_BYTES = 8;
    private static final int BLOCK_BYTES = 64;
    private static final int INNER_PAD = 0x36;
    private static final int OUTER_PAD = 0x5c;

    private final byte[] bytes;

    private JobSecret(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a job secret has " + BYTES + " bytes: length=" + bytes.length);
        }
        this.bytes = bytes;
    }

    /** Returns a new random secret. */
    public static JobSecret random() {
        byte[] bytes = new byte[BYTES];
        Randomness.fill(bytes);
        return new JobSecret(bytes);
    }

    /** Returns the secret written as 64 hexadecimal digits, as {@link #toHex} writes it. */
    public static JobSecret fromHex(String hex) {
        return new JobSecret(HexFormat.of().parseHex(hex.strip()));
    }

    /** Returns the secret as 64 hexadecimal digits, for a file of mode 0600. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Returns HMAC-SHA-256 (RFC 2104) of the message under this secret: 32 bytes. Written over {@link Sha256}, because
     * the first {@code javax.crypto.Mac} of a JVM costs every rank some 25 ms before it has sent anything.
     */
    byte[] hmac(byte[] message) {
        return Sha256.digest(padded(OUTER_PAD), Sha256.digest(padded(INNER_PAD), message));
    }

    /** Returns 16 hexadecimal digits that this secret and a text give, and that tell nothing of the secret. */
    public String fingerprint(String text) {
        return HexFormat.of().formatHex(hmac(("fingerprint/" + text).getBytes(StandardCharsets.UTF_8)), 0, FINGERPRINT_BYTES);
    }

    private byte[] padded(int pad) {
        byte[] block = new byte[BLOCK_BYTES];
        System.arraycopy(bytes, 0, block, 0, BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block[i] ^= (byte) pad;
        }
        return block;
    }

    @Override
    public String toString() {
        return "JobSecret[hidden]";
    }
}
