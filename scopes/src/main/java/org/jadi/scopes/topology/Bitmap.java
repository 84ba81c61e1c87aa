package org.jadi.scopes.topology;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * An immutable set of indexes that are 0 or more, as the operating system numbers CPUs or memory nodes. Any thread.
 *
 * <p>Written as a list of ranges, {@code 0-3,8}, or in hwloc's hexadecimal form, {@code 0x00000001,0x0000000f}, whose
 * groups are 32 bits, the highest first.
 *
 * @param <S> the kind of set, so that CPUs and memory nodes are not mixed up
 */
public abstract sealed class Bitmap<S extends Bitmap<S>> permits CpuSet, NodeSet {
    /** Indexes above this are refused, so that a malformed text cannot ask for a giant set. */
    public static final int GREATEST_INDEX = (1 << 20) - 1;

    private final long[] words; // never changed; the last one is not 0

    Bitmap(long[] words) {
        int length = words.length;
        while (length > 0 && words[length - 1] == 0) {
            length--;
        }
        this.words = length == words.length ? words : Arrays.copyOf(words, length);
    }

    abstract S make(long[] words);

    abstract S self();

    /** Returns the members of either set. */
    public S or(S other) {
        Bitmap<S> o = other;
        if (o.words.length > words.length) {
            return o.or(self());
        }
        long[] result = words.clone();
        for (int i = 0; i < o.words.length; i++) {
            result[i] |= o.words[i];
        }
        return make(result);
    }

    /** Returns the members of both sets. */
    public S and(S other) {
        Bitmap<S> o = other;
        long[] result = new long[Math.min(words.length, o.words.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = words[i] & o.words[i];
        }
        return make(result);
    }

    /** Returns the members of this set that are not in the other. */
    public S andNot(S other) {
        Bitmap<S> o = other;
        long[] result = words.clone();
        for (int i = 0; i < Math.min(result.length, o.words.length); i++) {
            result[i] &= ~o.words[i];
        }
        return make(result);
    }

    /** Returns the members of exactly one of both sets. */
    public S xor(S other) {
        return or(other).andNot(and(other));
    }

    /** Returns whether an index is a member. */
    public boolean contains(int index) {
        return index >= 0 && index >> 6 < words.length && (words[index >> 6] & 1L << index) != 0;
    }

    /** Returns whether all members of the other set are members of this one; an empty set is in every set. */
    public boolean containsAll(S other) {
        Bitmap<S> o = other;
        for (int i = 0; i < o.words.length; i++) {
            if ((o.words[i] & ~(i < words.length ? words[i] : 0)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the sets have a member in common. */
    public boolean intersects(S other) {
        Bitmap<S> o = other;
        for (int i = 0; i < Math.min(words.length, o.words.length); i++) {
            if ((words[i] & o.words[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether there is no member. */
    public boolean isEmpty() {
        return words.length == 0;
    }

    /** Returns the number of members. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Returns the lowest member, or -1 if there is none. */
    public int first() {
        return next(-1);
    }

    /** Returns the highest member, or -1 if there is none. */
    public int last() {
        return words.length == 0 ? -1 : words.length * 64 - 1 - Long.numberOfLeadingZeros(words[words.length - 1]);
    }

    /** Returns the lowest member above an index, which may be -1; or -1 if there is none. */
    public int next(int index) {
        int from = index + 1;
        for (int i = from >> 6; i < words.length; i++) {
            long word = i == from >> 6 ? words[i] & -1L << from : words[i];
            if (word != 0) {
                return i * 64 + Long.numberOfTrailingZeros(word);
            }
        }
        return -1;
    }

    /** Returns the members, lowest first. */
    public IntStream stream() {
        return BitSet.valueOf(words).stream();
    }

    /** Returns the members as bits of little-endian words, as the kernel takes them; the caller's own copy. */
    public long[] toWords() {
        return words.clone();
    }

    /** Returns the set in hwloc's hexadecimal form; {@code 0x0} if empty. */
    public String toHex() {
        if (words.length == 0) {
            return "0x0";
        }
        StringBuilder s = new StringBuilder();
        for (int i = last() / 32; i >= 0; i--) {
            long group = words[i / 2] >>> i % 2 * 32 & 0xFFFF_FFFFL;
            s.append(s.isEmpty() ? "0x" : ",0x").append(String.format("%08x", group));
        }
        return s.toString();
    }

    /** Returns the set as a list of ranges, {@code 0-3,8}; empty text if empty. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (int begin = first(); begin >= 0;) {
            int end = begin;
            while (contains(end + 1)) {
                end++;
            }
            s.append(s.isEmpty() ? "" : ",").append(begin);
            if (end > begin) {
                s.append('-').append(end);
            }
            begin = next(end);
        }
        return s.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && Arrays.equals(words, ((Bitmap<?>) other).words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    static long[] wordsOf(IntStream indexes) {
        BitSet bits = new BitSet();
        indexes.forEach(i -> bits.set(checked(i)));
        return bits.toLongArray();
    }

    static long[] wordsOfRange(int first, int last) {
        BitSet bits = new BitSet();
        if (first > last) {
            throw new IllegalArgumentException("the range ends before it begins: first=" + first + " last=" + last);
        }
        bits.set(checked(first), checked(last) + 1);
        return bits.toLongArray();
    }

    static long[] wordsOfText(String text) {
        String s = text.strip();
        try {
            return s.startsWith("0x") || s.startsWith(",") ? wordsOfHex(s) : wordsOfList(s);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a set is written 0-3,8 or 0x0000010f: value=" + text, e);
        }
    }

    private static long[] wordsOfList(String text) {
        BitSet bits = new BitSet();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int dash = part.indexOf('-', 1);
            int first = checked(Integer.parseInt(dash < 0 ? part.strip() : part.substring(0, dash).strip()));
            int last = dash < 0 ? first : checked(Integer.parseInt(part.substring(dash + 1).strip()));
            if (last < first) {
                throw new IllegalArgumentException("a range ends before it begins: range=" + part + " value=" + text);
            }
            bits.set(first, last + 1);
        }
        return bits.toLongArray();
    }

    private static long[] wordsOfHex(String text) {
        if (text.contains("...")) {
            throw new IllegalArgumentException("an infinite set is not a set of a machine: value=" + text);
        }
        String[] groups = text.split(",", -1);
        if (groups.length > GREATEST_INDEX / 32) {
            throw new IllegalArgumentException("the set is larger than any machine: groups=" + groups.length);
        }
        long[] words = new long[(groups.length + 1) / 2];
        for (int i = 0; i < groups.length; i++) {
            String group = groups[groups.length - 1 - i].strip();
            long bits = group.isEmpty() ? 0 : Integer.parseUnsignedInt(group.startsWith("0x") ? group.substring(2) : group, 16)
                    & 0xFFFF_FFFFL;
            words[i / 2] |= bits << i % 2 * 32;
        }
        return words;
    }

    private static int checked(int index) {
        if (index < 0 || index > GREATEST_INDEX) {
            throw new IllegalArgumentException("an index must be between 0 and " + GREATEST_INDEX + ": index=" + index);
        }
        return index;
    }
}
