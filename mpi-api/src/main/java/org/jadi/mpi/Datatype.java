package org.jadi.mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.mpi.datatype.ArrayMaps;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Signature;
import org.jadi.mpi.datatype.TypeMap;

/**
 * What elements a message has, and where they lie in memory. MPI 4.1 §5.1.
 *
 * <p>Types are made of other types by the static methods, and must be committed before they move data:
 *
 * <pre>{@code
 * Datatype column = Datatype.vector(rows, 1, columns, Datatype.DOUBLE).commit();
 * world.send(matrix, 3, 1, column, dest, tag);       // column 3 of a double[rows * columns]
 * }</pre>
 *
 * <p>All counts and displacements are {@code long}; sizes, bounds and extents are bytes. A type may be used by any thread;
 * what was done with it before another thread sees it must be published as with any object. A type that was freed cannot be
 * used any more; what was made of it, and communication that began before, is not affected.
 */
public final class Datatype implements PackCalls, Caching<Datatype> {
    /** A byte ({@code MPI_BYTE}). */
    public static final Datatype BYTE = predefined("BYTE", Kind.BYTE);

    /** One byte that is 0 or 1 ({@code MPI_C_BOOL}); how {@code boolean[]} travels. */
    public static final Datatype BOOLEAN = predefined("BOOLEAN", Kind.BOOLEAN);

    /** A {@code char}, 2 bytes. */
    public static final Datatype CHAR = predefined("CHAR", Kind.CHAR);

    /** A {@code short} ({@code MPI_INT16_T}). */
    public static final Datatype SHORT = predefined("SHORT", Kind.SHORT);

    /** An {@code int} ({@code MPI_INT32_T}). */
    public static final Datatype INT = predefined("INT", Kind.INT);

    /** A {@code long} ({@code MPI_INT64_T}). */
    public static final Datatype LONG = predefined("LONG", Kind.LONG);

    /** A {@code float}. */
    public static final Datatype FLOAT = predefined("FLOAT", Kind.FLOAT);

    /** A {@code double}. */
    public static final Datatype DOUBLE = predefined("DOUBLE", Kind.DOUBLE);

    /** A byte of what {@link #pack} wrote ({@code MPI_PACKED}, MPI 4.1 §5.2). */
    public static final Datatype PACKED = predefined("PACKED", Kind.PACKED);

    /** A short and an int at byte 4, for MINLOC and MAXLOC; extent 8 (MPI 4.1 §6.9.4). */
    public static final Datatype SHORT_INT = pair("SHORT_INT", SHORT, 4);

    /** An int and an int, for MINLOC and MAXLOC; extent 8 ({@code MPI_2INT}, MPI 4.1 §6.9.4). */
    public static final Datatype INT_INT = pair("INT_INT", INT, 4);

    /** A long and an int at byte 8, for MINLOC and MAXLOC; extent 16 (MPI 4.1 §6.9.4). */
    public static final Datatype LONG_INT = pair("LONG_INT", LONG, 8);

    /** A float and an int, for MINLOC and MAXLOC; extent 8 (MPI 4.1 §6.9.4). */
    public static final Datatype FLOAT_INT = pair("FLOAT_INT", FLOAT, 4);

    /** A double and an int at byte 8, for MINLOC and MAXLOC; extent 16 (MPI 4.1 §6.9.4). */
    public static final Datatype DOUBLE_INT = pair("DOUBLE_INT", DOUBLE, 8);

    /** {@link #darray}: the length of blocks is the usual one ({@code MPI_DISTRIBUTE_DFLT_DARG}). */
    public static final long DEFAULT_BLOCK = -1;

    /** The order in which the elements of an array with several dimensions lie in memory. */
    public enum Order {
        /** The last dimension is contiguous ({@code MPI_ORDER_C}). */
        C,
        /** The first dimension is contiguous ({@code MPI_ORDER_FORTRAN}). */
        FORTRAN
    }

    /** How a dimension of an array is dealt out to processes. */
    public enum Distribution {
        /** One block for each process ({@code MPI_DISTRIBUTE_BLOCK}). */
        BLOCK,
        /** Blocks in turn ({@code MPI_DISTRIBUTE_CYCLIC}). */
        CYCLIC,
        /** Not at all ({@code MPI_DISTRIBUTE_NONE}). */
        NONE
    }

    final TypeMap map;

    /** Whether elements in a row are one run of bytes: the usual case, decided once. */
    final boolean isDense;
    private final TypeConstructor constructor;

    /** Predefined, or part of a description: cannot be freed. */
    private final boolean permanent;
    final Attributes<Datatype> attributes = new Attributes<>(this);
    private volatile boolean committed;
    private volatile boolean freed;
    private volatile String name;

    private Datatype(TypeMap map, TypeConstructor constructor, boolean permanent, boolean committed, String name) {
        this.map = map;
        this.isDense = map.layout.erase().isRun() && map.extent() == map.layout.size;
        this.constructor = constructor;
        this.permanent = permanent;
        this.committed = committed;
        this.name = name;
    }

    /** Returns whether it is predefined, or belongs to what is. */
    boolean isPermanent() {
        return permanent;
    }

    private static Datatype predefined(String name, Kind kind) {
        return new Datatype(TypeMap.of(kind), new TypeConstructor.Named(name), true, true, name);
    }

    private static Datatype pair(String name, Datatype value, long indexAt) {
        return new Datatype(TypeMap.join(List.of(value.map, INT.map.at(indexAt))), new TypeConstructor.ValueIndex(value, INT),
                true, true, name);
    }

    private static Datatype derived(TypeMap map, TypeConstructor constructor) {
        return new Datatype(map, constructor, false, false, "");
    }

    /**
     * Returns the type of a primitive type, or the committed struct type of a record class: see {@link RecordType}.
     *
     * @throws MpiException TYPE for any other class
     */
    public static Datatype of(Class<?> type) {
        return RecordType.datatypeOf(type);
    }

    /**
     * Returns a type of copies, each behind the other ({@code MPI_Type_contiguous}, MPI 4.1 §5.1.2).
     *
     * @param count number of copies, 0 or more
     * @throws MpiException COUNT, TYPE
     */
    public static Datatype contiguous(long count, Datatype type) {
        TypeChecks.counts("contiguous", count);
        TypeMap old = mapOf("contiguous", type);
        return derived(TypeChecks.map("contiguous", () -> old.repeat(count)),
                new TypeConstructor.Contiguous(count, type.kept()));
    }

    /**
     * Returns a type of blocks at equal distances ({@code MPI_Type_vector}, MPI 4.1 §5.1.2).
     *
     * @param count number of blocks, 0 or more
     * @param blockLength copies in each block, 0 or more
     * @param stride from the start of a block to the next, in extents of the old type; any sign
     * @throws MpiException COUNT, ARG, TYPE
     */
    public static Datatype vector(long count, long blockLength, long stride, Datatype type) {
        TypeChecks.counts("vector", count, blockLength);
        TypeMap old = mapOf("vector", type);
        return derived(TypeChecks.map("vector",
                () -> old.repeat(blockLength).repeat(count, Math.multiplyExact(stride, old.extent()))),
                new TypeConstructor.Vector(count, blockLength, stride, type.kept()));
    }

    /**
     * Returns a type of blocks at equal distances in bytes ({@code MPI_Type_create_hvector}, MPI 4.1 §5.1.2).
     *
     * @param count number of blocks, 0 or more
     * @param blockLength copies in each block, 0 or more
     * @param strideBytes from the start of a block to the next; any sign
     * @throws MpiException COUNT, TYPE
     */
    public static Datatype hvector(long count, long blockLength, long strideBytes, Datatype type) {
        TypeChecks.counts("hvector", count, blockLength);
        TypeMap old = mapOf("hvector", type);
        return derived(TypeChecks.map("hvector", () -> old.repeat(blockLength).repeat(count, strideBytes)),
                new TypeConstructor.Hvector(count, blockLength, strideBytes, type.kept()));
    }

    /**
     * Returns a type of blocks of different lengths at different places ({@code MPI_Type_indexed}, MPI 4.1 §5.1.2).
     *
     * @param blockLengths copies in each block, 0 or more
     * @param displacements of each block, in extents of the old type; any sign
     * @throws MpiException COUNT, ARG (arrays of different lengths), TYPE
     */
    public static Datatype indexed(long[] blockLengths, long[] displacements, Datatype type) {
        TypeMap old = mapOf("indexed", type);
        TypeMap map = blocks("indexed", blockLengths, displacements, old.extent(), old);
        return derived(map, new TypeConstructor.Indexed(new LongList(blockLengths), new LongList(displacements), type.kept()));
    }

    /**
     * Returns a type of blocks of different lengths at different places in bytes ({@code MPI_Type_create_hindexed}, MPI 4.1
     * §5.1.2).
     *
     * @param blockLengths copies in each block, 0 or more
     * @param displacementBytes of each block; any sign
     * @throws MpiException COUNT, ARG (arrays of different lengths), TYPE
     */
    public static Datatype hindexed(long[] blockLengths, long[] displacementBytes, Datatype type) {
        TypeMap old = mapOf("hindexed", type);
        TypeMap map = blocks("hindexed", blockLengths, displacementBytes, 1, old);
        return derived(map, new TypeConstructor.Hindexed(new LongList(blockLengths), new LongList(displacementBytes),
                type.kept()));
    }

    /**
     * Returns a type of blocks of one length at different places ({@code MPI_Type_create_indexed_block}, MPI 4.1 §5.1.2).
     *
     * @param blockLength copies in each block, 0 or more
     * @param displacements of each block, in extents of the old type; any sign
     * @throws MpiException COUNT, TYPE
     */
    public static Datatype indexedBlock(long blockLength, long[] displacements, Datatype type) {
        TypeMap old = mapOf("indexedBlock", type);
        TypeMap map = blocks("indexedBlock", TypeChecks.same(blockLength, displacements), displacements, old.extent(), old);
        return derived(map, new TypeConstructor.IndexedBlock(blockLength, new LongList(displacements), type.kept()));
    }

    /**
     * Returns a type of blocks of one length at different places in bytes ({@code MPI_Type_create_hindexed_block}, MPI 4.1
     * §5.1.2).
     *
     * @param blockLength copies in each block, 0 or more
     * @param displacementBytes of each block; any sign
     * @throws MpiException COUNT, TYPE
     */
    public static Datatype hindexedBlock(long blockLength, long[] displacementBytes, Datatype type) {
        TypeMap old = mapOf("hindexedBlock", type);
        TypeMap map = blocks("hindexedBlock", TypeChecks.same(blockLength, displacementBytes), displacementBytes, 1, old);
        return derived(map, new TypeConstructor.HindexedBlock(blockLength, new LongList(displacementBytes), type.kept()));
    }

    private static TypeMap blocks(String call, long[] lengths, long[] displacements, long unit, TypeMap old) {
        TypeChecks.sameLength(call, lengths, displacements);
        TypeChecks.counts(call, lengths);
        return TypeChecks.map(call, () -> {
            long[] bytes = new long[displacements.length];
            Arrays.setAll(bytes, i -> Math.multiplyExact(displacements[i], unit));
            return old.blocks(lengths, bytes);
        });
    }

    /**
     * Returns a type of blocks of different types ({@code MPI_Type_create_struct}, MPI 4.1 §5.1.2).
     *
     * @param blockLengths copies in each block, 0 or more
     * @param displacementBytes of each block; any sign
     * @param types of each block
     * @throws MpiException COUNT, ARG (arrays of different lengths), TYPE
     */
    public static Datatype struct(long[] blockLengths, long[] displacementBytes, Datatype... types) {
        TypeChecks.sameLength("struct", blockLengths, displacementBytes);
        TypeChecks.counts("struct", blockLengths);
        if (types == null || types.length != blockLengths.length) {
            throw TypeChecks.error(ErrorClass.ARG, "struct", "as many types as blocks are wanted: blocks="
                    + blockLengths.length + " types=" + (types == null ? "null" : types.length));
        }
        List<TypeMap> old = Arrays.stream(types).map(t -> mapOf("struct", t)).toList();
        TypeMap map = TypeChecks.map("struct", () -> {
            List<TypeMap> parts = new ArrayList<>();
            for (int i = 0; i < blockLengths.length; i++) {
                if (blockLengths[i] > 0) {
                    parts.add(old.get(i).repeat(blockLengths[i]).at(displacementBytes[i]));
                }
            }
            return TypeMap.join(parts);
        });
        return derived(map, new TypeConstructor.Struct(new LongList(blockLengths), new LongList(displacementBytes),
                Arrays.stream(types).map(Datatype::kept).toList()));
    }

    /**
     * Returns the type of a rectangular part of an array, with the extent of the whole array ({@code
     * MPI_Type_create_subarray}, MPI 4.1 §5.1.3).
     *
     * @param sizes elements of the array in each dimension, 1 or more
     * @param subsizes elements of the part in each dimension, 1 or more
     * @param starts of the part in each dimension, from 0 in both orders
     * @throws MpiException ARG, TYPE
     */
    public static Datatype subarray(long[] sizes, long[] subsizes, long[] starts, Order order, Datatype type) {
        TypeMap old = mapOf("subarray", type);
        TypeChecks.subarray(sizes, subsizes, starts, order);
        boolean c = order == Order.C;
        TypeMap map = TypeChecks.map("subarray", () -> ArrayMaps.subarray(c ? sizes : TypeChecks.reversed(sizes),
                c ? subsizes : TypeChecks.reversed(subsizes), c ? starts : TypeChecks.reversed(starts), old));
        return derived(map, new TypeConstructor.Subarray(new LongList(sizes), new LongList(subsizes), new LongList(starts),
                order, type.kept()));
    }

    /**
     * Returns the type of what one process has of a distributed array, with the extent of the whole array ({@code
     * MPI_Type_create_darray}, MPI 4.1 §5.1.4).
     *
     * @param size number of processes, the product of {@code processes}
     * @param rank which of them, 0 to size - 1; counted in C order for both orders
     * @param sizes elements of the array in each dimension, 1 or more
     * @param distributions of each dimension
     * @param blockLengths of each dimension, 1 or more or {@link #DEFAULT_BLOCK}
     * @param processes number in each dimension; 1 where the distribution is NONE
     * @throws MpiException ARG, TYPE
     */
    public static Datatype darray(int size, int rank, long[] sizes, Distribution[] distributions, long[] blockLengths,
            int[] processes, Order order, Datatype type) {
        TypeMap old = mapOf("darray", type);
        TypeChecks.darray(size, rank, sizes, distributions, blockLengths, processes, order);
        TypeMap map = TypeChecks.map("darray", () -> TypeChecks.darrayMap(rank, sizes, distributions, blockLengths, processes,
                order, old));
        return derived(map, new TypeConstructor.Darray(size, rank, new LongList(sizes), List.of(distributions),
                new LongList(blockLengths), LongList.of(processes), order, type.kept()));
    }

    /**
     * Returns a type with other bounds ({@code MPI_Type_create_resized}, MPI 4.1 §5.1.7).
     *
     * @param lbBytes the new lower bound
     * @param extentBytes the new extent; may be 0 or negative
     * @throws MpiException TYPE
     */
    public static Datatype resized(Datatype type, long lbBytes, long extentBytes) {
        TypeMap old = mapOf("resized", type);
        return derived(TypeChecks.map("resized", () -> old.resized(lbBytes, extentBytes)),
                new TypeConstructor.Resized(lbBytes, extentBytes, type.kept()));
    }

    /**
     * Returns the predefined type of a pair of a value and an index ({@code MPI_Type_get_value_index}, MPI 4.1 §6.9.4).
     *
     * @return the type, or null if there is none
     */
    public static Datatype valueIndex(Datatype value, Datatype index) {
        if (index != INT) {
            return null;
        }
        return value == SHORT ? SHORT_INT : value == INT ? INT_INT : value == LONG ? LONG_INT
                : value == FLOAT ? FLOAT_INT : value == DOUBLE ? DOUBLE_INT : null;
    }

    /**
     * Returns a copy, as committed as this one, with attributes as their copy callbacks say, and without its name
     * ({@code MPI_Type_dup}, MPI 4.1 §5.1.10).
     *
     * @throws MpiException TYPE if it was freed; OTHER if a callback failed
     */
    public Datatype dup() {
        checkUsable("dup");
        List<Attributes.Copied<Datatype, ?>> copies = attributes.copies();
        Datatype copy = new Datatype(map, new TypeConstructor.Dup(kept()), false, committed, "");
        copies.forEach(c -> c.attach(copy.attributes));
        return copy;
    }

    /**
     * Makes the type ready for communication ({@code MPI_Type_commit}, MPI 4.1 §5.1.9). A second call does nothing.
     *
     * @return this type
     * @throws MpiException TYPE if it was freed
     */
    public Datatype commit() {
        checkUsable("commit");
        map.layout.erase();
        committed = true;
        return this;
    }

    /** Returns whether the type may be used in communication. */
    public boolean isCommitted() {
        return committed && !freed;
    }

    /**
     * Gives the type up ({@code MPI_Type_free}, MPI 4.1 §5.1.9). Communication that uses it, and types made of it, go on.
     * Calls the delete callbacks of its attributes.
     *
     * @throws MpiException TYPE if it is predefined, part of a description, or was freed before; OTHER if a callback failed
     *     (it is not freed then)
     */
    public void free() {
        checkUsable("free");
        if (permanent) {
            throw TypeChecks.error(ErrorClass.TYPE, "free", "the type is predefined or part of a description: " + this);
        }
        attributes.deleteAll();
        freed = true;
    }

    /** Returns whether the type was freed. */
    public boolean isFreed() {
        return freed;
    }

    /** Returns the name; empty if it has none ({@code MPI_Type_get_name}, MPI 4.1 §7.8). */
    public String name() {
        return name;
    }

    /**
     * Sets the name ({@code MPI_Type_set_name}, MPI 4.1 §7.8).
     *
     * @return this type
     * @throws MpiException ARG for null; TYPE if the type is predefined or was freed
     */
    public Datatype setName(String value) {
        checkUsable("setName");
        if (value == null || permanent) {
            throw TypeChecks.error(permanent ? ErrorClass.TYPE : ErrorClass.ARG, "setName",
                    permanent ? "the type is predefined or part of a description: " + this : "the name is null");
        }
        name = value;
        return this;
    }

    /** Returns the bytes of data in one element of the type ({@code MPI_Type_size}, MPI 4.1 §5.1.5). */
    public long size() {
        return usable("size").layout.size;
    }

    /** Returns the lower bound in bytes ({@code MPI_Type_get_extent}, MPI 4.1 §5.1.7). */
    public long lb() {
        return usable("lb").lb;
    }

    /** Returns the upper bound in bytes: lower bound plus extent. */
    public long ub() {
        return usable("ub").ub;
    }

    /** Returns the distance of copies in bytes ({@code MPI_Type_get_extent}, MPI 4.1 §5.1.7). */
    public long extent() {
        return usable("extent").extent();
    }

    /** Returns the place of the first byte of data ({@code MPI_Type_get_true_extent}, MPI 4.1 §5.1.8). */
    public long trueLb() {
        return usable("trueLb").layout.low;
    }

    /** Returns the bytes from the first to the last byte of data ({@code MPI_Type_get_true_extent}, MPI 4.1 §5.1.8). */
    public long trueExtent() {
        TypeMap m = usable("trueExtent");
        return m.layout.high - m.layout.low;
    }

    /** Returns the number of basic elements. */
    public long elements() {
        return usable("elements").layout.signature.elements();
    }

    /** Returns whether copies in a row are moved as one run of bytes: the type has no gaps, and its order is that of memory. */
    public boolean isContiguous() {
        return usable("isContiguous") == map && isDense;
    }

    /**
     * Returns whether a send of one type would match a receive of another: the sequences of basic elements are the same, or
     * one begins with the other where the receive is longer (MPI 4.1 §3.3.1, §5.1.11). BYTE matches only BYTE, PACKED matches
     * everything.
     *
     * @param count number of elements of this type that are sent
     * @param other type of the receive
     * @param otherCount capacity of the receive in elements of its type
     */
    public boolean matches(long count, Datatype other, long otherCount) {
        return TypeChecks.matches(usable("matches"), count, mapOf("matches", other), otherCount);
    }

    /** Returns the sequence of the basic elements, as length and hash; equal for types that match. */
    Signature signature(long count) {
        return usable("signature").layout.signature.repeat(count);
    }

    /** Returns how the type was made ({@code MPI_Type_get_envelope}, {@code MPI_Type_get_contents}, MPI 4.1 §5.1.13). */
    public TypeConstructor decode() {
        checkUsable("decode");
        return constructor;
    }

    /** Returns what there is to know about the type, for people. */
    public String describe() {
        return (name.isEmpty() ? "" : name + " = ") + constructor + ": size=" + map.layout.size + " lb=" + map.lb + " extent="
                + map.extent() + " trueLb=" + map.layout.low + " trueExtent=" + (map.layout.high - map.layout.low)
                + (isDense ? ", contiguous" : ", moved as " + map.layout.erase()) + (freed ? ", freed" : committed ? ""
                : ", not committed");
    }

    @Override
    public String toString() {
        return name.isEmpty() ? constructor.toString() : name;
    }

    void checkUsable(String call) {
        if (freed) {
            throw TypeChecks.error(ErrorClass.TYPE, call, "the datatype was freed: " + this);
        }
    }

    private TypeMap usable(String call) {
        checkUsable(call);
        return map;
    }

    private static TypeMap mapOf(String call, Datatype type) {
        if (type == null) {
            throw TypeChecks.error(ErrorClass.TYPE, call, "the datatype is null");
        }
        return type.usable(call);
    }

    /** Returns a handle for a description, which no free can touch. */
    private Datatype kept() {
        return permanent ? this : new Datatype(map, constructor, true, committed, name);
    }
}
