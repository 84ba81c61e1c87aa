package org.jadi.mpi.datatype;

/** The same part again and again, at equal distances. */
public final class Loop extends Layout {
    final long offset;
    final long count;
    final long stride;
    final Layout child;

    /** For {@link Layouts}, which finds simpler forms. The child begins at its own place; two copies or more. */
    Loop(long offset, long count, long stride, Layout child) {
        super(Math.multiplyExact(count, child.size), low(offset, count, stride, child), high(offset, count, stride, child),
                child.alignment, child.signature.repeat(count));
        this.offset = offset;
        this.count = count;
        this.stride = stride;
        this.child = child;
    }

    private Loop(Loop other, long by) {
        super(other.size, Math.addExact(other.low, by), Math.addExact(other.high, by), other.alignment, other.signature);
        this.offset = other.offset + by;
        this.count = other.count;
        this.stride = other.stride;
        this.child = other.child;
    }

    private static long low(long offset, long count, long stride, Layout child) {
        return Math.addExact(Math.addExact(offset, child.low), Math.min(0, Math.multiplyExact(count - 1, stride)));
    }

    private static long high(long offset, long count, long stride, Layout child) {
        return Math.addExact(Math.addExact(offset, child.high), Math.max(0, Math.multiplyExact(count - 1, stride)));
    }

    @Override
    Layout moved(long by) {
        return new Loop(this, by);
    }

    @Override
    Layout erasure() {
        return Layouts.repeat(count, stride, child.erase()).shifted(offset);
    }

    @Override
    public void move(Copier copier, long origin, long first, long last, long packed) {
        long each = child.size;
        long i = first / each;
        long inside = first - i * each;
        if (child instanceof Run run) {
            moveRuns(copier, run, origin + offset + run.offset + i * stride, inside, last - first, packed);
            return;
        }
        long at = origin + offset + i * stride;
        long to = packed;
        for (long left = last - first; left > 0;) {
            int whole = inside == 0 && child instanceof Sequence ? (int) Math.min(left / each, Integer.MAX_VALUE) : 0;
            if (whole > 0) {
                Sequence element = (Sequence) child;
                copier.elements(element, at + element.offset, stride, null, 0, whole, to);
                at += whole * stride;
                to += whole * each;
                left -= whole * each;
                continue;
            }
            long part = Math.min(each - inside, left);
            child.move(copier, at, inside, inside + part, to);
            at += stride;
            to += part;
            left -= part;
            inside = 0;
        }
    }

    private void moveRuns(Copier copier, Run run, long at, long inside, long bytes, long packed) {
        long each = run.size;
        long memory = at;
        long to = packed;
        long left = bytes;
        if (inside > 0) {
            long part = Math.min(each - inside, left);
            copier.run(run.kind, memory + inside, to, part);
            memory += stride;
            to += part;
            left -= part;
        }
        long whole = left / each;
        if (whole > 0) {
            copier.strided(run.kind, memory, stride, each, whole, to);
            memory += whole * stride;
            to += whole * each;
            left -= whole * each;
        }
        if (left > 0) {
            copier.run(run.kind, memory, to, left);
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
        return count + " x " + stride + " @" + offset + " {" + child + "}";
    }
}
