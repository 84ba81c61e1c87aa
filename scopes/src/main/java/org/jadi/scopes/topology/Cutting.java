package org.jadi.scopes.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The three ways of cutting CPUs into pieces; see {@link CutPolicy}. */
final class Cutting {
    private Cutting() {}

    static List<CpuSet> cut(Topology topology, CpuSet set, int pieces, CutPolicy policy) {
        int cpus = set.count();
        if (pieces < 1 || pieces > cpus) {
            throw new IllegalArgumentException("a set is cut into 1 to as many pieces as it has CPUs: pieces=" + pieces + " cpus="
                    + cpus + " set=" + set);
        }
        return switch (policy) {
            case PU_EVEN -> evenly(topology.inOrder(set), pieces);
            case TREE -> alongTree(topology.root(), set, pieces);
            case WHOLE_CORES -> {
                List<CpuSet> cores = topology.cores(set);
                yield pieces <= cores.size() ? groups(cores, cpus, pieces) : withinCores(topology, cores, pieces);
            }
        };
    }

    /** Chunks of neighbours; the first ones have one more where it does not come out even. */
    private static List<CpuSet> evenly(List<Integer> cpus, int pieces) {
        List<CpuSet> cut = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < pieces; i++) {
            int size = cpus.size() / pieces + (i < cpus.size() % pieces ? 1 : 0);
            cut.add(CpuSet.of(cpus.subList(at, at + size).stream().mapToInt(c -> c)));
            at += size;
        }
        return cut;
    }

    /** Puts neighbouring cores together until a piece has its share of what is left. */
    private static List<CpuSet> groups(List<CpuSet> cores, int cpus, int pieces) {
        List<CpuSet> cut = new ArrayList<>();
        int left = cpus;
        int at = 0;
        for (int rest = pieces; rest > 0; rest--) {
            int share = (left + rest - 1) / rest;
            CpuSet piece = CpuSet.EMPTY;
            // Every piece that follows gets a core at least, and the last one gets all that is left.
            while (at < cores.size() && (rest == 1 || piece.count() < share && cores.size() - at > rest - 1)) {
                piece = piece.or(cores.get(at++));
            }
            left -= piece.count();
            cut.add(piece);
        }
        return cut;
    }

    /** Every core gets one piece, and further ones in proportion to its further CPUs. */
    private static List<CpuSet> withinCores(Topology topology, List<CpuSet> cores, int pieces) {
        List<CpuSet> cut = new ArrayList<>();
        long spare = cores.stream().mapToInt(c -> c.count() - 1).sum();
        long extra = pieces - cores.size();
        long seen = 0;
        for (CpuSet core : cores) {
            long before = share(extra, seen, spare);
            seen += core.count() - 1;
            cut.addAll(evenly(topology.inOrder(core), (int) (1 + share(extra, seen, spare) - before)));
        }
        return cut;
    }

    /** The pieces that belong to the first part of a whole, rounded up, so that the first part is never without. */
    private static long share(long pieces, long part, long whole) {
        return whole == 0 ? 0 : (pieces * part + whole - 1) / whole;
    }

    private static List<CpuSet> alongTree(HwObject root, CpuSet set, int pieces) {
        CpuSet[] cut = new CpuSet[pieces];
        Arrays.fill(cut, CpuSet.EMPTY);
        distribute(List.of(root), set, pieces, cut, 0);
        return List.of(cut);
    }

    /** Deals pieces out to objects in proportion to their CPUs; what gets none joins the piece before it. */
    private static void distribute(List<HwObject> objects, CpuSet set, int pieces, CpuSet[] cut, int first) {
        long whole = objects.stream().mapToInt(o -> o.cpus().and(set).count()).sum();
        long seen = 0;
        int given = 0;
        for (HwObject object : objects) {
            CpuSet cpus = object.cpus().and(set);
            if (cpus.isEmpty()) {
                continue;
            }
            int chunk = (int) (share(pieces, seen + cpus.count(), whole) - share(pieces, seen, whole));
            seen += cpus.count();
            if (chunk == 0) {
                cut[first + given - 1] = cut[first + given - 1].or(cpus);
            } else if (chunk == 1) {
                cut[first + given] = cpus;
            } else {
                distribute(object.children(), set, chunk, cut, first + given);
            }
            given += chunk;
        }
    }
}
