package org.jadi.mpi.launch;

import org.jadi.adi.config.Config;

/**
 * Prints every configuration key with its value and where that comes from; with {@code --markdown}, the reference that
 * stands in {@code docs/configuration.md}.
 */
public final class PrintConfig {
    private PrintConfig() {}

    /** Entry of the program. */
    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("--markdown")) {
            System.out.print(ConfigReference.markdown());
            return;
        }
        if (args.length != 0) {
            System.err.println("usage: PrintConfig [--markdown]");
            System.exit(2);
        }
        try {
            System.out.print(values(Config.load()));
        } catch (IllegalArgumentException e) {
            System.err.println("jadi: " + e.getMessage());
            System.exit(1);
        }
    }

    static String values(Config config) {
        StringBuilder s = new StringBuilder();
        ConfigReference.keys().values().forEach(keys -> keys.forEach(k -> s.append(k.property()).append('=')
                .append(config.text(k)).append("   (").append(config.source(k)).append(")\n")));
        return s.toString();
    }
}
