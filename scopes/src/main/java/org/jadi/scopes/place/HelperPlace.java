package org.jadi.scopes.place;

import java.util.List;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * The place of a helper thread that polls.
 *
 * <p>In this order: a CPU that is set aside for helpers; one that no rank has and nobody claims, the nearest to the network
 * card or else to the rank; the second thread of a core of the rank. If there is none of these, the thread is not pinned, and
 * must not spin: on the CPU of a rank it would take half of the rank's time.
 *
 * @param cpus to which it is bound; empty: not bound
 * @param maySpin whether it may poll without giving its CPU away
 * @param reason why, in words
 */
public record HelperPlace(CpuSet cpus, boolean maySpin, String reason) {
    /**
     * What is known of the rank.
     *
     * @param localRank its place among those of the host
     * @param localSize number of ranks on the host
     * @param cpus number of CPUs that they share
     * @param own CPUs with which it was started
     * @param bound CPUs to which all ranks of the host are bound; empty if nobody knows
     * @param utility CPUs that are set aside for helpers
     */
    public record Rank(int localRank, int localSize, int cpus, CpuSet own, CpuSet bound, CpuSet utility) {}

    /** Claims a CPU for one thread alone. */
    @FunctionalInterface
    public interface Claiming {
        /** Returns a claimed one of some CPUs, near to others; empty if all are claimed. */
        CpuSet claim(CpuSet among, CpuSet near);
    }

    private static HelperPlace unpinned(boolean maySpin, String reason) {
        return new HelperPlace(CpuSet.EMPTY, maySpin, reason);
    }

    /** Takes one of the CPUs that the user names, or that are set aside; ranks take turns. */
    private static HelperPlace ofList(CpuSet list, Rank rank, String whose) {
        List<Integer> cpus = list.stream().boxed().toList();
        int cpu = cpus.get(rank.localRank() % cpus.size());
        boolean alone = cpus.size() >= rank.localSize();
        return new HelperPlace(CpuSet.of(cpu), alone, "on CPU " + cpu + ", " + whose + (alone ? "" : "; does not spin, for "
                + rank.localSize() + " ranks share " + cpus.size() + " CPUs"));
    }

    /**
     * Decides what can be decided without a picture of the machine; null if one is needed.
     *
     * @param choice {@code auto}, {@code none}, {@code core}, {@code smt}, or CPUs
     */
    public static HelperPlace withoutTopology(String choice, Rank rank) {
        if (choice.equals("none")) {
            return unpinned(true, "not pinned, as asked");
        }
        if (!choice.equals("core") && !choice.equals("smt")) {
            if (!choice.equals("auto")) {
                return ofList(CpuSet.parse(choice), rank, "as asked");
            }
            if (!rank.utility().isEmpty()) {
                return ofList(rank.utility(), rank, "which is set aside for helpers");
            }
            if (rank.bound().isEmpty() && rank.localSize() >= rank.cpus()) {
                return unpinned(false, "not pinned and does not spin: no CPU to spare, " + rank.localSize() + " ranks on "
                        + rank.cpus() + " CPUs");
            }
        }
        return null;
    }

    /** Decides, for any choice. */
    public static HelperPlace choose(Topology machine, String choice, Rank rank, Claiming claiming) {
        HelperPlace simple = withoutTopology(choice, rank);
        if (simple != null) {
            return simple;
        }
        CpuSet own = rank.own().and(machine.cpus());
        List<CpuSet> cores = machine.cores(own);
        if (choice.equals("core")) {
            return new HelperPlace(cores.getLast(), cores.size() > 1, "on the last core of its rank, CPUs " + cores.getLast() + ", as asked");
        }
        if (choice.equals("auto")) {
            if (own.containsAll(machine.allowed())) {
                return unpinned(true, "not pinned: ranks are not bound, and " + rank.localSize() + " ranks leave CPUs to spare of "
                        + rank.cpus());
            }
            // Where others are bound we do not know unless the launcher tells: a CPU outside our mask may be anybody's.
            CpuSet spare = rank.bound().isEmpty() ? CpuSet.EMPTY : machine.allowed().andNot(rank.bound()).andNot(own);
            CpuSet claimed = spare.isEmpty() ? spare : claiming.claim(spare, near(machine, own));
            if (!claimed.isEmpty()) {
                return new HelperPlace(claimed, true, "on CPU " + claimed + ", which no rank has");
            }
        }
        for (CpuSet core : cores.reversed()) {
            if (core.count() > 1) {
                int second = machine.inOrder(core).getLast();
                return new HelperPlace(CpuSet.of(second), true, "on CPU " + second + ", the second thread of a core of its rank"
                        + (choice.equals("smt") ? ", as asked" : ""));
            }
        }
        return unpinned(false, "not pinned and does not spin: no CPU to spare" + (choice.equals("smt")
                ? ", the cores of its rank have one thread" : ", its rank has CPUs " + own));
    }

    /** Returns the CPUs at a network card in the package of the rank; its own if there is none, or all are near. */
    private static CpuSet near(Topology machine, CpuSet own) {
        CpuSet around = machine.intersecting(HwType.PACKAGE, own).stream().map(p -> p.cpus()).reduce(own, CpuSet::or);
        return machine.devices(HwType.NIC).stream().map(Device::locality)
                .filter(l -> around.containsAll(l) && !l.isEmpty() && !l.containsAll(around)).findFirst().orElse(own);
    }
}
