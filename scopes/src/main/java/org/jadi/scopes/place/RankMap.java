package org.jadi.scopes.place;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwObject;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Where the ranks of one host run.
 *
 * @param topology the machine
 * @param cpus the CPUs on which they may run
 * @param places the place of each, by its number among the ranks of the host
 * @param note why ranks are not bound although the layout speaks for it; empty otherwise
 */
public record RankMap(Topology topology, CpuSet cpus, List<Place> places, String note) {
    /**
     * The place of a rank.
     *
     * @param object the CPUs of the object to which it was mapped
     * @param cpus those to which it is bound; empty if it is not
     */
    public record Place(CpuSet object, CpuSet cpus) {}

    /** Returns the CPUs to which ranks are bound, of all together; empty if they are not. */
    public CpuSet bound() {
        return places.stream().map(Place::cpus).reduce(CpuSet.EMPTY, CpuSet::or);
    }

    /** Returns the mask that a rank is started with; empty if it takes that of its launcher. */
    public CpuSet mask(int rank) {
        CpuSet own = places.get(rank).cpus();
        return own.isEmpty() && !cpus.containsAll(topology.allowed()) ? cpus : own;
    }

    /** Returns in words where a rank is: {@code bound to package[0][core:0-1]}. */
    public String describe(int rank) {
        Place place = places.get(rank);
        return place.cpus().isEmpty() ? place.object().containsAll(cpus) ? "not bound" : "not bound, mapped to " + words(topology, place.object())
                : "bound to " + words(topology, place.cpus());
    }

    /** Returns CPUs by packages and cores, or hardware threads where cores are cut: {@code package[0][core:0-1]}. */
    public static String words(Topology topology, CpuSet cpus) {
        Map<Integer, CpuSet> packages = new TreeMap<>();
        CpuSet outside = CpuSet.EMPTY;
        for (int cpu : topology.inOrder(cpus)) {
            HwObject enclosing = topology.pu(cpu).enclosing(HwType.PACKAGE);
            if (enclosing == null) {
                outside = outside.or(CpuSet.of(cpu));
            } else {
                packages.merge(enclosing.logicalIndex(), CpuSet.of(cpu), CpuSet::or);
            }
        }
        List<String> words = new ArrayList<>();
        packages.forEach((index, set) -> words.add("package[" + index + "]" + inside(topology, set)));
        if (!outside.isEmpty()) {
            words.add("machine" + inside(topology, outside));
        }
        return String.join(" ", words);
    }

    private static String inside(Topology topology, CpuSet set) {
        CpuSet cores = CpuSet.EMPTY;
        CpuSet whole = CpuSet.EMPTY;
        for (HwObject core : topology.inside(HwType.CORE, set)) {
            cores = cores.or(CpuSet.of(core.logicalIndex()));
            whole = whole.or(core.cpus());
        }
        return whole.equals(set) ? "[core:" + cores + "]" : "[hwt:" + topology.toLogical(set) + "]";
    }

    /** Returns the map as a table, a line for each rank. */
    public String table(int firstRank) {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < places.size(); i++) {
            table.append(String.format("  rank %-5d %s%n", firstRank + i, describe(i)));
        }
        return table.append(note.isEmpty() ? "" : "  " + note + System.lineSeparator()).toString();
    }
}
