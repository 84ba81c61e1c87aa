package org.jadi.device.self;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to words that two threads share, with the ordering in the name. */
final class SelfWords {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private SelfWords() {}

    static long loadAcquire(long[] words, int index) {
        return (long) LONGS.getAcquire(words, index);
    }

    static void storeRelease(long[] words, int index, long value) {
        LONGS.setRelease(words, index, value);
    }
}
