package org.jadi.testkit;

import java.util.SplittableRandom;

/** Where random tests get their seed: {@code -Djadi.seed}, or a new one; it is printed either way. */
public final class Seeds {
    private Seeds() {}

    /** Returns the seed for a test and prints how to repeat it. */
    public static long seed(String test) {
        Long given = Long.getLong("jadi.seed");
        long seed = given != null ? given : new SplittableRandom().nextLong() >>> 16;
        System.out.println("[jadi] " + test + ": repeat with -Djadi.seed=" + seed);
        return seed;
    }

    /** Returns how many times longer than usual random tests run: {@code -Djadi.effort}, default 1. */
    public static int effort() {
        return Math.max(1, Integer.getInteger("jadi.effort", 1));
    }
}
