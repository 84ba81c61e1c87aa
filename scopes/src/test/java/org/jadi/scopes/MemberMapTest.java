package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Distance;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;

class MemberMapTest {
    private static final Topology SMT = Machines.file("smt-scrambled"); // cores {0,8} to {7,15}, L3 of two, packages of four

    private static MemberMap on(Topology t, String... members) {
        return new MemberMap(t, List.of(members).stream().map(CpuSet::parse).toList());
    }

    @Test
    void shouldOrderDistances() {
        MemberMap map = on(SMT, "0", "0", "8", "1", "2", "4");
        List<Distance> far = IntStream.range(1, 6).mapToObj(r -> map.distance(0, r)).toList();
        assertEquals(List.of(HwType.PU, HwType.CORE, HwType.L3, HwType.PACKAGE, HwType.MACHINE), far.stream().map(Distance::common).toList());
        assertEquals(far, far.stream().sorted().toList());
        assertEquals(0, far.get(0).hops());
        assertEquals(2, far.get(1).hops());
        assertEquals(21, far.get(4).latency().orElseThrow());
        assertEquals(10, far.get(3).latency().orElseThrow());
        assertEquals(List.of(1, 2, 3, 4, 5), map.nearest(0, 10));
    }

    @Test
    void shouldLetLatenciesDecideAbovePackages() {
        Topology t = Machines.file("accelerators");
        MemberMap map = on(t, "0", "8", "16", "24");
        assertEquals(HwType.PACKAGE, map.distance(0, 1).common());
        assertEquals(12, map.distance(0, 1).latency().orElseThrow());
        assertEquals(32, map.distance(0, 3).latency().orElseThrow());
        assertTrue(Distance.between(t, t.devices(HwType.GPU).get(1), CpuSet.of(9)).compareTo(Distance.between(t, t.devices(HwType.GPU)
                .get(1), CpuSet.of(0))) < 0);
    }

    @Test
    void shouldKnowNeighboursAndGroups() {
        MemberMap map = on(SMT, "0", "8", "4,12", "0-7", "5");
        assertEquals(List.of(0, 1), map.neighbours(0, HwType.CORE));
        assertEquals(List.of(2, 4), map.neighbours(4, HwType.NUMA));
        assertEquals(List.of(), map.neighbours(3, HwType.PACKAGE));
        assertEquals("{0-3,8-11=[0, 1], 4-7,12-15=[2, 4], =[3]}", map.groups(HwType.PACKAGE).toString());
        assertEquals(HwType.CORE, map.smallestEnclosing(List.of(0, 1)).type());
        assertEquals(HwType.L3, map.smallestEnclosing(List.of(2, 4)).type());
        assertThrows(IllegalArgumentException.class, () -> map.smallestEnclosing(List.of()));
        assertThrows(IllegalArgumentException.class, () -> on(SMT, "0", ""));
        assertThrows(IllegalArgumentException.class, () -> on(SMT, "16"));
    }

    @Test
    void shouldGroupNeighbours() {
        MemberMap map = on(SMT, "0", "4", "1", "5", "2", "6", "3", "7");
        assertEquals("[[0, 2, 4, 6], [1, 3, 5, 7]]", map.groupBy(4).toString());
        assertEquals("[[0, 2], [4, 6], [1, 3], [5, 7]]", map.groupBy(2).toString());
        assertEquals("[[0, 2], [4, 6], [1, 3], [5, 7]]", map.groupBy(3).toString(), "rather along caches than full");
        assertEquals("[[0, 1], [2]]", on(SMT, "0", "0", "0").groupBy(2).toString());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int size = 1 + random.nextInt(20);
            MemberMap any = new MemberMap(SMT, IntStream.range(0, size).mapToObj(r -> CpuSet.of(random.ints(1 + random.nextInt(3), 0, 16)))
                    .toList());
            int most = 1 + random.nextInt(6);
            List<Integer> all = any.groupBy(most).stream().flatMap(List::stream).toList();
            assertEquals(size, all.size(), "seed=" + seed);
            assertEquals(size, new HashSet<>(all).size(), "seed=" + seed);
            assertTrue(any.groupBy(most).stream().allMatch(g -> g.size() <= most), "seed=" + seed);
        }
    }

    @Test
    void shouldGatherWhereMembersAre() throws InterruptedException {
        try (Scopes scopes = Scopes.open(ScopesOptions.on("xml:" + Machines.path("smt-scrambled")))) {
            List<String> seen = Members.run(4, group -> {
                Scope user = scopes.of(group, Intrinsic.USER);
                Scope mine = user.split();
                return user.members(mine).groups(HwType.PACKAGE).values().toString();
            });
            assertEquals(List.of("[[0, 1], [2, 3]]").getFirst(), seen.getFirst());
            assertEquals(1, new HashSet<>(seen).size());
        }
    }
}
