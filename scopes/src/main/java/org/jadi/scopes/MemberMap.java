package org.jadi.scopes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Distance;
import org.jadi.scopes.topology.HwObject;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Where the members of a group are, and who is near to whom. Immutable. Any thread.
 *
 * <p>Made by {@link Scope#members}, of the CPUs of the members' scopes; or of any sets of CPUs. This is our meaning of the calls
 * that were proposed to the MPI Forum as {@code MPIX_Get_hw_resource_min}, {@code _hw_domain_neighbours} and
 * {@code _hw_topo_group}.
 */
public final class MemberMap {
    private final Topology topology;
    private final List<CpuSet> members;

    /**
     * Makes one.
     *
     * @param members the CPUs of each member, by rank
     * @throws IllegalArgumentException if one has none, or some that the machine has not
     */
    public MemberMap(Topology topology, List<CpuSet> members) {
        members.forEach(topology::checkCpus);
        this.topology = topology;
        this.members = List.copyOf(members);
    }

    /** Returns the number of members. */
    public int size() {
        return members.size();
    }

    /** Returns the CPUs of a member. */
    public CpuSet cpus(int rank) {
        return members.get(rank);
    }

    /** Returns how far two members are from each other. */
    public Distance distance(int a, int b) {
        return Distance.between(topology, cpus(a), cpus(b));
    }

    /** Returns the smallest object that has all CPUs of these members; there has to be one. */
    public HwObject smallestEnclosing(Collection<Integer> ranks) {
        return topology.smallestEnclosing(ranks.stream().map(members::get).reduce(CpuSet.EMPTY, CpuSet::or));
    }

    /**
     * Returns the members that are in the same object of a type as one of them, itself included; nobody if that member is in
     * several objects of the type, or in none.
     */
    public List<Integer> neighbours(int rank, HwType type) {
        return topology.localities(type).stream().filter(o -> o.containsAll(cpus(rank))).findFirst().map(this::inside)
                .orElse(List.of());
    }

    /** Returns up to so many other members, the nearest first, and by rank where several are equally near. */
    public List<Integer> nearest(int rank, int most) {
        return IntStream.range(0, size()).filter(r -> r != rank).boxed().sorted(Comparator.comparing((Integer r) -> distance(rank, r))
                .thenComparing(r -> r)).limit(most).toList();
    }

    /**
     * Returns the members of each object of a type, as far as there are any, in the order of the tree. Those who are in several
     * objects, or in none, are under the empty set.
     */
    public Map<CpuSet, List<Integer>> groups(HwType type) {
        Map<CpuSet, List<Integer>> groups = new LinkedHashMap<>();
        List<Integer> rest = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
        for (CpuSet object : topology.localities(type)) {
            List<Integer> here = inside(object).stream().filter(rest::contains).toList();
            rest.removeAll(here);
            if (!here.isEmpty()) {
                groups.put(object, here);
            }
        }
        if (!rest.isEmpty()) {
            groups.put(CpuSet.EMPTY, List.copyOf(rest));
        }
        return groups;
    }

    /** Divides the members into groups of neighbours, none larger than a limit, along the tree. Every member is in one. */
    public List<List<Integer>> groupBy(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a group has members: most=" + most);
        }
        return divide(topology.root(), new ArrayList<>(IntStream.range(0, size()).boxed().sorted(Comparator.comparingInt(
                (Integer r) -> topology.toLogical(cpus(r)).first()).thenComparing(r -> r)).toList()), most);
    }

    private List<List<Integer>> divide(HwObject object, List<Integer> ranks, int most) {
        if (ranks.size() <= most) {
            return ranks.isEmpty() ? List.of() : List.of(List.copyOf(ranks));
        }
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> rest = new ArrayList<>(ranks);
        for (HwObject child : object.children()) {
            List<Integer> here = rest.stream().filter(r -> child.cpus().containsAll(cpus(r))).toList();
            rest.removeAll(here);
            divide(child, here, most).forEach(group -> join(groups, group, most));
        }
        // Who spans several children, or shares one CPU with too many.
        for (int at = 0; at < rest.size(); at += most) {
            groups.add(List.copyOf(rest.subList(at, Math.min(rest.size(), at + most))));
        }
        return groups;
    }

    /** Puts a group to the one before, if both are small enough. */
    private static void join(List<List<Integer>> groups, List<Integer> group, int most) {
        if (!groups.isEmpty() && groups.getLast().size() + group.size() <= most) {
            List<Integer> both = new ArrayList<>(groups.removeLast());
            both.addAll(group);
            groups.add(List.copyOf(both));
        } else {
            groups.add(group);
        }
    }

    private List<Integer> inside(CpuSet object) {
        return IntStream.range(0, size()).filter(r -> object.containsAll(cpus(r))).boxed().toList();
    }
}
