package org.jadi.adi.config;

/** Knobs that the engine documents and that several devices read. */
public final class CommonKeys {
    /** Whether calls into native libraries are allowed: {@code auto} or {@code none}. */
    public static final ConfigKey NATIVE = new ConfigKey("native", ConfigKey.Type.TEXT, "auto",
            "Whether native libraries may be called: auto, or none (works, slower).");

    private CommonKeys() {}

    /** Returns whether a configuration allows native calls. */
    public static boolean allowsNative(Config config) {
        return switch (config.text(NATIVE)) {
            case "auto" -> true;
            case "none" -> false;
            default -> throw new IllegalArgumentException(NATIVE.property() + " must be auto or none: value="
                    + config.text(NATIVE));
        };
    }
}
