package org.jadi.mpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jadi.mpi.datatype.Kind;

/**
 * A type map as the standard defines it: a plain list of basic types with displacements, and perhaps markers of its bounds.
 * SPEC: MPI 4.1 §5.1 to §5.1.7. Nothing is shared with what is tested but the list of basic types.
 */
final class TypeModel {
    record Entry(Kind kind, long at) {}

    final List<Entry> entries = new ArrayList<>();
    final List<Long> lowerMarks = new ArrayList<>();
    final List<Long> upperMarks = new ArrayList<>();

    static TypeModel basic(Kind kind) {
        TypeModel m = new TypeModel();
        m.entries.add(new Entry(kind, 0));
        return m;
    }

    /** Appends copies of another map, {@code number} in a row from a displacement on. */
    TypeModel add(TypeModel other, long number, long displacement) {
        for (long i = 0; i < number; i++) {
            long at = displacement + i * other.extent();
            other.entries.forEach(e -> entries.add(new Entry(e.kind, e.at + at)));
            other.lowerMarks.forEach(l -> lowerMarks.add(l + at));
            other.upperMarks.forEach(u -> upperMarks.add(u + at));
        }
        return this;
    }

    TypeModel resized(long lb, long extent) {
        TypeModel m = new TypeModel();
        m.entries.addAll(entries);
        m.lowerMarks.add(lb);
        m.upperMarks.add(lb + extent);
        return m;
    }

    long lb() {
        return lowerMarks.isEmpty() ? trueLb() : lowerMarks.stream().min(Long::compare).get();
    }

    long ub() {
        if (!upperMarks.isEmpty()) {
            return upperMarks.stream().max(Long::compare).get();
        }
        long alignment = entries.stream().mapToLong(e -> e.kind.bytes).max().orElse(1);
        long extent = trueUb() - lb();
        while (extent % alignment != 0) {
            extent++;
        }
        return lb() + extent;
    }

    long extent() {
        return ub() - lb();
    }

    long trueLb() {
        return entries.stream().mapToLong(Entry::at).min().orElse(0);
    }

    long trueUb() {
        return entries.stream().mapToLong(e -> e.at + e.kind.bytes).max().orElse(0);
    }

    long size() {
        return entries.stream().mapToLong(e -> e.kind.bytes).sum();
    }

    List<Kind> signature() {
        return entries.stream().map(Entry::kind).toList();
    }

    /** Places in memory of the packed bytes, in their order. */
    long[] places() {
        return entries.stream().flatMapToLong(e -> java.util.stream.LongStream.range(e.at, e.at + e.kind.bytes)).toArray();
    }

    boolean overlaps() {
        Set<Long> seen = new HashSet<>();
        for (long p : places()) {
            if (!seen.add(p)) {
                return true;
            }
        }
        return false;
    }

    TypeModel repeated(long count) {
        return new TypeModel().add(this, count, 0);
    }
}
