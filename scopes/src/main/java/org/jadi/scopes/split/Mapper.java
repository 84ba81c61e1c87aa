package org.jadi.scopes.split;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** Brings members to pieces by the rule of a mapping. */
final class Mapper {
    private Mapper() {}

    /**
     * Returns the pieces of each member.
     *
     * @param bound what each member is bound to
     * @param pieces what there is
     * @param useAll whether fewer members than pieces divide all of them
     */
    static List<List<Integer>> map(Topology topology, Mapping mapping, List<CpuSet> bound, List<CpuSet> pieces, boolean useAll) {
        int members = bound.size();
        Mapping.Kind kind = mapping.kind() != Mapping.Kind.DEFAULT ? mapping.kind() : areDisjoint(bound) ? Mapping.Kind.CLOSE
                : Mapping.Kind.PACKED;
        if (members < pieces.size() && useAll) {
            List<List<Integer>> parts = kind == Mapping.Kind.SPREAD ? inTurn(pieces.size(), members) : chunks(pieces.size(), members);
            List<CpuSet> joined = parts.stream().map(part -> part.stream().map(pieces::get).reduce(CpuSet.EMPTY, CpuSet::or)).toList();
            int[] chosen = choose(topology, mapping, kind, bound, joined);
            return IntStream.of(chosen).mapToObj(parts::get).toList();
        }
        return IntStream.of(choose(topology, mapping, kind, bound, pieces)).mapToObj(List::of).toList();
    }

    private static int[] choose(Topology topology, Mapping mapping, Mapping.Kind kind, List<CpuSet> bound, List<CpuSet> pieces) {
        int members = bound.size();
        int count = pieces.size();
        return switch (kind) {
            case DEFAULT, PACKED -> packed(members, count);
            case SPREAD -> IntStream.range(0, members).map(i -> i % count).toArray();
            case CLOSE -> StableMatching.match(bound, pieces);
            case SCATTER -> IntStream.range(0, members).map(i -> members >= count ? i % count : scattered(i, members, count)).toArray();
            case STRIDE -> IntStream.range(0, members).map(i -> (int) ((long) i * mapping.stride() % count)).toArray();
            case EXPLICIT -> IntStream.range(0, members).map(i -> explicit(mapping.pieces(), i, count)).toArray();
            case ROUND_ROBIN -> roundRobin(grouped(topology, mapping.pivot(), pieces), members);
            case MEMORY_FIRST -> memoryFirst(grouped(topology, HwType.NUMA, pieces), pieces, members);
        };
    }

    /** Contiguous members on each piece; the first pieces get one more. */
    private static int[] packed(int members, int pieces) {
        int[] chosen = new int[members];
        int at = 0;
        for (int piece = 0; at < members; piece++) {
            int size = members / pieces + (piece < members % pieces ? 1 : 0);
            for (int i = 0; i < size; i++) {
                chosen[at++] = piece;
            }
        }
        return chosen;
    }

    private static List<List<Integer>> chunks(int items, int parts) {
        int[] part = packed(items, parts);
        return IntStream.range(0, parts).mapToObj(p -> IntStream.range(0, items).filter(i -> part[i] == p).boxed().toList()).toList();
    }

    private static List<List<Integer>> inTurn(int items, int parts) {
        return IntStream.range(0, parts).mapToObj(p -> IntStream.range(0, items).filter(i -> i % parts == p).boxed().toList()).toList();
    }

    /** The first and the last piece are used, and the gaps between differ by one at most, the wider ones first. */
    private static int scattered(int i, int members, int pieces) {
        if (members == 1) {
            return 0;
        }
        int gap = (pieces - 1) / (members - 1);
        return i * gap + Math.min(i, (pieces - 1) % (members - 1));
    }

    private static int explicit(List<Integer> list, int i, int pieces) {
        int piece = list.get(i % list.size());
        if (piece >= pieces) {
            throw new SplitException("the mapping names a piece that there is not: piece=" + piece + " pieces=" + pieces);
        }
        return piece;
    }

    /** Pieces by the object of a type that they lie in, or begin in. */
    private static List<List<Integer>> grouped(Topology topology, HwType type, List<CpuSet> pieces) {
        List<List<Integer>> groups = new ArrayList<>();
        List<CpuSet> objects = new ArrayList<>(topology.localities(type));
        objects.add(topology.cpus()); // for what is in none of them
        boolean[] taken = new boolean[pieces.size()];
        for (CpuSet object : objects) {
            List<Integer> group = IntStream.range(0, pieces.size()).filter(p -> !taken[p] && pieces.get(p).intersects(object)).boxed()
                    .toList();
            group.forEach(p -> taken[p] = true);
            if (!group.isEmpty()) {
                groups.add(group);
            }
        }
        return groups;
    }

    private static int[] roundRobin(List<List<Integer>> groups, int members) {
        return IntStream.range(0, members).map(i -> {
            List<Integer> group = groups.get(i % groups.size());
            return group.get(i / groups.size() % group.size());
        }).toArray();
    }

    private static int[] memoryFirst(List<List<Integer>> groups, List<CpuSet> pieces, int members) {
        List<Long> weights = groups.stream().map(g -> g.stream().mapToLong(p -> pieces.get(p).count()).sum()).toList();
        long whole = Math.max(1, weights.stream().mapToLong(w -> w).sum());
        int[] chosen = new int[members];
        long seen = 0;
        int at = 0;
        for (int g = 0; g < groups.size(); g++) {
            seen += weights.get(g);
            int end = g == groups.size() - 1 ? members : (int) ((members * seen + whole - 1) / whole);
            int[] within = packed(end - at, groups.get(g).size());
            for (int i = 0; i < within.length; i++) {
                chosen[at++] = groups.get(g).get(within[i]);
            }
        }
        return chosen;
    }

    private static boolean areDisjoint(List<CpuSet> sets) {
        CpuSet all = CpuSet.EMPTY;
        for (CpuSet set : sets) {
            if (set.isEmpty() || all.intersects(set)) {
                return false;
            }
            all = all.or(set);
        }
        return sets.size() > 1;
    }
}
