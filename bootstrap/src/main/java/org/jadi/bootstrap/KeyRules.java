package org.jadi.bootstrap;

/** What a key and a value of the key-value space may be; every implementation asks here. */
public final class KeyRules {
    /** Longest key in characters. */
    public static final int MAX_KEY_CHARS = 128;
    /** Longest value in bytes. */
    public static final int MAX_VALUE_BYTES = 65536;

    private KeyRules() {
    }

    /** Returns whether a key is 1 to 128 printable ASCII characters without spaces. */
    public static boolean legalKey(String key) {
        boolean legal = !key.isEmpty() && key.length() <= MAX_KEY_CHARS;
        for (int i = 0; i < key.length(); i++) {
            legal &= key.charAt(i) > ' ' && key.charAt(i) < 0x7f;
        }
        return legal;
    }

    /**
     * Checks a pair before it is stored.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static void check(String key, byte[] value) {
        if (!legalKey(key)) {
            throw new IllegalArgumentException("a key must be 1 to " + MAX_KEY_CHARS
                    + " printable ASCII characters without spaces: key=\"" + key + "\"");
        }
        if (value.length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("a value must have at most " + MAX_VALUE_BYTES + " bytes: key=" + key
                    + " length=" + value.length);
        }
    }
}
