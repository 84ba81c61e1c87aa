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
        while (left > 0) {
            int whole = inside == 0 ? (int) (left / each) : 0;
            if (whole > 0 && moveWhole(copier, at, i, i + whole, to)) {
                i += whole;
                to += whole * each;
                left -= whole * each;
                continue;
            }
            long part = Math.min(each - inside, left);
            child.move(copier, at + displacements[i++], inside, inside + part, to);
            to += part;
            left -= part;
            inside = 0;
        }
    }

    /** Moves whole blocks in one call; returns false for children that have none. */
    private boolean moveWhole(Copier copier, long at, int first, int end, long packed) {
        if (child instanceof Run run) {
            copier.scattered(run.kind, at + run.offset, displacements, first, end, child.size, packed);
        } else if (child instanceof Sequence element) {
            copier.elements(element, at + element.offset, 0, displacements, first, end, packed);
        } else {
            return false;
        }
        return true;
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
