package org.jadi.mpi.datatype;

/**
 * Where the elements of a type lie in memory, in the order of the type map; a tree whose leaves are runs of bytes. Positions
 * "in the message" count packed bytes, positions in memory count from the type's origin and may be negative.
 */
public abstract sealed class Layout permits Run, Loop, Blocks, Ragged, Sequence {
    /** No element. */
    public static final Layout EMPTY = new Run(Kind.BYTE, 0, 0);

    /** Packed bytes. */
    public final long size;

    /** First byte in memory: the true lower bound. */
    public final long low;

    /** Byte after the last one in memory: the true upper bound. */
    public final long high;

    /** Largest alignment of an element, in bytes. */
    public final int alignment;

    /** Kinds of the elements in their order. */
    public final Signature signature;

    private Layout erased;

    Layout(long size, long low, long high, int alignment, Signature signature) {
        this.size = size;
        this.low = low;
        this.high = high;
        this.alignment = alignment;
        this.signature = signature;
    }

    /** Returns the same layout elsewhere. */
    public final Layout shifted(long by) {
        return by == 0 || size == 0 ? this : moved(by);
    }

    /** Returns the layout of the same bytes without kinds: with as few parts as can be. */
    public final Layout erase() {
        // A race is benign: both threads make the same.
        if (erased == null) {
            erased = erasure();
        }
        return erased;
    }

    /** Returns whether the elements are one run of bytes. */
    public final boolean isRun() {
        return this instanceof Run;
    }

    abstract Layout moved(long by);

    abstract Layout erasure();

    /**
     * Moves bytes {@code first} to {@code last} of the message.
     *
     * @param origin place of the type's origin in the memory of the copier
     * @param packed place of byte {@code first} in the copier's packed memory
     */
    public abstract void move(Copier copier, long origin, long first, long last, long packed);

    /** Returns the signature of the first bytes of the message, 0 to size, or null if they end within an element. */
    public abstract Signature prefix(long bytes);

    /** Returns the number of leaves and inner parts, for tests and reports: each object once for each place. */
    public abstract long parts();
}
