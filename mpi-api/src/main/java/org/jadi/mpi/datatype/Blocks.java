package org.jadi.mpi.datatype;

/** The same part at many places without a rule. */
public final class Blocks extends Layout {
    final long offset;
    final long[] displacements;
    final Layout child;

    /** For {@link Layouts}. The array is not copied. */
    Blocks(long[] displacements, Layout child) {
        super(Math.multiplyExact(displacements.length, child.size), Math.addExact(child.low, Layouts.least(displacements)),
                Math.addExact(child.high, Layouts.greatest(displacements)), child.alignment,
                child.signature.repeat(displacements.length));
        this.offset = 0;
        this.displacements = displacements;
        this.child = child;
    }

    private Blocks(Blocks other, long by) {
        super(other.size, Math.addExact(other.low, by), Math.addExact(other.high, by), other.alignment, other.signature);
        this.offset = other.offset + by;
        this.displacements = other.displacements;
        this.child = other.child;
    }

    @Override
    Layout moved(long by) {
        return new Blocks(this, by);
    }

    @Override
    Layout erasure() {
        return Layouts.blocks(displacements, child.erase()).shifted(offset);
    }

    @Override
    public void move(Copier copier, long origin, long first, long last, long packed) {
        long each = child.size;
        int i = (int) (first / each);
        long inside = first - i * each;
        long at = origin + offset;
        long to = packed;
        long left = last - first;
        if (inside == 0 && child instanceof Run run && left >= each) {
            int whole = (int) (left / each);
            copier.scattered(run.kind, at + run.offset, displacements, i, i + whole, each, to);
            i += whole;
            to += whole * each;
            left -= whole * each;
        }
        while (left > 0) {
            long part = Math.min(each - inside, left);
            child.move(copier, at + displacements[i++], inside, inside + part, to);
            to += part;
            left -= part;
            inside = 0;
        }
    }

    @Override
    public Signature prefix(long bytes) {
        Signature rest = child.prefix(bytes % child.size);
        return rest == null ? null : child.signature.repeat(bytes / child.size).then(rest);
    }

    @Override
    public long parts() {
        return 1 + child.parts();
    }

    @Override
    public String toString() {
        return displacements.length + " blocks @" + offset + " {" + child + "}";
    }
}
