package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jadi.mpi.collective.ByteKernels;
import org.jadi.mpi.collective.DoubleKernels;
import org.jadi.mpi.collective.FloatKernels;
import org.jadi.mpi.collective.IntKernels;
import org.jadi.mpi.collective.Kernel;
import org.jadi.mpi.collective.Locations;
import org.jadi.mpi.collective.LongKernels;
import org.jadi.mpi.collective.Reduction;
import org.jadi.mpi.collective.ShortKernels;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Signature;

/**
 * An operation of reductions. MPI 4.1 §6.9.
 *
 * <p>What the predefined ones take; anything else fails with {@link ErrorClass#OP}:
 *
 * <pre>
 * SUM PROD MIN MAX    byte short int long float double
 * LAND LOR LXOR       byte short int long (not 0 means true), boolean
 * BAND BOR BXOR       byte short int long
 * MINLOC MAXLOC       the pairs {@link Datatype#SHORT_INT} to {@link Datatype#DOUBLE_INT}
 * REPLACE NO_OP       one-sided accumulation only
 * </pre>
 *
 * <p>Integers wrap around. MIN and MAX are those of {@link Math}: NaN wins, and -0.0 is less than 0.0.
 *
 * <p>The function of an operation of the user is called by the thread that makes progress for the rank, without any lock of
 * the library: the caller of the reduction, another thread that waits, or a helper. It must not call the library. What it
 * throws fails the reduction on this rank, as the cause of an {@link MpiException}, and on those that need its part.
 */
public final class Op {
    /** Sum. */
    public static final Op SUM = new Op("SUM");
    /** Product. */
    public static final Op PROD = new Op("PROD");
    /** Minimum. */
    public static final Op MIN = new Op("MIN");
    /** Maximum. */
    public static final Op MAX = new Op("MAX");
    /** Logical and. */
    public static final Op LAND = new Op("LAND");
    /** Logical or. */
    public static final Op LOR = new Op("LOR");
    /** Logical exclusive or. */
    public static final Op LXOR = new Op("LXOR");
    /** And of all bits. */
    public static final Op BAND = new Op("BAND");
    /** Or of all bits. */
    public static final Op BOR = new Op("BOR");
    /** Exclusive or of all bits. */
    public static final Op BXOR = new Op("BXOR");
    /** Minimum, and the smallest index with that value (MPI 4.1 §6.9.4). */
    public static final Op MINLOC = new Op("MINLOC");
    /** Maximum, and the smallest index with that value (MPI 4.1 §6.9.4). */
    public static final Op MAXLOC = new Op("MAXLOC");
    /** The new value, in one-sided accumulation (MPI 4.1 §12.3.4). */
    public static final Op REPLACE = new Op("REPLACE");
    /** The old value, in one-sided accumulation (MPI 4.1 §12.3.5). */
    public static final Op NO_OP = new Op("NO_OP");

    /** An operation on elements in memory. MPI 4.1 §6.9.5. */
    @FunctionalInterface
    public interface Function {
        /**
         * Computes {@code inout[i] = in[i] op inout[i]} for all elements; {@code in} is of the lower ranks.
         *
         * @param in the left operands, as the datatype lays them out; not to be changed
         * @param inout the right operands, to be replaced
         * @param count number of elements of the datatype; a reduction may come in several pieces
         */
        void apply(MemorySegment in, MemorySegment inout, long count, Datatype type);
    }

    private final String name;
    private final boolean predefined;
    private final boolean commutative;

    /** The kind of elements that the kernel is for; null for any datatype. */
    private final Kind only;
    private final Kernel kernel;
    private final Function function;

    /** What {@link #on} has returned last for a predefined type, on any thread: most programs reduce elements of one type. */
    private Known last;

    private record Known(Datatype type, Reduction reduction) {}

    private Op(String name) {
        this(name, true, true, null, null, null);
    }

    private Op(String name, boolean predefined, boolean commutative, Kind only, Kernel kernel, Function function) {
        this.name = name;
        this.predefined = predefined;
        this.commutative = commutative;
        this.only = only;
        this.kernel = kernel;
        this.function = function;
    }

    /**
     * Makes an operation on elements of any datatype ({@code MPI_Op_create}, MPI 4.1 §6.9.5). It must be associative.
     *
     * @param commutative whether operands may be swapped; otherwise they come in the order of the ranks
     */
    public static Op of(Function function, boolean commutative) {
        return new Op("user", false, commutative, null, null, checked(function));
    }

    /** Makes an operation on ints; see {@link #of(Function, boolean)}. */
    public static Op ofInts(IntBinaryOperator function, boolean commutative) {
        IntBinaryOperator f = checked(function);
        return new Op("user", false, commutative, Kind.INT, IntKernels.of((a, p, b, q, n) -> {
            for (int i = 0; i < n; i++) {
                b[q + i] = f.applyAsInt(a[p + i], b[q + i]);
            }
        }), null);
    }

    /** Makes an operation on longs; see {@link #of(Function, boolean)}. */
    public static Op ofLongs(LongBinaryOperator function, boolean commutative) {
        LongBinaryOperator f = checked(function);
        return new Op("user", false, commutative, Kind.LONG, LongKernels.of((a, p, b, q, n) -> {
            for (int i = 0; i < n; i++) {
                b[q + i] = f.applyAsLong(a[p + i], b[q + i]);
            }
        }), null);
    }

    /** Makes an operation on doubles; see {@link #of(Function, boolean)}. */
    public static Op ofDoubles(DoubleBinaryOperator function, boolean commutative) {
        DoubleBinaryOperator f = checked(function);
        return new Op("user", false, commutative, Kind.DOUBLE, DoubleKernels.of((a, p, b, q, n) -> {
            for (int i = 0; i < n; i++) {
                b[q + i] = f.applyAsDouble(a[p + i], b[q + i]);
            }
        }), null);
    }

    private static <T> T checked(T function) {
        if (function == null) {
            throw new MpiException(ErrorClass.ARG, "Op: the function is null");
        }
        return function;
    }

    /** Returns whether operands may be swapped ({@code MPI_Op_commutative}, MPI 4.1 §6.9.7). */
    public boolean isCommutative() {
        return commutative;
    }

    /** Returns whether it is one of the constants. */
    public boolean isPredefined() {
        return predefined;
    }

    /**
     * Reduces in this process: {@code inout[i] = in[i] op inout[i]} ({@code MPI_Reduce_local}, MPI 4.1 §6.9.7).
     *
     * @param count number of elements of the datatype
     * @throws MpiException OP (not for this type), TYPE, COUNT, BUFFER
     */
    public void reduceLocal(MemorySegment in, MemorySegment inout, long count, Datatype type) {
        if (in == null || inout == null || inout.isReadOnly()) {
            throw new MpiException(ErrorClass.BUFFER, "reduceLocal: a buffer is null, or the second one is read-only");
        }
        TypedBuffer.of(null, "reduceLocal", in, 0, count, type);
        TypedBuffer.of(null, "reduceLocal", inout, 0, count, type);
        Reduction reduction = on(null, "reduceLocal", type);
        if (type.isDense) {
            reduction.kernel().apply(in, 0, inout, 0, count);
            return;
        }
        MemorySegment a = MemorySegment.ofArray(new byte[Math.toIntExact(type.packSize(count))]);
        MemorySegment b = MemorySegment.ofArray(new byte[Math.toIntExact(type.packSize(count))]);
        type.pack(in, 0, count, a, 0);
        type.pack(inout, 0, count, b, 0);
        reduction.kernel().apply(a, 0, b, 0, count);
        type.unpack(b, 0, inout, 0, count);
    }

    /** Reduces arrays of int in this process: {@code inout[i] = in[i] op inout[i]} (MPI 4.1 §6.9.7). */
    public void reduceLocal(int[] in, int[] inout) {
        local(MemorySegment.ofArray(in), MemorySegment.ofArray(inout), Datatype.INT);
    }

    /** Reduces arrays of long in this process: {@code inout[i] = in[i] op inout[i]} (MPI 4.1 §6.9.7). */
    public void reduceLocal(long[] in, long[] inout) {
        local(MemorySegment.ofArray(in), MemorySegment.ofArray(inout), Datatype.LONG);
    }

    /** Reduces arrays of double in this process: {@code inout[i] = in[i] op inout[i]} (MPI 4.1 §6.9.7). */
    public void reduceLocal(double[] in, double[] inout) {
        local(MemorySegment.ofArray(in), MemorySegment.ofArray(inout), Datatype.DOUBLE);
    }

    private void local(MemorySegment in, MemorySegment inout, Datatype type) {
        if (in.byteSize() != inout.byteSize()) {
            throw new MpiException(ErrorClass.COUNT, "reduceLocal: the arrays have different lengths: in=" + in.byteSize()
                    + " inout=" + inout.byteSize() + " bytes");
        }
        reduceLocal(in, inout, in.byteSize() / type.size(), type);
    }

    @Override
    public String toString() {
        return name;
    }

    // --------------------------------------------------------------- internal

    /**
     * Returns the operation on packed elements of a datatype.
     *
     * @param t whose error handler is told of errors; null for none
     */
    Reduction on(Transfer t, String call, Datatype type) {
        Known known = last;
        if (known != null && known.type == type) {
            return known.reduction;
        }
        Reduction found = find(t, call, type);
        if (type.isPermanent()) {
            last = new Known(type, found);
        }
        return found;
    }

    private Reduction find(Transfer t, String call, Datatype type) {
        if (function != null) {
            return new Reduction(adapted(type), Math.max(1, type.map.layout.size), kindOf(type, Kind.LONG), commutative, false, name);
        }
        Kind kind = kindOf(type, null);
        Kernel k = !predefined ? kind == only ? kernel : null : isLocation() ? location(type) : kind == null ? null : find(kind);
        if (k == null) {
            String facts = "the operation is not defined for the datatype: op=" + this + " type=" + type;
            throw t == null ? new MpiException(ErrorClass.OP, call + ": " + facts) : t.error(ErrorClass.OP, call, facts, null);
        }
        return new Reduction(k, type.map.layout.size, kind == null ? Kind.BYTE : kind, commutative,
                predefined && !isLocation(), name);
    }

    /** Returns the kind of a type that is one basic element, or something else. */
    private static Kind kindOf(Datatype type, Kind other) {
        for (Kind k : Kind.values()) {
            if (type.isDense && type.map.layout.size == k.bytes && type.map.layout.low == 0
                    && type.map.layout.signature.equals(Signature.of(k, 1))) {
                return k;
            }
        }
        return other;
    }

    private boolean isLocation() {
        return this == MINLOC || this == MAXLOC;
    }

    private Kernel location(Datatype type) {
        for (Datatype value : Arrays.asList(Datatype.SHORT, Datatype.INT, Datatype.LONG, Datatype.FLOAT, Datatype.DOUBLE)) {
            Datatype pair = Datatype.valueIndex(value, Datatype.INT);
            if (type.map == pair.map) {
                return Locations.of(kindOf(value, null), this == MAXLOC);
            }
        }
        return null;
    }

    private Kernel find(Kind kind) {
        return switch (kind) {
            case BYTE -> pick(ByteKernels.SUM, ByteKernels.PROD, ByteKernels.MIN, ByteKernels.MAX, ByteKernels.LAND,
                    ByteKernels.LOR, ByteKernels.LXOR, ByteKernels.BAND, ByteKernels.BOR, ByteKernels.BXOR);
            case BOOLEAN -> pick(null, null, null, null, ByteKernels.LAND, ByteKernels.LOR, ByteKernels.LXOR, null, null, null);
            case SHORT -> pick(ShortKernels.SUM, ShortKernels.PROD, ShortKernels.MIN, ShortKernels.MAX, ShortKernels.LAND,
                    ShortKernels.LOR, ShortKernels.LXOR, ShortKernels.BAND, ShortKernels.BOR, ShortKernels.BXOR);
            case INT -> pick(IntKernels.SUM, IntKernels.PROD, IntKernels.MIN, IntKernels.MAX, IntKernels.LAND,
                    IntKernels.LOR, IntKernels.LXOR, IntKernels.BAND, IntKernels.BOR, IntKernels.BXOR);
            case LONG -> pick(LongKernels.SUM, LongKernels.PROD, LongKernels.MIN, LongKernels.MAX, LongKernels.LAND,
                    LongKernels.LOR, LongKernels.LXOR, LongKernels.BAND, LongKernels.BOR, LongKernels.BXOR);
            case FLOAT -> pick(FloatKernels.SUM, FloatKernels.PROD, FloatKernels.MIN, FloatKernels.MAX);
            case DOUBLE -> pick(DoubleKernels.SUM, DoubleKernels.PROD, DoubleKernels.MIN, DoubleKernels.MAX);
            case CHAR, PACKED -> null;
        };
    }

    /** Returns the kernel of this operation, given those from SUM to BXOR. */
    private Kernel pick(Kernel... kernels) {
        Op[] order = {SUM, PROD, MIN, MAX, LAND, LOR, LXOR, BAND, BOR, BXOR};
        for (int i = 0; i < kernels.length; i++) {
            if (this == order[i]) {
                return kernels[i];
            }
        }
        return null;
    }

    /** Shows the function elements as its datatype lays them out; messages have them packed. */
    private Kernel adapted(Datatype type) {
        Function f = function;
        long size = type.map.layout.size;
        if (type.isDense) {
            return (in, inAt, inout, inoutAt, count) -> f.apply(in.asSlice(inAt, count * size).asReadOnly(),
                    inout.asSlice(inoutAt, count * size), count, type);
        }
        return (in, inAt, inout, inoutAt, count) -> {
            long low = Math.min(0, Math.min(type.lb(), type.trueLb()));
            long span = count == 0 ? 0 : (count - 1) * type.extent() + Math.max(type.ub(), type.trueLb() + type.trueExtent());
            if (low < 0 || type.extent() < 0) {
                throw new IllegalArgumentException("operations need elements that lie in order: type=" + type);
            }
            // Arrays of long, so that elements of every kind are aligned.
            MemorySegment a = MemorySegment.ofArray(new long[Math.toIntExact((span + 7) / 8)]);
            MemorySegment b = MemorySegment.ofArray(new long[Math.toIntExact((span + 7) / 8)]);
            type.unpack(in, inAt, a, 0, count);
            type.unpack(inout, inoutAt, b, 0, count);
            f.apply(a, b, count, type);
            type.pack(b, 0, count, inout, inoutAt);
        };
    }

    /** Folds values in their order, as an operation on objects. */
    static <T> T fold(Iterable<T> values, BinaryOperator<T> operator) {
        T result = null;
        boolean first = true;
        for (T v : values) {
            result = first ? v : operator.apply(result, v);
            first = false;
        }
        return result;
    }
}
