package org.jadi.mpi.datatype;

import java.util.Arrays;
import java.util.List;

/** Different parts, one after the other in the message. */
public final class Sequence extends Layout {
    final long offset;
    final Layout[] children;

    /** Place of each child in the message; one more for the end. */
    final long[] starts;

    /** Places and lengths of the children if all are runs, otherwise null. */
    private final long[] runOffsets;
    private final long[] runLengths;

    /** For {@link Layouts}. Two children or more, none of them empty. */
    Sequence(List<Layout> parts) {
        this(parts.toArray(Layout[]::new), starts(parts));
    }

    private Sequence(Layout[] children, long[] starts) {
        super(starts[children.length], low(children), high(children), alignment(children), signature(children));
        this.offset = 0;
        this.children = children;
        this.starts = starts;
        boolean runs = Arrays.stream(children).allMatch(Layout::isRun);
        this.runOffsets = runs ? Arrays.stream(children).mapToLong(c -> c.low).toArray() : null;
        this.runLengths = runs ? Arrays.stream(children).mapToLong(c -> c.size).toArray() : null;
    }

    private Sequence(Sequence other, long by) {
        super(other.size, Math.addExact(other.low, by), Math.addExact(other.high, by), other.alignment, other.signature);
        this.offset = other.offset + by;
        this.children = other.children;
        this.starts = other.starts;
        this.runOffsets = other.runOffsets;
        this.runLengths = other.runLengths;
    }

    /** Returns where the children are, counted from {@link #offset}; null unless all are runs. */
    long[] runOffsets() {
        return runOffsets;
    }

    /** Returns how long the children are; null unless all are runs. */
    long[] runLengths() {
        return runLengths;
    }

    private static long[] starts(List<Layout> parts) {
        long[] starts = new long[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], parts.get(i).size);
        }
        return starts;
    }

    private static long low(Layout[] children) {
        return Arrays.stream(children).mapToLong(c -> c.low).min().orElseThrow();
    }

    private static long high(Layout[] children) {
        return Arrays.stream(children).mapToLong(c -> c.high).max().orElseThrow();
    }

    private static int alignment(Layout[] children) {
        return Arrays.stream(children).mapToInt(c -> c.alignment).max().orElseThrow();
    }

    private static Signature signature(Layout[] children) {
        Signature s = Signature.EMPTY;
        for (Layout c : children) {
            s = s.then(c.signature);
        }
        return s;
    }

    @Override
    Layout moved(long by) {
        return new Sequence(this, by);
    }

    @Override
    Layout erasure() {
        return Layouts.join(Arrays.stream(children).map(Layout::erase).toList()).shifted(offset);
    }

    @Override
    public void move(Copier copier, long origin, long first, long last, long packed) {
        int i = Layouts.find(starts, first);
        long inside = first - starts[i];
        long at = origin + offset;
        long to = packed;
        for (long left = last - first; left > 0; i++) {
            Layout child = children[i];
            long part = Math.min(child.size - inside, left);
            if (child instanceof Run run) {
                copier.run(run.kind, at + run.offset + inside, to, part);
            } else {
                child.move(copier, at, inside, inside + part, to);
            }
            to += part;
            left -= part;
            inside = 0;
        }
    }

    @Override
    public Signature prefix(long bytes) {
        if (bytes == size) {
            return signature;
        }
        int end = Layouts.find(starts, bytes);
        Signature s = Signature.EMPTY;
        for (int i = 0; i < end; i++) {
            s = s.then(children[i].signature);
        }
        Signature rest = children[end].prefix(bytes - starts[end]);
        return rest == null ? null : s.then(rest);
    }

    @Override
    public long parts() {
        long parts = 1;
        for (Layout c : children) {
            parts += c.parts();
        }
        return parts;
    }

    @Override
    public String toString() {
        return "@" + offset + " " + Arrays.toString(children);
    }
}
