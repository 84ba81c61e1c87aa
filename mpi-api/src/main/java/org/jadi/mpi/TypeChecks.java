package org.jadi.mpi;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jadi.mpi.Datatype.Distribution;
import org.jadi.mpi.Datatype.Order;
import org.jadi.mpi.datatype.ArrayMaps;
import org.jadi.mpi.datatype.Kind;
import org.jadi.mpi.datatype.Layout;
import org.jadi.mpi.datatype.Signature;
import org.jadi.mpi.datatype.TypeMap;

/** The checks of arguments that make datatypes. */
final class TypeChecks {
    private TypeChecks() {}

    static MpiException error(ErrorClass errorClass, String call, String facts) {
        return new MpiException(errorClass, "Datatype." + call + ": " + facts);
    }

    static void counts(String call, long... counts) {
        for (long c : counts) {
            if (c < 0) {
                throw error(ErrorClass.COUNT, call, "counts and lengths are 0 or more: " + new LongList(counts));
            }
        }
    }

    static void sameLength(String call, long[] lengths, long[] displacements) {
        if (lengths == null || displacements == null || lengths.length != displacements.length) {
            throw error(ErrorClass.ARG, call, "as many displacements as block lengths are wanted: blockLengths="
                    + (lengths == null ? "null" : lengths.length) + " displacements="
                    + (displacements == null ? "null" : displacements.length));
        }
    }

    /** Returns one length for each displacement. */
    static long[] same(long blockLength, long[] displacements) {
        long[] lengths = new long[displacements == null ? 0 : displacements.length];
        Arrays.fill(lengths, blockLength);
        return lengths;
    }

    /** Makes a map; what does not fit into a long is an error of the caller. */
    static TypeMap map(String call, Supplier<TypeMap> maker) {
        try {
            return maker.get();
        } catch (ArithmeticException e) {
            throw new MpiException(ErrorClass.ARG, "Datatype." + call + ": sizes and bounds must fit into a long", e);
        }
    }

    static long bytes(String call, long count, long size) {
        try {
            return Math.multiplyExact(count, size);
        } catch (ArithmeticException e) {
            throw new MpiException(ErrorClass.COUNT, "Datatype." + call + ": the size must fit into a long: count=" + count
                    + " typeBytes=" + size, e);
        }
    }

    static boolean matches(TypeMap send, long count, TypeMap receive, long otherCount) {
        counts("matches", count, otherCount);
        Layout sent = send.elements(count);
        Layout received = receive.elements(otherCount);
        if (isPacked(sent) || isPacked(received)) {
            return sent.size <= received.size;
        }
        Signature start = sent.size > received.size ? null : received.prefix(sent.size);
        return start != null && start.equals(sent.signature);
    }

    private static boolean isPacked(Layout layout) {
        return layout.size > 0 && layout.signature.equals(Signature.of(Kind.PACKED, layout.size));
    }

    static long[] reversed(long[] values) {
        long[] result = new long[values.length];
        Arrays.setAll(result, i -> values[values.length - 1 - i]);
        return result;
    }

    // ----------------------------------------------------------------- arrays

    static void subarray(long[] sizes, long[] subsizes, long[] starts, Order order) {
        if (order == null || sizes == null || subsizes == null || starts == null || sizes.length == 0
                || subsizes.length != sizes.length || starts.length != sizes.length) {
            throw error(ErrorClass.ARG, "subarray", "an order, and sizes, subsizes and starts of 1 dimension or more are"
                    + " wanted: sizes=" + Arrays.toString(sizes) + " subsizes=" + Arrays.toString(subsizes) + " starts="
                    + Arrays.toString(starts) + " order=" + order);
        }
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] < 1 || subsizes[d] < 1 || starts[d] < 0 || starts[d] > sizes[d] - subsizes[d]) {
                throw error(ErrorClass.ARG, "subarray", "the part must lie within the array: dimension=" + d + " size="
                        + sizes[d] + " subsize=" + subsizes[d] + " start=" + starts[d]);
            }
        }
    }

    static void darray(int size, int rank, long[] sizes, Distribution[] distributions, long[] blockLengths, int[] processes,
            Order order) {
        if (order == null || sizes == null || distributions == null || blockLengths == null || processes == null
                || sizes.length == 0 || distributions.length != sizes.length || blockLengths.length != sizes.length
                || processes.length != sizes.length || Arrays.asList(distributions).contains(null)) {
            throw error(ErrorClass.ARG, "darray", "an order, and sizes, distributions, blockLengths and processes of 1"
                    + " dimension or more are wanted: sizes=" + Arrays.toString(sizes) + " distributions="
                    + Arrays.toString(distributions) + " blockLengths=" + Arrays.toString(blockLengths) + " processes="
                    + Arrays.toString(processes) + " order=" + order);
        }
        long product = 1;
        for (int d = 0; d < sizes.length; d++) {
            darrayDimension(d, sizes[d], distributions[d], blockLengths[d], processes[d]);
            product = Math.multiplyFull((int) Math.min(product, Integer.MAX_VALUE), processes[d]);
        }
        if (product != size || rank < 0 || rank >= size) {
            throw error(ErrorClass.ARG, "darray", "size is the product of processes, and rank 0 to size - 1: size=" + size
                    + " rank=" + rank + " processes=" + Arrays.toString(processes));
        }
    }

    private static void darrayDimension(int d, long size, Distribution distribution, long block, int processes) {
        boolean blockIsDefault = block == Datatype.DEFAULT_BLOCK;
        boolean right = size > 0 && processes > 0 && (block > 0 || blockIsDefault) && switch (distribution) {
            case NONE -> processes == 1;
            case BLOCK -> blockIsDefault || block > (size - 1) / processes;
            case CYCLIC -> true;
        };
        if (!right) {
            throw error(ErrorClass.ARG, "darray", "size, processes and blockLength are 1 or more, NONE has one process, and"
                    + " BLOCK places the whole array: dimension=" + d + " size=" + size + " distribution=" + distribution
                    + " blockLength=" + block + " processes=" + processes);
        }
    }

    /** Makes the map of a distributed array; the arguments were checked. */
    static TypeMap darrayMap(int rank, long[] sizes, Distribution[] distributions, long[] blockLengths, int[] processes,
            Order order, TypeMap element) {
        int n = sizes.length;
        long[] slowSizes = new long[n];
        long[] blocks = new long[n];
        int[] slowProcesses = new int[n];
        int[] coordinates = new int[n];
        int rest = rank;
        // The grid of processes is in C order, whatever the order of the array.
        for (int d = n - 1; d >= 0; d--) {
            int to = order == Order.C ? d : n - 1 - d;
            slowSizes[to] = sizes[d];
            slowProcesses[to] = processes[d];
            coordinates[to] = rest % processes[d];
            rest /= processes[d];
            boolean isDefault = blockLengths[d] == Datatype.DEFAULT_BLOCK;
            blocks[to] = switch (distributions[d]) {
                case NONE -> sizes[d];
                case BLOCK -> isDefault ? (sizes[d] - 1) / processes[d] + 1 : blockLengths[d];
                case CYCLIC -> isDefault ? 1 : blockLengths[d];
            };
        }
        return ArrayMaps.distributed(slowSizes, blocks, slowProcesses, coordinates, element);
    }
}
