package org.jadi.mpi.datatype;

/** Adjacent elements of one kind. */
public final class Run extends Layout {
    final Kind kind;
    final long offset;

    Run(Kind kind, long offset, long bytes) {
        super(bytes, offset, Math.addExact(offset, bytes), bytes == 0 ? 1 : kind.bytes,
                bytes == 0 ? Signature.EMPTY : Signature.of(kind, bytes / kind.bytes));
        this.kind = kind;
        this.offset = offset;
    }

    private Run(Run other, long offset) {
        super(other.size, offset, Math.addExact(offset, other.size), other.alignment, other.signature);
        this.kind = other.kind;
        this.offset = offset;
    }

    /** Returns what the elements are. */
    public Kind kind() {
        return kind;
    }

    @Override
    Layout moved(long by) {
        return new Run(this, Math.addExact(offset, by));
    }

    @Override
    Layout erasure() {
        return kind == Kind.BYTE ? this : new Run(Kind.BYTE, offset, size);
    }

    @Override
    public void move(Copier copier, long origin, long first, long last, long packed) {
        copier.run(kind, origin + offset + first, packed, last - first);
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
        return kind + "[" + offset + ", " + size + " bytes]";
    }
}
