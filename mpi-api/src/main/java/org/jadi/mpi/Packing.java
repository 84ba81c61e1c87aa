package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.mpi.datatype.Copier;
import org.jadi.mpi.datatype.External32;
import org.jadi.mpi.datatype.Layout;
import org.jadi.mpi.datatype.Packer;
import org.jadi.mpi.datatype.Signature;
import org.jadi.mpi.datatype.Unpacker;

/** Packs and unpacks outside of messages. MPI 4.1 §5.2, §5.3. */
final class Packing {
    private Packing() {}

    static long pack(Datatype type, MemorySegment memory, long offset, long count, MemorySegment packed, long position) {
        Layout layout = check("pack", type, memory, offset, count, packed, position, packed).erase();
        return move(layout, new Packer(memory, packed), offset, position);
    }

    static long unpack(Datatype type, MemorySegment packed, long position, MemorySegment memory, long offset, long count) {
        Layout layout = check("unpack", type, memory, offset, count, packed, position, memory).erase();
        return move(layout, new Unpacker(memory, packed), offset, position);
    }

    static long packExternal(Datatype type, MemorySegment memory, long offset, long count, MemorySegment packed,
            long position) {
        Layout layout = check("packExternal", type, memory, offset, count, packed, position, packed);
        return move(layout, new External32(memory, packed, true), offset, position);
    }

    static long unpackExternal(Datatype type, MemorySegment packed, long position, MemorySegment memory, long offset,
            long count) {
        Layout layout = check("unpackExternal", type, memory, offset, count, packed, position, memory);
        return move(layout, new External32(memory, packed, false), offset, position);
    }

    private static long move(Layout layout, Copier copier, long offset, long position) {
        if (layout.size > 0) {
            try {
                layout.move(copier, offset, 0, layout.size, position);
            } catch (IllegalStateException | WrongThreadException e) {
                throw new MpiException(ErrorClass.BUFFER, "Datatype: a buffer cannot be used: " + e.getMessage(), e);
            }
        }
        return position + layout.size;
    }

    /** Checks all arguments; returns the layout of the elements. */
    private static Layout check(String call, Datatype type, MemorySegment memory, long offset, long count,
            MemorySegment packed, long position, MemorySegment written) {
        if (memory == null || packed == null || written.isReadOnly()) {
            throw TypeChecks.error(ErrorClass.BUFFER, call, memory == null || packed == null ? "a buffer is null"
                    : "the buffer to be written is read-only");
        }
        TypedBuffer.of(null, call, memory, offset, count, type);
        Layout layout = type.map.elements(count);
        if (position < 0 || layout.size > packed.byteSize() - position) {
            throw TypeChecks.error(ErrorClass.TRUNCATE, call, "the packed memory is too short: packedBytes="
                    + packed.byteSize() + " position=" + position + " neededBytes=" + layout.size);
        }
        return layout;
    }

    /** Returns the number of whole elements of a type in so many bytes, or UNDEFINED. */
    static long count(Datatype type, long bytes) {
        long size = usable("count", type).size();
        return size == 0 ? bytes == 0 ? 0 : Comm.UNDEFINED : bytes % size == 0 ? bytes / size : Comm.UNDEFINED;
    }

    /** Returns the number of whole basic elements of a type in so many bytes, or UNDEFINED. */
    static long elements(Datatype type, long bytes) {
        Layout layout = usable("elements", type).map.layout;
        if (layout.size == 0) {
            return bytes == 0 ? 0 : Comm.UNDEFINED;
        }
        Signature rest = layout.prefix(bytes % layout.size);
        return rest == null ? Comm.UNDEFINED : bytes / layout.size * layout.signature.elements() + rest.elements();
    }

    /** Returns the bytes of a number of basic elements of a type, in the order of its type map. */
    static long bytes(Datatype type, long basic) {
        Layout layout = usable("withElements", type).map.layout;
        TypeChecks.counts("withElements", basic);
        long each = layout.signature.elements();
        if (each == 0) {
            if (basic == 0) {
                return 0;
            }
            throw TypeChecks.error(ErrorClass.COUNT, "withElements", "the type has no elements: type=" + type + " count=" + basic);
        }
        long rest = basic % each;
        long low = 0;
        long high = layout.size;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (wholeElements(layout, middle) < rest) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return TypeChecks.bytes("withElements", basic / each, layout.size) + low;
    }

    /** Returns how many basic elements are whole in the first bytes of a layout. */
    private static long wholeElements(Layout layout, long bytes) {
        long end = bytes;
        Signature whole = layout.prefix(end);
        while (whole == null) { // the largest basic element has 8 bytes
            whole = layout.prefix(--end);
        }
        return whole.elements();
    }

    private static Datatype usable(String call, Datatype type) {
        if (type == null) {
            throw TypeChecks.error(ErrorClass.TYPE, call, "the datatype is null");
        }
        type.checkUsable(call);
        return type;
    }
}
