package org.jadi.scopes.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;

/** The cases of quo-vadis's own tests that are worth keeping, and what makes a matching stable. */
class MapperTest {
    private static final Topology FLAT = Machines.synthetic("core:32 pu:1");

    private static List<CpuSet> pieces(int count) {
        return FLAT.cut(FLAT.cpus(), count, CutPolicy.PU_EVEN);
    }

    private static String map(Mapping mapping, List<CpuSet> bound, List<CpuSet> pieces) {
        return Mapper.map(FLAT, mapping, bound, pieces, true).toString().replace("[", "").replace("]", "");
    }

    private static List<CpuSet> unbound(int members) {
        return Collections.nCopies(members, CpuSet.EMPTY);
    }

    @Test
    void shouldMatchAsQuoVadisDoes() {
        assertEquals("0, 1, 2", map(Mapping.CLOSE, unbound(3), pieces(3)));
        assertEquals("0, 0, 1, 1, 2, 2", map(Mapping.CLOSE, unbound(6), pieces(3)));
        List<CpuSet> halves = List.of(CpuSet.range(0, 15), CpuSet.range(0, 15), CpuSet.range(16, 31), CpuSet.range(16, 31));
        assertEquals("0, 0, 1, 1", map(Mapping.CLOSE, halves, pieces(2)));
        assertEquals("1, 1, 0, 0", map(Mapping.CLOSE, halves.reversed(), pieces(2)));
        assertEquals("0, 0, 0, 1, 1, 1", map(Mapping.CLOSE, Collections.nCopies(6, FLAT.cpus()), pieces(2)));
        assertEquals("1, 1, 0", map(Mapping.CLOSE, Collections.nCopies(3, FLAT.cpus()), List.of(CpuSet.EMPTY, FLAT.cpus())));
    }

    @Test
    void shouldPackAndSpread() {
        assertEquals("0, 0, 1, 1, 2, 2, 3, 3, 4, 4", map(Mapping.PACKED, unbound(10), pieces(5)));
        assertEquals("[[0, 1], [2, 3], [4], [5], [6]]", Mapper.map(FLAT, Mapping.PACKED, unbound(5), pieces(7), true).toString());
        assertEquals("0, 1, 2, 3, 4, 0, 1, 2, 3, 4", map(Mapping.SPREAD, unbound(10), pieces(5)));
        assertEquals("[[0, 5], [1, 6], [2], [3], [4]]", Mapper.map(FLAT, Mapping.SPREAD, unbound(5), pieces(7), true).toString());
        assertEquals("[[0], [1], [2], [3], [4]]", Mapper.map(FLAT, Mapping.PACKED, unbound(5), pieces(7), false).toString());
    }

    @Test
    void shouldScatterAndStrideAndGoInTurn() {
        List<CpuSet> cpus = pieces(32);
        assertEquals("[[0], [5], [10], [15], [19], [23], [27], [31]]", Mapper.map(FLAT, Mapping.SCATTER, unbound(8), cpus, false).toString());
        assertEquals("[[0]]", Mapper.map(FLAT, Mapping.SCATTER, unbound(1), cpus, false).toString());
        assertEquals("[[0], [12], [24], [4]]", Mapper.map(FLAT, Mapping.stride(12), unbound(4), cpus, false).toString());
        assertEquals("3, 1, 3, 1", map(Mapping.explicit(List.of(3, 1)), unbound(4), pieces(4)));
        assertThrows(SplitException.class, () -> map(Mapping.explicit(List.of(4)), unbound(4), pieces(4)));
        Topology t = Machines.synthetic("package:2 core:4 pu:4");
        List<CpuSet> pus = t.cut(t.cpus(), 32, CutPolicy.PU_EVEN);
        assertEquals("[[0], [4], [8], [12], [16], [20], [24], [28], [1]]", Mapper.map(t, Mapping.roundRobin(HwType.CORE), unbound(9), pus,
                false).toString());
        assertEquals("[[0], [16], [1], [17]]", Mapper.map(t, Mapping.roundRobin(HwType.PACKAGE), unbound(4), pus, false).toString());
    }

    @Test
    void shouldFillMemoryNodesInProportion() {
        Topology t = Machines.synthetic("package:2 numa:1 core:8 pu:1");
        List<CpuSet> cores = t.cut(CpuSet.range(0, 11), 12, CutPolicy.WHOLE_CORES); // 8 on the first node, 4 on the second
        List<List<Integer>> map = Mapper.map(t, Mapping.MEMORY_FIRST, unbound(6), cores, false);
        assertEquals(4, map.stream().filter(p -> p.getFirst() < 8).count(), map.toString());
        assertEquals(2, map.stream().filter(p -> p.getFirst() >= 8).count(), map.toString());
    }

    @Test
    void shouldPreferWhereMembersAreBoundIfTheyAreApart() {
        assertEquals("1, 0", map(Mapping.DEFAULT, List.of(CpuSet.of(20), CpuSet.of(3)), pieces(2)));
        assertEquals("0, 1", map(Mapping.DEFAULT, List.of(CpuSet.of(20, 3), CpuSet.of(3)), pieces(2)));
    }

    @Test
    void shouldFindMatchingsThatNobodyWantsToLeave() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            List<CpuSet> pieces = pieces(1 + random.nextInt(8));
            List<CpuSet> bound = new ArrayList<>();
            for (int m = 1 + random.nextInt(12); m > 0; m--) {
                bound.add(CpuSet.of(IntStream.range(0, 32).filter(c -> random.nextInt(6) == 0)));
            }
            int[] chosen = StableMatching.match(bound, pieces);
            int[][] overlap = StableMatching.overlaps(bound, pieces);
            int[] wants = StableMatching.wanted(overlap, pieces.size());
            int[] room = StableMatching.room(bound.size(), wants);
            for (int m = 0; m < chosen.length; m++) {
                List<Integer> wishes = StableMatching.wishes(overlap, wants, m);
                for (int better : wishes.subList(0, wishes.indexOf(chosen[m]))) {
                    int[] there = IntStream.range(0, chosen.length).filter(x -> chosen[x] == better).toArray();
                    int member = m;
                    boolean wanted = there.length < room[better] || IntStream.of(there).anyMatch(
                            x -> StableMatching.preference(overlap, better).compare(member, x) < 0);
                    assertFalse(wanted, "seed=" + seed + " member " + m + " and piece " + better + " prefer each other: " + bound);
                }
            }
        }
    }
}
