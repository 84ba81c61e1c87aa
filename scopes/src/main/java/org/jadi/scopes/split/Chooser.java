package org.jadi.scopes.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** Chooses objects for a request. A pure function. */
public final class Chooser {
    /** What was chosen: one set of CPUs for each object, in the order of preference; maybe fewer than asked for. */
    public record Choice(List<CpuSet> objects) {
        /** Returns all CPUs. */
        public CpuSet cpus() {
            return objects.stream().reduce(CpuSet.EMPTY, CpuSet::or);
        }
    }

    private Chooser() {}

    /**
     * Chooses the best objects of a set.
     *
     * @param counts how many claim each CPU
     * @param taken CPUs that somebody has alone, which nobody else gets
     */
    public static Choice choose(Topology topology, CpuSet set, Request request, int[] counts, CpuSet taken) {
        List<CpuSet> candidates = new ArrayList<>();
        for (CpuSet object : candidates(topology, set, request)) {
            CpuSet here = request.wholeCore() ? wholeCores(topology, object, set) : object;
            boolean free = !here.intersects(taken) && (!request.exclusive() || uses(here, counts) == 0);
            if (free && !here.isEmpty()) {
                candidates.add(here);
            }
        }
        List<CpuSet> ordered = new ArrayList<>(request.last() ? candidates.reversed() : candidates);
        ordered.sort(order(topology, request, counts));
        List<CpuSet> chosen = new ArrayList<>();
        CpuSet all = CpuSet.EMPTY;
        for (CpuSet object : ordered) {
            // Whole cores of several CPUs of one core are the same.
            if (chosen.size() < request.count() && !all.intersects(object)) {
                chosen.add(object);
                all = all.or(object);
            }
        }
        return new Choice(List.copyOf(chosen));
    }

    private static List<CpuSet> candidates(Topology topology, CpuSet set, Request request) {
        if (request.smtSibling()) {
            CpuSet firsts = topology.withoutSmt(topology.cpus());
            return topology.inOrder(set.andNot(firsts)).stream().map(CpuSet::of).toList();
        }
        if (request.type() == HwType.CORE && topology.objects(HwType.CORE).isEmpty()) {
            return topology.cores(set);
        }
        return topology.localities(request.type()).stream().filter(set::containsAll).toList();
    }

    private static CpuSet wholeCores(Topology topology, CpuSet object, CpuSet set) {
        return topology.cores(set).stream().filter(object::intersects).reduce(object, CpuSet::or);
    }

    private static Comparator<CpuSet> order(Topology topology, Request request, int[] counts) {
        ToIntFunction<CpuSet> use = object -> request.smtSibling() ? -siblingUse(topology, object, counts) : 0;
        ToIntFunction<CpuSet> claims = object -> uses(object, counts);
        ToIntFunction<CpuSet> near = object -> request.near().isEmpty() ? 0 : span(topology, object.or(request.near()));
        ToIntFunction<CpuSet> far = object -> request.far().isEmpty() ? 0 : -span(topology, object.or(request.far()));
        Comparator<CpuSet> places = Comparator.comparingInt(near).thenComparingInt(far);
        return request.preferUnused() ? Comparator.comparingInt(claims).thenComparingInt(use).thenComparing(places)
                : places.thenComparingInt(use).thenComparingInt(claims);
    }

    private static int uses(CpuSet object, int[] counts) {
        return object.stream().map(cpu -> cpu < counts.length ? counts[cpu] : 0).sum();
    }

    /** 1 if another CPU of the core is claimed. */
    private static int siblingUse(Topology topology, CpuSet pu, int[] counts) {
        CpuSet core = topology.cores(topology.cpus()).stream().filter(pu::intersects).findFirst().orElse(pu);
        return uses(core.andNot(pu), counts) > 0 ? 1 : 0;
    }

    /** The number of CPUs of the smallest object around all: the nearer they are, the smaller it is. */
    private static int span(Topology topology, CpuSet cpus) {
        return topology.smallestEnclosing(cpus.and(topology.cpus())).cpus().count();
    }
}
