package org.jadi.mpi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Map;

/**
 * How records are read from memory and written to it: method handles that are put together once for each class and move
 * every component as it is, without an object for a primitive value. Of a component, {@code read} is (memory, place) to
 * value, and {@code write} (memory, place, value) to nothing; of a record likewise.
 */
record RecordHandles(MethodHandle read, MethodHandle write) {
    private static final Map<Class<?>, ValueLayout> LAYOUTS = Map.of(byte.class, JAVA_BYTE, boolean.class, JAVA_BYTE,
            char.class, JAVA_CHAR_UNALIGNED, short.class, JAVA_SHORT_UNALIGNED, int.class, JAVA_INT_UNALIGNED, long.class,
            JAVA_LONG_UNALIGNED, float.class, JAVA_FLOAT_UNALIGNED, double.class, JAVA_DOUBLE_UNALIGNED);
    private static final MethodHandles.Lookup HERE = MethodHandles.lookup();
    private static final MethodHandle ADD = here("add", long.class, long.class, long.class);
    private static final MethodHandle IS_TRUE = here("isTrue", boolean.class, byte.class);
    private static final MethodHandle TO_BYTE = here("toByte", byte.class, boolean.class);

    private static MethodHandle here(String name, Class<?> result, Class<?>... parameters) {
        try {
            return HERE.findStatic(RecordHandles.class, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static long add(long a, long b) {
        return a + b;
    }

    private static boolean isTrue(byte b) {
        return b != 0;
    }

    private static byte toByte(boolean b) {
        return (byte) (b ? 1 : 0);
    }

    /** A primitive value at a place of its own. */
    static RecordHandles primitive(Class<?> type) {
        VarHandle v = LAYOUTS.get(type).varHandle();
        MethodHandle get = v.toMethodHandle(VarHandle.AccessMode.GET);
        MethodHandle set = v.toMethodHandle(VarHandle.AccessMode.SET);
        return type != boolean.class ? new RecordHandles(get, set)
                : new RecordHandles(MethodHandles.filterReturnValue(get, IS_TRUE), MethodHandles.filterArguments(set, 2, TO_BYTE));
    }

    /** A record within a record. */
    static RecordHandles nested(RecordType<?> type, Class<?> component, String name) {
        MethodHandle read = here("readNested", Record.class, RecordType.class, MemorySegment.class, long.class).bindTo(type);
        MethodHandle write = MethodHandles.insertArguments(here("writeNested", void.class, RecordType.class, String.class,
                MemorySegment.class, long.class, Record.class), 0, type, name);
        return typed(read, write, component);
    }

    private static Record readNested(RecordType<?> type, MemorySegment memory, long at) {
        return type.readAt(memory, at);
    }

    private static void writeNested(RecordType<?> type, String name, MemorySegment memory, long at, Record value) {
        if (value == null) {
            throw RecordType.error(ErrorClass.ARG, name, "the value is null");
        }
        type.writeAt(memory, at, value);
    }

    /** An array of fixed length. */
    static RecordHandles array(Elements elements, Class<?> component) {
        MethodHandle read = here("readArray", Object.class, Elements.class, MemorySegment.class, long.class).bindTo(elements);
        MethodHandle write = here("writeArray", void.class, Elements.class, MemorySegment.class, long.class, Object.class)
                .bindTo(elements);
        return typed(read, write, component);
    }

    /**
     * The elements of an array.
     *
     * @param nested of an array of records; null for primitive values
     */
    record Elements(Class<?> type, RecordType<?> nested, int length, long strideBytes, String name) {}

    private static Object readArray(Elements e, MemorySegment memory, long at) {
        Object array = Array.newInstance(e.type(), e.length());
        switch (array) {
            case boolean[] a -> {
                for (int i = 0; i < a.length; i++) {
                    a[i] = memory.get(JAVA_BYTE, at + i) != 0;
                }
            }
            case Object[] a -> {
                for (int i = 0; i < a.length; i++) {
                    a[i] = e.nested().readAt(memory, at + i * e.strideBytes());
                }
            }
            default -> MemorySegment.copy(memory, LAYOUTS.get(e.type()), at, array, 0, e.length());
        }
        return array;
    }

    private static void writeArray(Elements e, MemorySegment memory, long at, Object value) {
        if (value == null || Array.getLength(value) != e.length()) {
            throw RecordType.error(ErrorClass.ARG, e.name(), "an array of " + e.length() + " elements is wanted: length="
                    + (value == null ? "null" : Array.getLength(value)));
        }
        switch (value) {
            case boolean[] a -> {
                for (int i = 0; i < a.length; i++) {
                    memory.set(JAVA_BYTE, at + i, toByte(a[i]));
                }
            }
            case Object[] a -> {
                for (int i = 0; i < a.length; i++) {
                    writeNested(e.nested(), e.name(), memory, at + i * e.strideBytes(), (Record) a[i]);
                }
            }
            default -> MemorySegment.copy(value, 0, memory, LAYOUTS.get(e.type()), at, e.length());
        }
    }

    private static RecordHandles typed(MethodHandle read, MethodHandle write, Class<?> component) {
        return new RecordHandles(read.asType(read.type().changeReturnType(component)),
                write.asType(write.type().changeParameterType(2, component)));
    }

    /** Returns the same component at a distance from the place that is given. */
    private RecordHandles at(long offset) {
        MethodHandle place = MethodHandles.insertArguments(ADD, 0, offset);
        return offset == 0 ? this : new RecordHandles(MethodHandles.filterArguments(read, 1, place),
                MethodHandles.filterArguments(write, 1, place));
    }

    /**
     * Puts the handles of a record together.
     *
     * @param constructor takes the components
     * @param accessors of the components
     */
    static RecordHandles record(RecordHandles[] components, long[] offsets, MethodHandle constructor, MethodHandle[] accessors) {
        MethodHandle read = constructor;
        int n = components.length;
        for (int i = n - 1; i >= 0; i--) {
            read = MethodHandles.collectArguments(read, i, components[i].at(offsets[i]).read);
            if (i < n - 1) {
                // (.., memory, place, memory, place): both are the same.
                MethodType merged = read.type().dropParameterTypes(i + 2, i + 4);
                int[] order = new int[i + 4];
                Arrays.setAll(order, p -> p < order.length - 2 ? p : p - 2);
                read = MethodHandles.permuteArguments(read, merged, order);
            }
        }
        if (n == 0) {
            read = MethodHandles.dropArguments(read, 0, MemorySegment.class, long.class);
        }
        Class<?> type = constructor.type().returnType();
        MethodHandle write = MethodHandles.empty(MethodType.methodType(void.class, MemorySegment.class, long.class, type));
        for (int i = n - 1; i >= 0; i--) {
            write = MethodHandles.foldArguments(write, MethodHandles.filterArguments(components[i].at(offsets[i]).write, 2,
                    accessors[i]));
        }
        return new RecordHandles(read.asType(read.type().changeReturnType(Record.class)),
                write.asType(write.type().changeParameterType(2, Record.class)));
    }
}
