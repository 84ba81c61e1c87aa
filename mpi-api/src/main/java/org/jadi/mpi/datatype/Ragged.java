package org.jadi.mpi.datatype;

/** Runs of one kind, of different lengths at places without a rule. */
public final class Ragged extends Layout {
    final Kind kind;
    final long offset;
    final long[] displacements;

    /** Place of each run in the message; one more for the end. */
    final long[] starts;

    /** For {@link Layouts}. The arrays are not copied. */
    Ragged(Kind kind, long[] displacements, long[] starts) {
        super(starts[displacements.length], Layouts.least(displacements), greatestEnd(displacements, starts), kind.bytes,
                Signature.of(kind, starts[displacements.length] / kind.bytes));
        this.kind = kind;
        this.offset = 0;
        this.displacements = displacements;
        this.starts = starts;
    }

    private Ragged(Ragged other, long by) {
        super(other.size, Math.addExact(other.low, by), Math.addExact(other.high, by), other.alignment, other.signature);
        this.kind = other.kind;
        this.offset = other.offset + by;
        this.displacements = other.displacements;
        this.starts = other.starts;
    }

    private static long greatestEnd(long[] displacements, long[] starts) {
        long high = Long.MIN_VALUE;
        for (int i = 0; i < displacements.length; i++) {
            high = Math.max(high, Math.addExact(displacements[i], starts[i + 1] - starts[i]));
        }
        return high;
    }

    @Override
    Layout moved(long by) {
        return new Ragged(this, by);
    }

    @Override
    Layout erasure() {
        return kind == Kind.BYTE ? this : new Ragged(Kind.BYTE, displacements, starts).shifted(offset);
    }

    @Override
    public void move(Copier copier, long origin, long first, long last, long packed) {
        int i = Layouts.find(starts, first);
        long inside = first - starts[i];
        long at = origin + offset;
        long to = packed;
        if (inside > 0) {
            long part = Math.min(starts[i + 1] - first, last - first);
            copier.run(kind, at + displacements[i++] + inside, to, part);
            to += part;
        }
        int end = last == size ? displacements.length : Math.max(i, Layouts.find(starts, last));
        if (end > i) {
            copier.ragged(kind, at, displacements, starts, i, end, to);
            to += starts[end] - starts[i];
        }
        if (to - packed < last - first) {
            copier.run(kind, at + displacements[end], to, last - first - (to - packed));
        }
    }

    @Override
    public Signature prefix(long bytes) {
        return bytes % kind.bytes == 0 ? Signature.of(kind, bytes / kind.bytes) : null;
    }

    @Override
    public long parts() {
        return 1;
    }

    @Override
    public String toString() {
        return displacements.length + " runs @" + offset + " of " + kind + ", " + size + " bytes";
    }
}
