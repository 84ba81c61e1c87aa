package org.jadi.bootstrap;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The random secret of one job: 32 bytes that never stand on a command line, in a log or in {@link #toString}. */
public final class JobSecret {
    /** Length of a secret in bytes. */
    public static final int BYTES = 32;

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
        new SecureRandom().nextBytes(bytes);
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

    /** Returns HMAC-SHA-256 of the message under this secret: 32 bytes. */
    byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "JobSecret[hidden]";
    }
}
