package org.jadi.adi.config;

/**
 * One knob.
 *
 * <p>Its system property is {@code jadi.} and the name, {@code jadi.shm.ringBytes}; its environment variable is the same
 * in capitals with underscores at dots and before inner capitals, {@code JADI_SHM_RING_BYTES}; in {@code jadi.properties}
 * it stands under the name of the system property.
 *
 * @param name dotted name without {@code jadi.}: {@code shm.ringBytes}
 * @param type how the value is written
 * @param defaultValue as a user would write it
 * @param text one sentence for the documentation: what it does, unit and range
 */
public record ConfigKey(String name, Type type, String defaultValue, String text) {
    /** What the names of environment variables begin with. */
    static final String VARIABLES = "JADI_";

    /** How a value is written. */
    public enum Type {
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** A whole number. */
        INTEGER,
        /** Bytes; suffixes {@code k}, {@code m}, {@code g} are powers of 1024. */
        SIZE,
        /** A time with a unit: {@code 50us}, {@code 3ms}, {@code 2s}; a bare number is seconds. */
        TIME,
        /** Any text. */
        TEXT
    }

    /** Returns the name of the system property. */
    public String property() {
        return "jadi." + name;
    }

    /** Returns the name of the environment variable. */
    public String environment() {
        StringBuilder s = new StringBuilder(VARIABLES);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                s.append('_');
            } else if (Character.isUpperCase(c)) {
                s.append('_').append(c);
            } else {
                s.append(Character.toUpperCase(c));
            }
        }
        return s.toString();
    }
}
