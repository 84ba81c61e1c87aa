package org.jadi.mpi.datatype;

import java.util.List;

/** Parts of arrays with several dimensions. MPI 4.1 §5.1.3, §5.1.4. Dimensions are given from slowest to fastest. */
public final class ArrayMaps {
    private ArrayMaps() {}

    /** Returns a rectangular part of an array; its extent is that of the whole array. */
    public static TypeMap subarray(long[] sizes, long[] subsizes, long[] starts, TypeMap element) {
        long stride = element.extent();
        TypeMap part = element;
        for (int d = sizes.length - 1; d >= 0; d--) {
            part = part.repeat(subsizes[d], stride).at(Math.multiplyExact(starts[d], stride));
            stride = Math.multiplyExact(stride, sizes[d]);
        }
        return part.resized(0, stride);
    }

    /**
     * Returns the part of a distributed array that one process owns; its extent is that of the whole array.
     *
     * @param sizes of the whole array
     * @param blocks length of the blocks that are dealt out, for each dimension
     * @param processes number of processes, for each dimension
     * @param coordinates of the process among them
     */
    public static TypeMap distributed(long[] sizes, long[] blocks, int[] processes, int[] coordinates, TypeMap element) {
        long stride = element.extent();
        TypeMap part = element;
        for (int d = sizes.length - 1; d >= 0; d--) {
            part = dealt(sizes[d], blocks[d], processes[d], coordinates[d], stride, part);
            stride = Math.multiplyExact(stride, sizes[d]);
        }
        return part.resized(0, stride);
    }

    private static TypeMap dealt(long size, long block, int processes, int coordinate, long stride, TypeMap part) {
        long whole = size / block;
        long rest = size % block;
        // Blocks 0 to whole - 1 are full; block number "whole" has the rest.
        long mine = whole / processes + (coordinate < whole % processes ? 1 : 0);
        long blockBytes = Math.multiplyExact(block, stride);
        TypeMap full = part.repeat(block, stride).repeat(mine, Math.multiplyExact(processes, blockBytes))
                .at(Math.multiplyExact(coordinate, blockBytes));
        boolean restIsMine = rest > 0 && whole % processes == coordinate;
        if (!restIsMine) {
            return full;
        }
        return TypeMap.join(List.of(full, part.repeat(rest, stride).at(Math.multiplyExact(whole, blockBytes))));
    }
}
