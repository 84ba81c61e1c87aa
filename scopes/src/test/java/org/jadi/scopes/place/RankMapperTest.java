package org.jadi.scopes.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations for the first machine are those of the examples in PRRTE's documentation, on our numbers of CPUs. */
class RankMapperTest {
    /** 2 packages, 4 cores each, 2 threads each; CPUs 2c and 2c+1 are core c. */
    private static final Topology SMT = Machines.synthetic("package:2 core:4 pu:2");
    private static final Topology BIG = Machines.synthetic("package:2 numa:4 l3:2 core:8 pu:1");

    private static RankMap map(Topology machine, int ranks, String mapBy, String rankBy, String bindTo, String ppr, String cpuSet) {
        return RankMapper.map(machine, MappingOptions.parse(mapBy, rankBy, bindTo, ppr, cpuSet), machine.allowed(), ranks);
    }

    private static List<String> words(RankMap map) {
        return IntStream.range(0, map.places().size()).mapToObj(map::describe).toList();
    }

    private static String fails(Topology machine, int ranks, String mapBy, String rankBy, String bindTo, String ppr, String cpuSet) {
        return assertThrows(IllegalArgumentException.class, () -> map(machine, ranks, mapBy, rankBy, bindTo, ppr, cpuSet)).getMessage();
    }

    @Test
    void shouldGiveEachRankItsCore() {
        assertEquals(List.of("bound to package[0][core:0]", "bound to package[0][core:1]", "bound to package[0][core:2]"),
                words(map(SMT, 3, "core", null, null, null, null)));
        assertEquals(words(map(SMT, 8, "core", null, "core", null, null)), words(map(SMT, 8, "slot", null, null, null, null)));
        assertEquals(CpuSet.of(0, 1), map(SMT, 3, "core", null, null, null, null).mask(0));
    }

    @Test
    void shouldGoOverPackagesInTurns() {
        assertEquals(List.of("bound to package[0][core:0-3]", "bound to package[1][core:4-7]", "bound to package[0][core:0-3]",
                "bound to package[1][core:4-7]"), words(map(SMT, 4, "package", null, "package", null, null)));
        assertEquals(List.of("bound to package[0][core:0]", "bound to package[1][core:4]", "bound to package[0][core:1]",
                "bound to package[1][core:5]"), words(map(SMT, 4, "socket", null, "core", null, null)));
    }

    @Test
    void shouldGiveARankSeveralCpus() {
        assertEquals(List.of("bound to package[0][core:0-1]", "bound to package[1][core:4-5]", "bound to package[0][core:2-3]",
                "bound to package[1][core:6-7]"), words(map(SMT, 4, "package:PE=2", null, "core", null, null)));
        assertEquals(List.of("bound to package[0][core:0]", "bound to package[0][core:1]"), words(map(SMT, 2, "core:PE=2:HWTCPUS", null, null, null, null)));
        assertEquals(List.of("bound to package[0][hwt:0-2]"), words(map(SMT, 1, "slot:PE=3:HWTCPUS", null, null, null, null)));
    }

    @Test
    void shouldBindToHardwareThreads() {
        assertEquals(List.of("bound to package[0][hwt:0]", "bound to package[0][hwt:1]", "bound to package[0][hwt:2]"),
                words(map(SMT, 3, "hwthread", null, null, null, null)));
    }

    /** The table of PRRTE's documentation: ppr:2:package on two packages, numbered in three ways. */
    @ParameterizedTest
    @CsvSource({"slot,0 0 1 1", "core,0 0 1 1", "package,0 1 0 1", "fill,0 0 1 1", "span,0 1 0 1"})
    void shouldNumberRanks(String rankBy, String packages) {
        RankMap map = map(SMT, 4, "ppr:2:package", rankBy, null, null, null);
        List<String> found = map.places().stream().map(p -> String.valueOf(p.cpus().first() / 8)).toList();
        assertEquals(packages, String.join(" ", found));
        assertEquals(map, map(SMT, 4, null, rankBy, null, "2:package", null));
    }

    @Test
    void shouldFillObjects() {
        List<Integer> packages = map(SMT, 6, "package", "fill", null, null, null).places().stream().map(p -> p.cpus().first() / 8).toList();
        assertEquals(List.of(0, 0, 0, 1, 1, 1), packages);
    }

    @Test
    void shouldCountRanksByTheLayoutWhereNobodySays() {
        assertEquals(4, map(SMT, 0, null, null, null, "2:package", null).places().size());
        assertEquals(8, map(SMT, 0, "core", null, null, null, null).places().size());
        assertEquals(16, map(SMT, 0, "hwthread", null, null, null, null).places().size());
        assertEquals(2, map(SMT, 0, "package:PE=3", null, null, null, null).places().size());
    }

    @Test
    void shouldNotBindMoreRanksThanCpusUnlessAsked() {
        RankMap map = map(SMT, 9, "core", null, null, null, null);
        assertEquals("not bound, mapped to package[0][core:0]", map.describe(8));
        assertTrue(map.bound().isEmpty());
        assertTrue(map.note().contains("9 on 8"), map.note());
        assertTrue(fails(SMT, 9, "core", null, "core", null, null).contains("overload-allowed"));
        assertEquals(map(SMT, 9, "core", null, "core:overload-allowed", null, null).places().get(8).cpus(), CpuSet.of(0, 1));
        assertTrue(fails(SMT, 9, "core:nooversubscribe", null, null, null, null).contains("places=8"));
        assertTrue(fails(SMT, 5, null, null, null, "2:package", null).contains("places=4"));
    }

    @Test
    void shouldKeepToASetOfCpus() {
        RankMap free = map(SMT, 2, null, null, null, null, "2-5");
        assertTrue(free.bound().isEmpty());
        assertEquals(CpuSet.parse("2-5"), free.mask(1));
        assertEquals(List.of("bound to package[0][core:1]", "bound to package[0][core:2]"), words(map(SMT, 2, "core", null, null, null, "2-5")));
        assertTrue(fails(SMT, 2, null, null, null, null, "2-99").contains("cpus=16-99"));
        // Half a core is what the set leaves of it.
        assertEquals("bound to package[0][hwt:3]", map(SMT, 1, "core", null, null, null, "3-4").describe(0));
    }

    @Test
    void shouldLeaveRanksAloneWhereNothingIsAsked() {
        RankMap map = map(SMT, 4, null, null, null, null, null);
        assertTrue(map.bound().isEmpty());
        assertTrue(map.mask(0).isEmpty());
        assertEquals("not bound", map.describe(0));
        assertEquals("", map.note());
        assertEquals("bound to package[0][core:0]", map(SMT, 4, null, null, "core", null, null).describe(0));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertTrue(fails(SMT, 2, "core", null, "package", null, null).contains("something inside"));
        assertTrue(fails(SMT, 2, "l3cache", null, null, null, null).contains("has none"));
        assertTrue(fails(SMT, 2, "core:PE=2", null, null, null, null).contains("slot:PE=2"));
        assertTrue(fails(SMT, 2, "package:PE=2", null, "package", null, null).contains("PE=2"));
        assertTrue(fails(SMT, 2, "package", null, "package:limit=1", "1:package", null).contains("one of them"));
        assertTrue(fails(SMT, 3, "package", null, "package:limit=1", null, null).contains("LIMIT=1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cores", "ppr:2", "ppr:x:core", "ppr:0:core", "ppr:2:slot", "core:pe=0", "core:fast", "gpu", "seq"})
    void shouldSayWhatMapByTakes(String value) {
        assertTrue(fails(SMT, 2, value, null, null, null, null).startsWith("option --map-by takes "));
    }

    @Test
    void shouldSayWhatTheOthersTake() {
        assertTrue(fails(SMT, 2, null, "cores", null, null, null).startsWith("option --rank-by takes "));
        assertTrue(fails(SMT, 2, null, null, "socks", null, null).startsWith("option --bind-to takes "));
        assertTrue(fails(SMT, 2, null, null, "core:tight", null, null).startsWith("option --bind-to takes "));
        assertTrue(fails(SMT, 2, null, null, null, null, "a-b").startsWith("option --cpu-set takes "));
    }

    /** On every machine, for every object: bound ranks have disjoint CPUs, each in its object, as long as they fit. */
    @Test
    void shouldHoldOnAllMachines() {
        int maps = 0;
        for (Topology machine : List.of(SMT, BIG, Machines.file("smt-scrambled"), Machines.file("hybrid"), Machines.file("two-memories"),
                Machines.file("container"))) {
            int cores = machine.cores(machine.allowed()).size();
            for (HwType type : machine.types()) {
                for (int ranks : IntStream.of(1, 2, 3, 5, cores / 2, cores - 1, cores).filter(r -> r > 0 && r <= cores).distinct().toArray()) {
                    RankMap map = map(machine, ranks, type == HwType.PU ? "core" : type.shortName().equals("group") ? "slot"
                            : type.shortName(), null, null, null, null);
                    CpuSet seen = CpuSet.EMPTY;
                    for (RankMap.Place place : map.places()) {
                        assertTrue(!place.cpus().isEmpty() && place.object().containsAll(place.cpus()), machine + " " + type + " " + ranks);
                        assertTrue(!seen.intersects(place.cpus()), machine + " " + type + " " + ranks + " " + map.table(0));
                        seen = seen.or(place.cpus());
                    }
                    assertTrue(machine.allowed().containsAll(seen));
                    maps++;
                }
            }
        }
        assertTrue(maps > 100, "maps=" + maps);
    }
}
