package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/**
 * A record class as a struct in memory, and the datatype of that struct. MPI 4.1 §5.1.2.
 *
 * <p>Components may be primitive, records, or arrays of these with {@link FixedLength}. They lie in memory as a C compiler
 * would place the same struct: each at a multiple of its alignment, the whole padded to the largest alignment.
 *
 * <pre>{@code
 * RecordType<Particle> particles = RecordType.of(Particle.class);
 * MemorySegment buffer = particles.toSegment(mine);
 * world.send(buffer, mine.length, particles.datatype(), dest, tag);
 * }</pre>
 *
 * <p>The record class must be public in an exported package, or its package open to {@code org.jadi.mpi} (everything on the
 * class path is); or a lookup is given. Any thread may use it.
 *
 * @param <R> the record class
 */
public final class RecordType<R extends Record> {
    private static final Map<Class<?>, Datatype> PRIMITIVES = Map.of(byte.class, Datatype.BYTE, boolean.class,
            Datatype.BOOLEAN, char.class, Datatype.CHAR, short.class, Datatype.SHORT, int.class, Datatype.INT, long.class,
            Datatype.LONG, float.class, Datatype.FLOAT, double.class, Datatype.DOUBLE);
    private static final ClassValue<RecordType<?>> CACHE = new ClassValue<>() {
        @Override
        protected RecordType<?> computeValue(Class<?> type) {
            return new RecordType<>(type.asSubclass(Record.class), null);
        }
    };

    private final Class<R> type;
    private final Datatype datatype;
    private final long[] offsets;
    private final MethodHandle read;
    private final MethodHandle write;

    private RecordType(Class<R> type, MethodHandles.Lookup lookup) {
        RecordComponent[] components = type.getRecordComponents();
        int n = components.length;
        this.type = type;
        this.offsets = new long[n];
        RecordHandles[] handles = new RecordHandles[n];
        Datatype[] types = new Datatype[n];
        long[] lengths = new long[n];
        long at = 0;
        for (int i = 0; i < n; i++) {
            RecordComponent c = components[i];
            String name = type.getName() + "." + c.getName();
            Class<?> element = c.getType().isArray() ? c.getType().componentType() : c.getType();
            types[i] = elementType(element, lookup, name);
            lengths[i] = c.getType().isArray() ? length(c, name) : 1;
            long alignment = types[i].map.layout.alignment;
            at = (at + alignment - 1) / alignment * alignment;
            offsets[i] = at;
            at = Math.addExact(at, Math.multiplyExact(lengths[i], types[i].extent()));
            RecordType<?> nested = element.isPrimitive() ? null : recordType(element, lookup);
            handles[i] = c.getType().isArray() ? RecordHandles.array(new RecordHandles.Elements(element, nested,
                    (int) lengths[i], types[i].extent(), name), c.getType())
                    : nested == null ? RecordHandles.primitive(element) : RecordHandles.nested(nested, element, name);
        }
        this.datatype = Datatype.struct(lengths, offsets, types).commit();
        RecordHandles whole = handles(components, handles, lookup);
        this.read = whole.read();
        this.write = whole.write();
    }

    /**
     * Returns the struct of a record class.
     *
     * @throws MpiException TYPE if a component has no fixed size, or the class is not accessible
     */
    @SuppressWarnings("unchecked")
    public static <R extends Record> RecordType<R> of(Class<R> type) {
        if (type == null || type == Record.class) {
            throw new MpiException(ErrorClass.TYPE, "RecordType: a record class is wanted: type=" + type);
        }
        return (RecordType<R>) CACHE.get(type);
    }

    /**
     * Returns the struct of a record class that only the caller can access.
     *
     * @param lookup the caller's {@link MethodHandles#lookup()}
     * @throws MpiException TYPE if a component has no fixed size, or the class is not accessible
     */
    public static <R extends Record> RecordType<R> of(Class<R> type, MethodHandles.Lookup lookup) {
        return new RecordType<>(type, lookup);
    }

    static Datatype datatypeOf(Class<?> type) {
        Datatype primitive = type == null ? null : PRIMITIVES.get(type);
        if (primitive != null) {
            return primitive;
        }
        if (type == null || !type.isRecord()) {
            throw new MpiException(ErrorClass.TYPE, "Datatype.of: a primitive type or a record class is wanted: type=" + type);
        }
        return CACHE.get(type).datatype();
    }

    /** Returns a committed datatype of one record; each call gives a handle of its own. */
    public Datatype datatype() {
        return datatype.dup().setName(type.getSimpleName());
    }

    /** Returns the bytes from one record to the next. */
    public long strideBytes() {
        return datatype.extent();
    }

    /**
     * Returns where a component is in the struct, in bytes.
     *
     * @throws MpiException ARG if there is no such component
     */
    public long offsetOf(String component) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(component)) {
                return offsets[i];
            }
        }
        throw error(ErrorClass.ARG, type.getName(), "no such component: component=" + component);
    }

    /**
     * Reads a record from memory.
     *
     * @param index which of the structs that lie in a row from the first byte
     */
    public R get(MemorySegment memory, long index) {
        return readAt(memory, index * strideBytes());
    }

    /**
     * Writes a record to memory.
     *
     * @param index which of the structs that lie in a row from the first byte
     */
    public void set(MemorySegment memory, long index, R value) {
        writeAt(memory, index * strideBytes(), value);
    }

    /** Returns new heap memory with structs in a row. */
    @SafeVarargs
    public final MemorySegment toSegment(R... values) {
        long[] words = new long[Math.toIntExact((values.length * strideBytes() + 7) / 8)];
        MemorySegment memory = MemorySegment.ofArray(words).asSlice(0, values.length * strideBytes());
        for (int i = 0; i < values.length; i++) {
            set(memory, i, values[i]);
        }
        return memory;
    }

    /** Returns the structs in memory as records; what is left at the end and is no whole struct is not looked at. */
    @SuppressWarnings("unchecked")
    public R[] toArray(MemorySegment memory) {
        long stride = Math.max(1, strideBytes());
        R[] values = (R[]) Array.newInstance(type, Math.toIntExact(memory.byteSize() / stride));
        Arrays.setAll(values, i -> get(memory, i));
        return values;
    }

    @Override
    public String toString() {
        return "struct of " + type.getName();
    }

    // --------------------------------------------------------------- internal

    @SuppressWarnings("unchecked") // the constructor of the class made it
    R readAt(MemorySegment memory, long at) {
        try {
            return (R) (Record) read.invokeExact(memory, at);
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    void writeAt(MemorySegment memory, long at, Record value) {
        try {
            write.invokeExact(memory, at, value);
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** What a record's own code threw goes to the caller as it is. */
    private RuntimeException rethrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException r ? r : new MpiException(ErrorClass.TYPE, type.getName() + " threw " + e, e);
    }

    private static Datatype elementType(Class<?> element, MethodHandles.Lookup lookup, String name) {
        if (!element.isPrimitive() && !element.isRecord()) {
            throw error(ErrorClass.TYPE, name, "a component is primitive, a record, or an array of these: type="
                    + element.getName());
        }
        return element.isPrimitive() ? PRIMITIVES.get(element) : recordType(element, lookup).datatype;
    }

    private static RecordType<?> recordType(Class<?> element, MethodHandles.Lookup lookup) {
        return lookup == null ? CACHE.get(element) : new RecordType<>(element.asSubclass(Record.class), lookup);
    }

    private static int length(RecordComponent component, String name) {
        FixedLength length = component.getAnnotation(FixedLength.class);
        if (length == null || length.value() < 1) {
            throw error(ErrorClass.TYPE, name, "an array needs @FixedLength with 1 or more");
        }
        return length.value();
    }

    /** Finds constructor and accessors, and puts them together with the handles of the components. */
    private RecordHandles handles(RecordComponent[] components, RecordHandles[] handles, MethodHandles.Lookup lookup) {
        try {
            MethodHandle[] accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                accessors[i] = lookup(lookup, components[i].getAccessor()).unreflect(components[i].getAccessor());
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<R> canonical = type.getDeclaredConstructor(types);
            MethodHandle constructor = lookup(lookup, canonical).unreflectConstructor(canonical);
            return RecordHandles.record(handles, offsets, constructor, accessors);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new MpiException(ErrorClass.TYPE, "the record class is not accessible; make it public, open its package to"
                    + " org.jadi.mpi, or give a lookup: type=" + type.getName(), e);
        }
    }

    private static MethodHandles.Lookup lookup(MethodHandles.Lookup given, AccessibleObject member) {
        if (given == null) {
            member.setAccessible(true);
        }
        return given == null ? MethodHandles.lookup() : given;
    }

    static MpiException error(ErrorClass errorClass, String name, String facts) {
        return new MpiException(errorClass, "record " + name + ": " + facts);
    }
}
