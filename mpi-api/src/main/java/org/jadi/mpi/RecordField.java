package org.jadi.mpi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;

/** How one component of a record is read from memory and written to it. */
sealed interface RecordField {
    /** Reads the value at a place. */
    Object read(MemorySegment memory, long at);

    /** Writes a value at a place. */
    void write(MemorySegment memory, long at, Object value);

    /** A primitive value. */
    record Primitive(Class<?> type) implements RecordField {
        @Override
        public Object read(MemorySegment m, long at) {
            return switch (type.getName()) {
                case "byte" -> m.get(JAVA_BYTE, at);
                case "boolean" -> m.get(JAVA_BYTE, at) != 0;
                case "char" -> m.get(JAVA_CHAR_UNALIGNED, at);
                case "short" -> m.get(JAVA_SHORT_UNALIGNED, at);
                case "int" -> m.get(JAVA_INT_UNALIGNED, at);
                case "long" -> m.get(JAVA_LONG_UNALIGNED, at);
                case "float" -> m.get(JAVA_FLOAT_UNALIGNED, at);
                default -> m.get(JAVA_DOUBLE_UNALIGNED, at);
            };
        }

        @Override
        public void write(MemorySegment m, long at, Object value) {
            switch (value) {
                case Byte v -> m.set(JAVA_BYTE, at, v);
                case Boolean v -> m.set(JAVA_BYTE, at, (byte) (v ? 1 : 0));
                case Character v -> m.set(JAVA_CHAR_UNALIGNED, at, v);
                case Short v -> m.set(JAVA_SHORT_UNALIGNED, at, v);
                case Integer v -> m.set(JAVA_INT_UNALIGNED, at, v);
                case Long v -> m.set(JAVA_LONG_UNALIGNED, at, v);
                case Float v -> m.set(JAVA_FLOAT_UNALIGNED, at, v);
                default -> m.set(JAVA_DOUBLE_UNALIGNED, at, (double) value);
            }
        }
    }

    /** A record within a record. */
    record Nested(RecordType<?> type, String name) implements RecordField {
        @Override
        public Object read(MemorySegment memory, long at) {
            return type.readAt(memory, at);
        }

        @Override
        public void write(MemorySegment memory, long at, Object value) {
            if (value == null) {
                throw RecordType.error(ErrorClass.ARG, name, "the value is null");
            }
            type.writeAt(memory, at, value);
        }
    }

    /**
     * An array of fixed length.
     *
     * @param strideBytes from an element to the next
     */
    record Fixed(RecordField element, Class<?> elementType, int length, long strideBytes, String name)
            implements RecordField {
        @Override
        public Object read(MemorySegment memory, long at) {
            Object array = Array.newInstance(elementType, length);
            for (int i = 0; i < length; i++) {
                Array.set(array, i, element.read(memory, at + i * strideBytes));
            }
            return array;
        }

        @Override
        public void write(MemorySegment memory, long at, Object value) {
            if (value == null || Array.getLength(value) != length) {
                throw RecordType.error(ErrorClass.ARG, name, "an array of " + length + " elements is wanted: length="
                        + (value == null ? "null" : Array.getLength(value)));
            }
            for (int i = 0; i < length; i++) {
                element.write(memory, at + i * strideBytes, Array.get(value, i));
            }
        }
    }
}
