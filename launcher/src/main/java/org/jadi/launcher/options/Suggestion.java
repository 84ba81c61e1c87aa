package org.jadi.launcher.options;

import java.util.Arrays;
import java.util.Locale;

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
                int distance = bare(name).length() < 2 ? Integer.MAX_VALUE : distance(bare(typed), bare(name));
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

    /** Returns how many letters must be inserted, deleted, changed or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(d[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            d[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
