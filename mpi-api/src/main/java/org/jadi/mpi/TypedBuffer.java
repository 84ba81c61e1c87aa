package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.PackPlan;
import org.jadi.mpi.datatype.BooleanArrayPlan;
import org.jadi.mpi.datatype.DatatypePlan;
import org.jadi.mpi.datatype.Layout;

/**
 * Memory, a count and a datatype, turned into what {@link Transfer} takes: a run of bytes where it is one in effect,
 * otherwise a plan.
 */
final class TypedBuffer {
    /** Memory of the run; null where there is a plan. */
    final MemorySegment segment;

    /** Start of the run in bytes. */
    final long offset;

    /** Length of the message in bytes. */
    final long bytes;

    /** The plan, or null. */
    final PackPlan plan;

    private TypedBuffer(MemorySegment segment, long offset, long bytes, PackPlan plan) {
        this.segment = segment;
        this.offset = offset;
        this.bytes = bytes;
        this.plan = plan;
    }

    /**
     * Checks and describes a buffer of a message.
     *
     * @param t whose error handler is told of errors; null for none
     * @param origin place of the first element in the memory, in bytes
     */
    static TypedBuffer of(Transfer t, String call, MemorySegment memory, long origin, long count, Datatype type) {
        TypedBuffer run = t == null || t.comparesTypes ? null : run(memory, origin, count, type);
        return run != null ? run : of(t, call, memory, null, memory.byteSize(), origin, count, type, t != null && t.comparesTypes);
    }

    /** As {@link #of}, for memory whose types are compared in another way, or not at all. */
    static TypedBuffer untyped(Transfer t, String call, MemorySegment memory, long origin, long count, Datatype type) {
        TypedBuffer run = run(memory, origin, count, type);
        return run != null ? run : of(t, call, memory, null, memory.byteSize(), origin, count, type, false);
    }

    /** The usual case, small enough to be compiled into the caller, where it makes no object; null for others. */
    static TypedBuffer run(MemorySegment memory, long origin, long count, Datatype type) {
        if (type != null && type.isDense && type.isCommitted() && count > 0 && count <= Integer.MAX_VALUE
                && type.map.layout.size <= Integer.MAX_VALUE) {
            long bytes = count * type.map.layout.size;
            long low = origin + type.map.layout.low;
            if (low >= 0 && bytes > 0 && bytes <= memory.byteSize() - low) {
                return new TypedBuffer(memory, low, bytes, null);
            }
        }
        return null;
    }

    /** Checks and describes a buffer whose elements have one byte in the message; so must those of the type. */
    static TypedBuffer of(Transfer t, String call, boolean[] array, long origin, long count, Datatype type) {
        return of(t, call, null, array, array.length, origin, count, type, t.comparesTypes);
    }

    private static TypedBuffer of(Transfer t, String call, MemorySegment memory, boolean[] array, long length, long origin,
            long count, Datatype type, boolean typed) {
        checkType(t, call, count, type);
        if (array != null && type.map.layout.alignment != 1) {
            throw error(t, ErrorClass.TYPE, call, "a boolean[] has elements of BOOLEAN or BYTE: type=" + type);
        }
        long bytes;
        Layout layout = null;
        long low;
        try {
            if (type.isDense) {
                bytes = Math.multiplyExact(count, type.map.layout.size);
                low = Math.addExact(origin, type.map.layout.low);
            } else {
                layout = type.map.message(count);
                bytes = layout.size;
                low = Math.addExact(origin, layout.low);
            }
        } catch (ArithmeticException e) {
            throw error(t, ErrorClass.COUNT, call, "the size must fit into a long: count=" + count + " type=" + type);
        }
        if (bytes == 0) {
            return new TypedBuffer(memory == null ? MemorySegment.NULL : memory, 0, 0, null);
        }
        long span = layout == null ? bytes : layout.high - layout.low;
        if (low < 0 || span > length - low) {
            throw error(t, ErrorClass.COUNT, call, "the data reaches beyond the buffer: bufferBytes=" + length
                    + " firstByte=" + low + " endByte=" + (low + span) + " count=" + count + " type=" + type);
        }
        BasicTypes types = typed ? MessageTypes.of(type, count) : null;
        if (array != null || types != null) {
            Layout all = type.map.message(count);
            PackPlan plan = array != null ? new BooleanArrayPlan(array, origin, all) : new DatatypePlan(memory, origin, all);
            return new TypedBuffer(null, 0, bytes, MessageTypes.typed(plan, types));
        }
        return layout == null || layout.isRun() ? new TypedBuffer(memory, low, bytes, null)
                : new TypedBuffer(null, 0, bytes, new DatatypePlan(memory, origin, layout));
    }

    static void checkType(Transfer t, String call, long count, Datatype type) {
        if (type == null || !type.isCommitted()) {
            throw error(t, ErrorClass.TYPE, call, type == null ? "the datatype is null"
                    : type.isFreed() ? "the datatype was freed: " + type : "the datatype was not committed: " + type);
        }
        if (count < 0) {
            throw error(t, ErrorClass.COUNT, call, "the count is 0 or more: count=" + count + " type=" + type);
        }
    }

    private static MpiException error(Transfer t, ErrorClass errorClass, String call, String facts) {
        return t == null ? TypeChecks.error(errorClass, call, facts) : t.error(errorClass, call, facts, null);
    }
}
