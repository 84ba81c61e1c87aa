package org.jadi.scopes.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CuttingTest {
    static Stream<Topology> machines() {
        return Machines.all();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shouldCutIntoDisjointPiecesThatCoverAll(Topology t) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (CpuSet set : List.of(t.cpus(), t.allowed(), randomPart(t, random))) {
            for (CutPolicy policy : CutPolicy.values()) {
                for (int pieces = 1; pieces <= set.count(); pieces += set.count() > 100 ? 13 : 1) {
                    check(t, set, pieces, policy, "seed=" + seed + " " + t + " set=" + set + " pieces=" + pieces + " " + policy);
                }
                assertThrows(IllegalArgumentException.class, () -> t.cut(set, set.count() + 1, policy));
                assertThrows(IllegalArgumentException.class, () -> t.cut(set, 0, policy));
            }
        }
    }

    private static void check(Topology t, CpuSet set, int pieces, CutPolicy policy, String message) {
        List<CpuSet> cut = t.cut(set, pieces, policy);
        assertEquals(pieces, cut.size(), message);
        CpuSet all = CpuSet.EMPTY;
        for (CpuSet piece : cut) {
            assertFalse(piece.isEmpty(), message);
            assertFalse(all.intersects(piece), message);
            all = all.or(piece);
        }
        assertEquals(set, all, message);
        assertEquals(cut, t.cut(set, pieces, policy), message);
        List<CpuSet> cores = t.cores(set);
        int widest = cores.stream().mapToInt(CpuSet::count).max().orElse(0);
        int most = cut.stream().mapToInt(CpuSet::count).max().orElse(0);
        int least = cut.stream().mapToInt(CpuSet::count).min().orElse(0);
        switch (policy) {
            case PU_EVEN -> assertTrue(most - least <= 1, message);
            case WHOLE_CORES -> {
                for (CpuSet core : cores) {
                    long sharers = cut.stream().filter(p -> p.intersects(core)).count();
                    assertTrue(sharers == 1 || pieces > cores.size(), message + " cuts core " + core);
                }
                if (pieces > cores.size()) {
                    assertTrue(cut.stream().allMatch(p -> cores.stream().filter(p::intersects).count() == 1), message);
                } else {
                    assertTrue(most <= (set.count() + pieces - 1) / pieces + widest - 1, message + " most=" + most);
                }
            }
            case TREE -> { }
        }
    }

    private static CpuSet randomPart(Topology t, Random random) {
        CpuSet part = CpuSet.of(t.cpus().stream().filter(c -> random.nextBoolean()));
        return part.isEmpty() ? t.cpus() : part;
    }

    @Test
    void shouldFollowTheTree() {
        Topology t = Machines.file("hybrid"); // 4 CPUs in two cores, 4 in four
        assertEquals(List.of(CpuSet.range(0, 1), CpuSet.range(2, 3), CpuSet.range(4, 7)), t.cut(t.cpus(), 3, CutPolicy.TREE));
        Topology scrambled = Machines.file("smt-scrambled");
        assertEquals(List.of(CpuSet.parse("0-3,8-11"), CpuSet.parse("4-7,12-15")), scrambled.cut(scrambled.cpus(), 2, CutPolicy.TREE));
        assertEquals("[0-1,8-9, 2-3,10-11, 4-7,12-15]", scrambled.cut(scrambled.cpus(), 3, CutPolicy.TREE).toString());
    }

    @Test
    void shouldGiveTheFirstPiecesTheSurplusOfCores() {
        Topology t = Machines.synthetic("core:5 pu:2");
        assertEquals("[0-5, 6-9]", t.cut(t.cpus(), 2, CutPolicy.WHOLE_CORES).toString());
        assertEquals("[0-4, 5-9]", t.cut(t.cpus(), 2, CutPolicy.PU_EVEN).toString());
        assertEquals("[0, 1, 2-3, 4, 5, 6-7, 8-9]", t.cut(t.cpus(), 7, CutPolicy.WHOLE_CORES).toString());
    }
}
