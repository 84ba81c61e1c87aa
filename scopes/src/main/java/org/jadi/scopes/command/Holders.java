package org.jadi.scopes.command;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jadi.scopes.topology.CpuSet;

/** Who holds which CPUs, in words: ranks, claims, what is set aside. Filled once. One thread. */
final class Holders {
    private record Holder(CpuSet cpus, String name, boolean rank) {}

    private final List<Holder> holders = new ArrayList<>();

    /** Adds a rank; one that is not bound to fewer than all CPUs holds none. */
    void addRank(CpuSet cpus, int rank) {
        holders.add(new Holder(cpus, Integer.toString(rank), true));
    }

    void add(CpuSet cpus, String name) {
        holders.add(new Holder(cpus, name, false));
    }

    /** Returns who holds some of these CPUs: {@code ranks 0-3, utility}; empty if nobody. */
    String of(CpuSet cpus) {
        List<String> names = new ArrayList<>();
        CpuSet ranks = ranks(cpus);
        if (!ranks.isEmpty()) {
            names.add((ranks.count() == 1 ? "rank " : "ranks ") + ranks);
        }
        TreeSet<String> others = new TreeSet<>();
        holders.stream().filter(h -> !h.rank() && h.cpus().intersects(cpus)).forEach(h -> others.add(h.name()));
        names.addAll(others);
        return String.join(", ", names);
    }

    /** Returns the numbers of the ranks that hold some of these CPUs, as a set that prints as a list with ranges. */
    CpuSet ranks(CpuSet cpus) {
        return CpuSet.of(holders.stream().filter(h -> h.rank() && h.cpus().intersects(cpus)).mapToInt(h -> Integer.parseInt(h.name())));
    }
}
