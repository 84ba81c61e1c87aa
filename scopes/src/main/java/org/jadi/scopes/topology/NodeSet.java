package org.jadi.scopes.topology;

import java.util.stream.IntStream;

/** An immutable set of memory (NUMA) nodes, by the numbers that the operating system gives them. Any thread. */
public final class NodeSet extends Bitmap<NodeSet> {
    /** No node. */
    public static final NodeSet EMPTY = new NodeSet(new long[0]);

    private NodeSet(long[] words) {
        super(words);
    }

    /** Returns the set of these indexes, in any order. */
    public static NodeSet of(int... indexes) {
        return new NodeSet(wordsOf(IntStream.of(indexes)));
    }

    /** Returns the set of these indexes, in any order. */
    public static NodeSet of(IntStream indexes) {
        return new NodeSet(wordsOf(indexes));
    }

    /** Returns the set of all indexes from the first to the last, both included. */
    public static NodeSet range(int first, int last) {
        return new NodeSet(wordsOfRange(first, last));
    }

    /**
     * Reads a set written as {@link Bitmap} says, {@code 0-3,8} or {@code 0x0000010f}.
     *
     * @throws IllegalArgumentException if the text is something else, or an infinite set
     */
    public static NodeSet parse(String text) {
        return new NodeSet(wordsOfText(text));
    }

    /** Returns the set whose members are the bits of little-endian words. */
    public static NodeSet ofWords(long[] words) {
        return new NodeSet(words.clone());
    }

    @Override
    NodeSet make(long[] words) {
        return new NodeSet(words);
    }

    @Override
    NodeSet self() {
        return this;
    }
}
