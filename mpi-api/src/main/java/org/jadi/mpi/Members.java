package org.jadi.mpi;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The ranks that a communicator can talk to: which process each of them is, and by which number that process knows the
 * communicator (see {@link Contexts}). Immutable. Both tables are left out where they would say nothing.
 */
final class Members {
    final int size;

    /** Rank in the job of each rank; null where they are the same. */
    private final int[] world;

    /** Number of each rank; null where all have {@link #number}. */
    private final int[] numbers;
    private final int number;

    private Members(int size, int[] world, int[] numbers, int number) {
        this.size = size;
        this.world = world;
        this.numbers = numbers;
        this.number = number;
    }

    /** All ranks of a job. */
    static Members ofJob(int size, int number) {
        return new Members(size, null, null, number);
    }

    /** Processes by their rank in the job (null: all of a job), and their numbers. */
    static Members of(int size, int[] world, int[] numbers) {
        int first = numbers[0];
        boolean uniform = Arrays.stream(numbers).allMatch(n -> n == first);
        return new Members(size, world, uniform ? null : numbers, first);
    }

    /** The same processes, with other numbers: one for all if the table is null. */
    Members renumbered(int one, int[] table) {
        return new Members(size, world, table, one);
    }

    int toWorld(int rank) {
        return world == null ? rank : world[rank];
    }

    int numberOf(int rank) {
        return numbers == null ? number : numbers[rank];
    }

    /** Whether every member has the same number, and which; -1 if not. */
    int uniformNumber() {
        return numbers == null ? number : -1;
    }

    /** Returns the ranks in the job, in order; a new array. */
    int[] worldRanks() {
        int[] all = new int[size];
        Arrays.setAll(all, this::toWorld);
        return all;
    }

    /** Returns the processes of some ranks. */
    int[] worldRanks(int[] ranks) {
        return Arrays.stream(ranks).map(this::toWorld).toArray();
    }

    /** Returns the rank of a process, or -1. */
    int rankOf(int process) {
        if (world == null) {
            return process >= 0 && process < size ? process : -1;
        }
        for (int r = 0; r < size; r++) {
            if (world[r] == process) {
                return r;
            }
        }
        return -1;
    }

    /** Returns the ranks of processes, or null if one is not a member. */
    int[] ranksOf(int[] processes) {
        Map<Integer, Integer> index = HashMap.newHashMap(world == null ? 0 : size);
        for (int r = 0; world != null && r < size; r++) {
            index.put(world[r], r);
        }
        int[] ranks = new int[processes.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = world == null ? rankOf(processes[i]) : index.getOrDefault(processes[i], -1);
            if (ranks[i] < 0) {
                return null;
            }
        }
        return ranks;
    }
}
