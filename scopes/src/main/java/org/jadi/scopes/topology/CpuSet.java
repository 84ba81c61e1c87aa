package org.jadi.scopes.topology;

import java.util.stream.IntStream;

/** An immutable set of CPUs (hwloc's PUs, hardware threads), by the numbers that the operating system gives them. Any thread. */
public final class CpuSet extends Bitmap<CpuSet> {
    /** No CPU. */
    public static final CpuSet EMPTY = new CpuSet(new long[0]);

    private CpuSet(long[] words) {
        super(words);
    }

    /** Returns the set of these indexes, in any order. */
    public static CpuSet of(int... indexes) {
        return new CpuSet(wordsOf(IntStream.of(indexes)));
    }

    /** Returns the set of these indexes, in any order. */
    public static CpuSet of(IntStream indexes) {
        return new CpuSet(wordsOf(indexes));
    }

    /** Returns the set of all indexes from the first to the last, both included. */
    public static CpuSet range(int first, int last) {
        return new CpuSet(wordsOfRange(first, last));
    }

    /**
     * Reads a set written as {@link Bitmap} says, {@code 0-3,8} or {@code 0x0000010f}.
     *
     * @throws IllegalArgumentException if the text is something else, or an infinite set
     */
    public static CpuSet parse(String text) {
        return new CpuSet(wordsOfText(text));
    }

    /** Returns the set whose members are the bits of little-endian words. */
    public static CpuSet ofWords(long[] words) {
        return new CpuSet(words.clone());
    }

    @Override
    CpuSet make(long[] words) {
        return new CpuSet(words);
    }

    @Override
    CpuSet self() {
        return this;
    }
}
