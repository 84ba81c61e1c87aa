package org.jadi.launcher.options;

import java.util.Locale;
import org.jadi.bootstrap.Spelling;

/** The option that was probably meant. */
final class Suggestion {
    private Suggestion() {
    }

    /** Returns the known name nearest to a mistyped one, or null if none is near. */
    static String nearest(String typed) {
        String best = null;
        int least = Math.max(1, bare(typed).length() / 3) + 1;
        for (OptionName option : OptionName.values()) {
            for (String name : option.names()) {
                int distance = bare(name).length() < 2 ? Integer.MAX_VALUE : Spelling.distance(bare(typed), bare(name));
                if (distance < least) {
                    least = distance;
                    best = name;
                }
            }
        }
        return best;
    }

    private static String bare(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '-') {
            start++;
        }
        return name.substring(start).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
