package org.jadi.bootstrap.crypto;

import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random bytes for secrets, nonces and names. */
public final class Randomness {
    private static final String KERNEL_SOURCE = "/dev/urandom";
    private static final int NAME_BYTES = 8;

    private Randomness() {
    }

    /**
     * Fills an array from the kernel's generator: what SecureRandom reads on Linux as well, but the first SecureRandom of
     * a JVM costs several milliseconds, in every rank.
     */
    public static void fill(byte[] bytes) {
        try (FileInputStream in = new FileInputStream(KERNEL_SOURCE)) {
            if (in.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                return;
            }
        } catch (IOException e) {
            // No such file on this system: the portable way below.
        }
        new SecureRandom().nextBytes(bytes);
    }

    /** Returns 64 random bits. */
    public static long word() {
        byte[] bytes = new byte[Long.BYTES];
        fill(bytes);
        long word = 0;
        for (byte b : bytes) {
            word = word << Byte.SIZE | b & 0xff;
        }
        return word;
    }

    /** Returns a prefix followed by 16 random hexadecimal digits. */
    public static String name(String prefix) {
        byte[] bytes = new byte[NAME_BYTES];
        fill(bytes);
        return prefix.concat(HexFormat.of().formatHex(bytes));
    }
}
