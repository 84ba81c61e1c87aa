package org.jadi.mpi.collective;

import org.jadi.mpi.datatype.Signature;

/**
 * What must be equal on all ranks that call an operation together, in one word: operation, reduction, root, type signature.
 *
 * <pre>
 *  bits 63..58  operation, by its place in {@link Operation}
 *  bits 57..50  reduction: 0 for none, else one more than its number
 *  bits 49..32  root, one more; 0 for none
 *  bits 31..0   hash of the type signature; 0 for one that is not compared
 * </pre>
 */
public final class Check {
    /** Which of them differs first. */
    public enum Difference {
        /** Another operation. */
        OPERATION,
        /** Another root. */
        ROOT,
        /** Another reduction. */
        OP,
        /** Other lengths. */
        LENGTH,
        /** Other types. */
        TYPE
    }

    private static final String[] OPS = {"SUM", "PROD", "MIN", "MAX", "LAND", "LOR", "LXOR", "BAND", "BOR", "BXOR", "MINLOC", "MAXLOC",
        "REPLACE", "NO_OP"};
    private static final int ROOT_MASK = 0x3FFFF;

    private Check() {}

    /**
     * Makes a word.
     *
     * @param reduction or null
     * @param root or -1
     * @param signature of the data that all have in common, or null
     */
    public static long of(Operation operation, Reduction reduction, int root, Signature signature) {
        return (long) operation.ordinal() << 58 | (long) number(reduction) << 50 | (root + 1L & ROOT_MASK) << 32
                | (signature == null ? 0 : hash(signature.hash(), reduction));
    }

    private static long hash(long h, Reduction reduction) {
        // Pieces are cut between elements, so their size is part of what must agree.
        long mixed = h + (reduction == null ? 0 : reduction.elementBytes() * 0x9E37_79B9L);
        int folded = (int) (mixed ^ mixed >>> 32);
        return (folded == 0 ? 1 : folded) & 0xFFFF_FFFFL;
    }

    private static int number(Reduction reduction) {
        if (reduction == null) {
            return 0;
        }
        for (int i = 0; i < OPS.length; i++) {
            if (OPS[i].equals(reduction.name())) {
                return i + 1;
            }
        }
        return OPS.length + 1;
    }

    /** Returns what differs, or null. Signatures that are not compared are equal to all. */
    public static Difference difference(long ours, long theirs, long ourBytes, long theirBytes) {
        if (ours >>> 58 != theirs >>> 58) {
            return Difference.OPERATION;
        }
        if (root(ours) != root(theirs)) {
            return Difference.ROOT;
        }
        if (op(ours) != op(theirs)) {
            return Difference.OP;
        }
        if (ourBytes != theirBytes) {
            return Difference.LENGTH;
        }
        return (int) ours != (int) theirs && (int) ours != 0 && (int) theirs != 0 ? Difference.TYPE : null;
    }

    private static int root(long word) {
        return (int) (word >>> 32) & ROOT_MASK;
    }

    private static int op(long word) {
        return (int) (word >>> 50) & 0xFF;
    }

    /** Describes a word for people. */
    public static String describe(long word, long bytes) {
        int operation = (int) (word >>> 58);
        int op = op(word);
        return (operation < Operation.values().length ? Operation.values()[operation].label : "an unknown operation")
                + (op == 0 ? "" : " op=" + (op <= OPS.length ? OPS[op - 1] : "user"))
                + (root(word) == 0 ? "" : " root=" + (root(word) - 1)) + " bytes=" + bytes
                + ((int) word == 0 ? "" : " signature=" + Integer.toHexString((int) word));
    }
}
