package org.jadi.scopes.place;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jadi.scopes.place.MappingOptions.Bound;
import org.jadi.scopes.place.MappingOptions.RankBy;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Lays out ranks on a host in three steps, as Open MPI 5 does: maps them to objects, binds them to CPUs in these, and numbers
 * them.
 */
public final class RankMapper {
    private final Topology topology;
    private final MappingOptions options;
    private final CpuSet cpus;

    /** What ranks are counted in: cores, or hardware threads. */
    private final List<CpuSet> units;
    private final List<CpuSet> objects;

    /** Units in each object. */
    private final int[] sizes;

    private RankMapper(Topology topology, MappingOptions options, CpuSet available) {
        this.topology = topology;
        this.options = options;
        this.cpus = options.cpuSet().isEmpty() ? available : available.and(options.cpuSet());
        if (!available.containsAll(options.cpuSet())) {
            throw new IllegalArgumentException("--cpu-set names CPUs that cannot be used here: cpus=" + options.cpuSet().andNot(available)
                    + " usable=" + available);
        }
        this.units = options.hardwareThreads() ? topology.inOrder(cpus).stream().map(CpuSet::of).toList() : topology.cores(cpus);
        this.objects = objects(options.mapBy(), "--map-by", cpus);
        this.sizes = objects.stream().mapToInt(this::unitsIn).toArray();
    }

    /**
     * Lays out ranks.
     *
     * @param available CPUs on which they may run
     * @param ranks how many; 0: as many as the layout holds
     * @throws IllegalArgumentException if the layout has no place for them, or is impossible on this machine
     */
    public static RankMap map(Topology topology, MappingOptions options, CpuSet available, int ranks) {
        return new RankMapper(topology, options, available).map(ranks);
    }

    private RankMap map(int wanted) {
        int room = options.perObject() > 0 ? options.perObject() * objects.size()
                : IntStream.of(sizes).map(s -> s / options.cpusPerRank()).sum();
        if (room == 0) {
            throw new IllegalArgumentException("no object has CPUs enough for a rank: --map-by " + name(options.mapBy()) + ":PE="
                    + options.cpusPerRank() + ", and " + units.size() + " CPUs here; map by a larger object, such as slot:PE=" + options.cpusPerRank());
        }
        int ranks = wanted == 0 ? room : wanted;
        if (ranks > room && (options.perObject() > 0 || options.refuseMore())) {
            throw new IllegalArgumentException("there is no place for all ranks of this host: ranks=" + ranks + " places=" + room
                    + (options.perObject() > 0 ? " (" + options.perObject() + " on each of " + objects.size() + " " + name(options.mapBy()) + ")" : ""));
        }
        int[] mapped = options.perObject() > 0 ? inGroups(ranks) : inTurns(ranks);
        boolean crowded = isCrowded(mapped);
        boolean bind = options.bound() == Bound.DEFAULT ? !crowded || options.overload() : options.bound() != Bound.NO;
        List<CpuSet> bound = bind ? bind(mapped) : Collections.nCopies(ranks, CpuSet.EMPTY);
        List<RankMap.Place> places = new ArrayList<>();
        for (int process : numbered(mapped, bound)) {
            places.add(new RankMap.Place(objects.get(mapped[process]), bound.get(process)));
        }
        return new RankMap(topology, cpus, List.copyOf(places), bind || options.bound() == Bound.NO ? ""
                : "ranks are not bound: there are more of them than CPUs, " + ranks + " on " + units.size());
    }

    private List<CpuSet> objects(HwType type, String option, CpuSet within) {
        if (type == null || type == HwType.MACHINE) {
            return List.of(within);
        }
        List<CpuSet> found = topology.localities(type).stream().map(l -> l.and(within)).filter(l -> !l.isEmpty()).toList();
        if (found.isEmpty() && type == HwType.CORE) {
            return topology.cores(within);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(option + " " + type.shortName() + ": this machine has none, but " + topology);
        }
        return found;
    }

    private int unitsIn(CpuSet object) {
        return (int) units.stream().filter(u -> u.intersects(object)).count();
    }

    /** One rank on each object in turns, past those that are full; over and over if all are. */
    private int[] inTurns(int ranks) {
        int[] room = IntStream.of(sizes).map(s -> s / options.cpusPerRank()).toArray();
        int[] left = room.clone();
        int[] mapped = new int[ranks];
        int object = -1;
        for (int i = 0; i < ranks; i++) {
            if (IntStream.of(left).allMatch(l -> l <= 0)) {
                left = room.clone();
                object = -1;
            }
            do {
                object = (object + 1) % left.length;
            } while (left[object] <= 0);
            left[object]--;
            mapped[i] = object;
        }
        return mapped;
    }

    private int[] inGroups(int ranks) {
        return IntStream.range(0, ranks).map(i -> i / options.perObject()).toArray();
    }

    private boolean isCrowded(int[] mapped) {
        int[] load = new int[objects.size()];
        for (int object : mapped) {
            load[object] += options.cpusPerRank();
        }
        return IntStream.range(0, load.length).anyMatch(o -> load[o] > sizes[o]);
    }

    private List<CpuSet> bind(int[] mapped) {
        HwType unit = options.hardwareThreads() ? HwType.PU : HwType.CORE;
        HwType type = options.bindTo() == null ? unit : options.bindTo();
        if (options.cpusPerRank() > 1 && type != HwType.CORE && type != HwType.PU) {
            throw new IllegalArgumentException("a rank with PE=" + options.cpusPerRank() + " is bound to its CPUs, so --bind-to "
                    + type.shortName() + " cannot be: give core or hwthread, or leave it out");
        }
        List<CpuSet> targets = options.cpusPerRank() > 1 ? units : objects(type, "--bind-to", cpus);
        boolean larger = options.mapBy() != null && objects.stream().anyMatch(o -> targets.stream().anyMatch(t -> t.intersects(o)
                && !o.containsAll(t)));
        if (larger) {
            throw new IllegalArgumentException("ranks are bound to what they are mapped to, or to something inside: --map-by "
                    + name(options.mapBy()) + " --bind-to " + type.shortName());
        }
        int[] load = new int[targets.size()];
        List<CpuSet> bound = new ArrayList<>();
        for (int object : mapped) {
            CpuSet sum = CpuSet.EMPTY;
            for (int i = 0; i < options.cpusPerRank(); i++) {
                int target = leastLoaded(targets, load, objects.get(object), sum);
                load[target]++;
                checkLoad(targets.get(target), load[target], type);
                sum = sum.or(targets.get(target));
            }
            bound.add(sum);
        }
        return bound;
    }

    private static int leastLoaded(List<CpuSet> targets, int[] load, CpuSet object, CpuSet taken) {
        return IntStream.range(0, load.length).filter(t -> targets.get(t).intersects(object) && !targets.get(t).intersects(taken)).boxed()
                .min(Comparator.comparingInt(t -> load[t])).orElseThrow(() -> new IllegalArgumentException("an object has fewer CPUs"
                        + " than each of its ranks is to have: object=" + object));
    }

    private void checkLoad(CpuSet target, int load, HwType type) {
        if (options.limit() > 0 && load > options.limit()) {
            throw new IllegalArgumentException("more ranks would be bound to a " + type.shortName() + " than LIMIT=" + options.limit()
                    + ": cpus=" + target);
        }
        // A part of a core counts as a CPU, too: --bind-to hwthread gives each thread to a rank.
        if (load > 1 && load > (type == HwType.PU ? 1 : unitsIn(target)) && !options.overload() && options.bound() != Bound.IF_SUPPORTED) {
            throw new IllegalArgumentException("more ranks would be bound to a " + type.shortName() + " than it has CPUs: ranks=" + load
                    + " cpus=" + target + "; start fewer, bind to something larger, or say --bind-to " + type.shortName() + ":overload-allowed");
        }
    }

    /** Returns which process has which number. */
    private List<Integer> numbered(int[] mapped, List<CpuSet> bound) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, mapped.length).boxed().toList());
        if (options.rankBy() == RankBy.SLOT) {
            return order;
        }
        List<CpuSet> over = options.rankBy() == RankBy.OBJECT ? objects(options.rankOver(), "--rank-by", cpus) : objects;
        int[] object = new int[mapped.length];
        for (int i = 0; i < mapped.length; i++) {
            CpuSet place = bound.get(i).isEmpty() ? objects.get(mapped[i]) : bound.get(i);
            int first = topology.inOrder(place).getFirst();
            object[i] = IntStream.range(0, over.size()).filter(o -> over.get(o).contains(first)).findFirst().orElse(0);
        }
        if (options.rankBy() == RankBy.FILL) {
            order.sort(Comparator.comparingInt(i -> object[i]));
            return order;
        }
        int[] seen = new int[over.size()];
        int[] round = new int[mapped.length];
        for (int i = 0; i < mapped.length; i++) {
            round[i] = seen[object[i]]++;
        }
        order.sort(Comparator.<Integer>comparingInt(i -> round[i]).thenComparingInt(i -> object[i]));
        return order;
    }

    private static String name(HwType type) {
        return type == null ? "slot" : type.shortName();
    }
}
