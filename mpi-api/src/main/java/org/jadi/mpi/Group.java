package org.jadi.mpi;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * An ordered set of processes. MPI 4.1 §7.3; immutable, so that all operations are local, any thread may call them, and
 * there is nothing to be freed.
 *
 * <p>Groups come from communicators ({@link Comm#group}) and from other groups. Groups of different jobs in one JVM must not
 * be mixed. Errors are thrown and are not told to an error handler, because a group belongs to no communicator.
 */
public final class Group {
    /** The group without processes ({@code MPI_GROUP_EMPTY}, MPI 4.1 §7.2.1). */
    public static final Group EMPTY = new Group(new int[0], -1);

    /** Rank in the job of each process. */
    private final int[] world;

    /** The calling process's rank in the job; -1 where nobody knows. */
    private final int self;

    Group(int[] world, int self) {
        this.world = world;
        this.self = self;
    }

    /** Returns the number of processes ({@code MPI_Group_size}, MPI 4.1 §7.3.1). */
    public int size() {
        return world.length;
    }

    /** Returns the rank of the calling process, or {@link Comm#UNDEFINED} ({@code MPI_Group_rank}, MPI 4.1 §7.3.1). */
    public int rank() {
        for (int r = 0; r < world.length; r++) {
            if (world[r] == self) {
                return r;
            }
        }
        return Comm.UNDEFINED;
    }

    /**
     * Returns which ranks the processes of some ranks here have in another group
     * ({@code MPI_Group_translate_ranks}, MPI 4.1 §7.3.1).
     *
     * @param ranks ranks in this group, or {@link Comm#PROC_NULL}, which stays what it is
     * @return ranks in the other group, {@link Comm#UNDEFINED} for those that are not in it
     * @throws MpiException RANK; GROUP if the other is null
     */
    public int[] translateRanks(int[] ranks, Group other) {
        Map<Integer, Integer> there = present(other, "translateRanks").index();
        int[] result = new int[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            result[i] = ranks[i] == Comm.PROC_NULL ? Comm.PROC_NULL
                    : there.getOrDefault(world[checked(ranks[i], "translateRanks")], Comm.UNDEFINED);
        }
        return result;
    }

    /** Compares with another group ({@code MPI_Group_compare}, MPI 4.1 §7.3.1): IDENT, SIMILAR or UNEQUAL. */
    public Comparison compare(Group other) {
        int[] a = world;
        int[] b = present(other, "compare").world;
        if (Arrays.equals(a, b)) {
            return Comparison.IDENT;
        }
        if (a.length != b.length) {
            return Comparison.UNEQUAL;
        }
        a = a.clone();
        b = b.clone();
        Arrays.sort(a);
        Arrays.sort(b);
        return Arrays.equals(a, b) ? Comparison.SIMILAR : Comparison.UNEQUAL;
    }

    /** Returns the processes here, then those of the other that are not here ({@code MPI_Group_union}, MPI 4.1 §7.3.2). */
    public Group union(Group other) {
        Map<Integer, Integer> here = index();
        int[] more = Arrays.stream(present(other, "union").world).filter(w -> !here.containsKey(w)).toArray();
        int[] all = Arrays.copyOf(world, world.length + more.length);
        System.arraycopy(more, 0, all, world.length, more.length);
        return made(all, other);
    }

    /** Returns the processes here that are also in the other, in the order here ({@code MPI_Group_intersection}, MPI 4.1 §7.3.2). */
    public Group intersection(Group other) {
        return filtered(other, present(other, "intersection").index()::containsKey);
    }

    /** Returns the processes here that are not in the other, in the order here ({@code MPI_Group_difference}, MPI 4.1 §7.3.2). */
    public Group difference(Group other) {
        Map<Integer, Integer> there = present(other, "difference").index();
        return filtered(other, w -> !there.containsKey(w));
    }

    /**
     * Returns the processes of some ranks, in the order given ({@code MPI_Group_incl}, MPI 4.1 §7.3.2).
     *
     * @throws MpiException RANK if a rank is not in the group, or comes twice
     */
    public Group incl(int... ranks) {
        BitSet seen = new BitSet(world.length);
        int[] result = new int[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            result[i] = world[once(seen, ranks[i], "incl")];
        }
        return made(result, this);
    }

    /**
     * Returns the processes without those of some ranks ({@code MPI_Group_excl}, MPI 4.1 §7.3.2).
     *
     * @throws MpiException RANK if a rank is not in the group, or comes twice
     */
    public Group excl(int... ranks) {
        BitSet out = new BitSet(world.length);
        for (int r : ranks) {
            once(out, r, "excl");
        }
        return without(out);
    }

    /**
     * Returns the processes of ranges of ranks, in the order given ({@code MPI_Group_range_incl}, MPI 4.1 §7.3.2).
     *
     * @throws MpiException RANK if a rank is not in the group, or comes twice; ARG for a stride of 0 or away from the last
     */
    public Group rangeIncl(Range... ranges) {
        return incl(expand(ranges, "rangeIncl"));
    }

    /**
     * Returns the processes without those of ranges of ranks ({@code MPI_Group_range_excl}, MPI 4.1 §7.3.2).
     *
     * @throws MpiException RANK if a rank is not in the group, or comes twice; ARG for a stride of 0 or away from the last
     */
    public Group rangeExcl(Range... ranges) {
        return excl(expand(ranges, "rangeExcl"));
    }

    /**
     * The ranks {@code first, first + stride, ...} up to and with {@code last}.
     *
     * @param first first rank
     * @param last bound of the ranks; a rank itself if the stride meets it
     * @param stride distance, not 0; negative to go down
     */
    public record Range(int first, int last, int stride) {}

    /** Returns whether it is the same set in the same order, as {@link Comparison#IDENT}. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Group g && Arrays.equals(world, g.world);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(world);
    }

    @Override
    public String toString() {
        return "group of " + world.length + " processes, ranks in the job: " + (world.length <= 32 ? Arrays.toString(world)
                : Arrays.toString(Arrays.copyOf(world, 32)) + " and more");
    }

    // --------------------------------------------------------------- internal

    /** Returns the ranks in the job; must not be changed. */
    int[] world() {
        return world;
    }

    private Map<Integer, Integer> index() {
        Map<Integer, Integer> index = HashMap.newHashMap(world.length);
        for (int r = 0; r < world.length; r++) {
            index.put(world[r], r);
        }
        return index;
    }

    private Group filtered(Group other, IntPredicate kept) {
        return made(Arrays.stream(world).filter(kept).toArray(), other);
    }

    private Group without(BitSet ranks) {
        int[] result = new int[world.length - ranks.cardinality()];
        int n = 0;
        for (int r = 0; r < world.length; r++) {
            if (!ranks.get(r)) {
                result[n++] = world[r];
            }
        }
        return made(result, this);
    }

    private Group made(int[] processes, Group other) {
        return processes.length == 0 ? EMPTY : new Group(processes, Math.max(self, other.self));
    }

    private int[] expand(Range[] ranges, String operation) {
        int count = 0;
        int[] result = new int[world.length];
        for (Range range : ranges) {
            if (range.stride() == 0 || range.stride() > 0 == range.first() > range.last() && range.first() != range.last()) {
                throw new MpiException(ErrorClass.ARG, "Group." + operation + ": the stride leads from first to last: " + range);
            }
            long steps = ((long) range.last() - range.first()) / range.stride();
            for (long i = 0; i <= steps; i++) {
                int rank = checked((int) (range.first() + i * range.stride()), operation);
                if (count == result.length) {
                    throw new MpiException(ErrorClass.RANK, "Group." + operation + ": a rank comes twice: " + range);
                }
                result[count++] = rank;
            }
        }
        return Arrays.copyOf(result, count);
    }

    private int once(BitSet seen, int rank, String operation) {
        if (seen.get(checked(rank, operation))) {
            throw new MpiException(ErrorClass.RANK, "Group." + operation + ": the rank comes twice: rank=" + rank);
        }
        seen.set(rank);
        return rank;
    }

    private int checked(int rank, String operation) {
        if (rank < 0 || rank >= world.length) {
            throw new MpiException(ErrorClass.RANK, "Group." + operation + ": ranks are 0 to " + (world.length - 1) + ": rank="
                    + rank);
        }
        return rank;
    }

    private static Group present(Group group, String operation) {
        if (group == null) {
            throw new MpiException(ErrorClass.GROUP, "Group." + operation + ": the other group is null");
        }
        return group;
    }
}
