package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.PackPlan;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Layout;
import org.jadi.mpi.datatype.Run;
import org.jadi.mpi.datatype.Signature;

/** The basic types of messages, as the engine compares them: hashes of signatures. MPI 4.1 §3.3.1. */
final class MessageTypes {
    private MessageTypes() {}

    /** Elements of one kind. */
    private record Row(Kind kind) implements BasicTypes {
        @Override
        public int hash(long bytes) {
            return bytes % kind.bytes == 0 ? folded(Signature.of(kind, bytes / kind.bytes)) : BROKEN;
        }

        @Override
        public String toString() {
            return kind.toString();
        }
    }

    /** Elements of a datatype. */
    private record Described(Layout layout, Object datatype) implements BasicTypes {
        @Override
        public int hash(long bytes) {
            Signature s = layout.size == 0 ? Signature.EMPTY : layout.prefix(bytes);
            return s == null ? BROKEN : folded(s);
        }

        @Override
        public String toString() {
            return datatype.toString();
        }
    }

    private static int folded(Signature s) {
        // Packed bytes match everything (MPI 4.1 §5.2), and so does nothing.
        if (s.elements() == 0 || s.equals(Signature.of(Kind.PACKED, s.elements()))) {
            return BasicTypes.ANY;
        }
        long h = s.hash() * 0x9E37_79B9_7F4A_7C15L;
        int folded = (int) (h >>> 48);
        return folded == BasicTypes.ANY ? 1 : folded;
    }

    /** Returns the types of the array behind a segment; null for native memory, which could be anything. */
    static BasicTypes of(MemorySegment memory) {
        Object array = memory.heapBase().orElse(null);
        return switch (array) {
            case byte[] a -> new Row(Kind.BYTE);
            case char[] a -> new Row(Kind.CHAR);
            case short[] a -> new Row(Kind.SHORT);
            case int[] a -> new Row(Kind.INT);
            case long[] a -> new Row(Kind.LONG);
            case float[] a -> new Row(Kind.FLOAT);
            case double[] a -> new Row(Kind.DOUBLE);
            case null, default -> null;
        };
    }

    /** Returns the types of elements of a predefined type that are no pairs. */
    static BasicTypes row(Datatype type) {
        return new Row(type.map.layout instanceof Run run ? run.kind() : Kind.BYTE);
    }

    /** Returns the types of elements of a datatype. */
    static BasicTypes of(Datatype type, long count) {
        return new Described(type.map.elements(count), type);
    }

    /** Adds types to a plan. */
    static PackPlan typed(PackPlan plan, BasicTypes types) {
        return types == null ? plan : new Typed(plan, types);
    }

    private record Typed(PackPlan plan, BasicTypes types) implements PackPlan {
        @Override
        public long bytes() {
            return plan.bytes();
        }

        @Override
        public void pack(long first, MemorySegment target, long targetOffset, int length) {
            plan.pack(first, target, targetOffset, length);
        }

        @Override
        public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
            plan.unpack(first, source, sourceOffset, length);
        }

        @Override
        public MemorySegment memory() {
            return plan.memory();
        }

        @Override
        public void matched(long messageBytes) {
            plan.matched(messageBytes);
        }
    }
}
