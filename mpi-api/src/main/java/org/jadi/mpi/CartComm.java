package org.jadi.mpi;

import java.util.Arrays;

/** A communicator whose ranks form a grid, in row-major order. MPI 4.1 §8.5.1, §8.5.5. Queries are local. */
public final class CartComm extends IntraComm {
    private final int[] dims;
    private final boolean[] periods;

    CartComm(CommSeed seed, int[] dims, boolean[] periods) {
        super(seed);
        this.dims = dims;
        this.periods = periods;
    }

    /**
     * Source and destination of a shift.
     *
     * @param source rank to receive from, or {@link Comm#PROC_NULL}
     * @param destination rank to send to, or {@link Comm#PROC_NULL}
     */
    public record Shift(int source, int destination) {}

    /**
     * Divides processes into a grid as even as can be ({@code MPI_Dims_create}, MPI 4.1 §8.5.2): the largest free
     * dimension is as small as possible, then the next one; larger ones come first.
     *
     * @param processes number of processes, 1 or more
     * @param dims dimensions that are fixed, and 0 for those to be found; not changed
     * @throws MpiException DIMS for a negative dimension, or fixed ones that do not divide the number; ARG
     */
    public static int[] dimsCreate(int processes, int... dims) {
        return DimsCreate.of(processes, dims);
    }

    /** Returns the number of dimensions ({@code MPI_Cartdim_get}). */
    public int dimensions() {
        return dims.length;
    }

    /** Returns the ranks along each dimension ({@code MPI_Cart_get}); a copy. */
    public int[] dims() {
        return dims.clone();
    }

    /** Returns whether each dimension is closed to a ring ({@code MPI_Cart_get}); a copy. */
    public boolean[] periods() {
        return periods.clone();
    }

    /** Returns our place ({@code MPI_Cart_get}). */
    public int[] coords() {
        return coords(rank());
    }

    /**
     * Returns the place of a rank ({@code MPI_Cart_coords}).
     *
     * @throws MpiException RANK
     */
    public int[] coords(int rank) {
        if (rank < 0 || rank >= size()) {
            throw transfer.error(ErrorClass.RANK, "coords", "ranks are 0 to " + (size() - 1) + ": rank=" + rank, null);
        }
        int[] coords = new int[dims.length];
        int rest = rank;
        for (int d = dims.length - 1; d >= 0; d--) {
            coords[d] = rest % dims[d];
            rest /= dims[d];
        }
        return coords;
    }

    /**
     * Returns the rank at a place ({@code MPI_Cart_rank}); along periodic dimensions, any coordinate is one.
     *
     * @throws MpiException ARG for a coordinate outside the grid, or not one for each dimension
     */
    public int rank(int... coords) {
        if (coords.length != dims.length) {
            throw transfer.error(ErrorClass.ARG, "rank", "one coordinate for each dimension: " + Arrays.toString(coords)
                    + " dimensions=" + dims.length, null);
        }
        int rank = 0;
        for (int d = 0; d < dims.length; d++) {
            int c = periods[d] ? Math.floorMod(coords[d], dims[d]) : coords[d];
            if (c < 0 || c >= dims[d]) {
                throw transfer.error(ErrorClass.ARG, "rank", "outside the grid: coords=" + Arrays.toString(coords) + " dims="
                        + Arrays.toString(dims), null);
            }
            rank = rank * dims[d] + c;
        }
        return rank;
    }

    /**
     * Returns from whom we receive and to whom we send when all ranks send along a dimension ({@code MPI_Cart_shift}).
     *
     * @param direction the dimension, counted from 0
     * @param displacement how far; negative for down
     * @throws MpiException DIMS if there is no such dimension
     */
    public Shift shift(int direction, int displacement) {
        if (direction < 0 || direction >= dims.length) {
            throw transfer.error(ErrorClass.DIMS, "shift", "dimensions are 0 to " + (dims.length - 1) + ": direction="
                    + direction, null);
        }
        return new Shift(moved(direction, -(long) displacement), moved(direction, displacement));
    }

    private int moved(int direction, long by) {
        int[] coords = coords();
        long c = coords[direction] + by;
        if (!periods[direction] && (c < 0 || c >= dims[direction])) {
            return PROC_NULL;
        }
        coords[direction] = Math.floorMod(c, dims[direction]);
        return rank(coords);
    }

    /**
     * Divides the grid into grids of fewer dimensions ({@code MPI_Cart_sub}). Collective.
     *
     * @param remain whether each dimension stays
     * @return the grid of those who differ from us in the remaining dimensions only
     * @throws MpiException ARG if it is not one for each dimension; COMM, PROC_FAILED
     */
    public CartComm sub(boolean... remain) {
        transfer.checkUsable("sub");
        if (remain.length != dims.length) {
            throw transfer.error(ErrorClass.ARG, "sub", "one value for each dimension: values=" + remain.length
                    + " dimensions=" + dims.length, null);
        }
        int[] coords = coords();
        int color = 0;
        int kept = 0;
        int[] subDims = new int[dims.length];
        boolean[] subPeriods = new boolean[dims.length];
        for (int d = 0; d < dims.length; d++) {
            if (remain[d]) {
                subDims[kept] = dims[d];
                subPeriods[kept++] = periods[d];
            } else {
                color = color * dims[d] + coords[d];
            }
        }
        CommSeed part = CommCreation.split(this, color, rank(), "sub");
        return new CartComm(part, Arrays.copyOf(subDims, kept), Arrays.copyOf(subPeriods, kept));
    }

    @Override
    public CartComm dup() {
        return (CartComm) super.dup();
    }

    @Override
    public CartComm dup(Info hints) {
        return (CartComm) super.dup(hints);
    }

    @Override
    IntraComm like(CommSeed copy) {
        return new CartComm(copy, dims, periods);
    }

    @Override
    int[] inNeighbors() {
        int[] neighbors = new int[2 * dims.length];
        for (int d = 0; d < dims.length; d++) {
            neighbors[2 * d] = moved(d, -1);
            neighbors[2 * d + 1] = moved(d, 1);
        }
        return neighbors;
    }

    @Override
    int[] outNeighbors() {
        return inNeighbors();
    }
}
