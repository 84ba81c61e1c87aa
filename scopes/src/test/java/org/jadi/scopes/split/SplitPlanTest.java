package org.jadi.scopes.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitPlanTest {
    static Stream<Topology> machines() {
        return Machines.all();
    }

    private static Set<Device> devices(Topology t) {
        Set<Device> all = new HashSet<>(t.devices(HwType.GPU));
        all.addAll(t.devices(HwType.NIC));
        return all;
    }

    private static List<Member> members(Topology t, int count, Color... colors) {
        return IntStream.range(0, count).mapToObj(i -> new Member(colors.length == 0 ? Color.AUTO : colors[i], 0, CpuSet.EMPTY,
                t.allowed(), devices(t))).toList();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shouldDivideEverythingOnce(Topology t) {
        for (CutPolicy cut : CutPolicy.values()) {
            for (Mapping mapping : List.of(Mapping.PACKED, Mapping.SPREAD, Mapping.CLOSE, Mapping.DEFAULT)) {
                int all = t.allowed().count();
                for (int pieces : new int[] {1, 2, 3, 7, all}) {
                    for (int count : new int[] {1, 2, 5, all}) {
                        if (pieces <= all && (all < 100 || pieces > 3 && cut == CutPolicy.TREE)) {
                            check(t, count, SplitSpec.into(pieces).withCut(cut).withMapping(mapping));
                        }
                    }
                }
            }
        }
    }

    private static void check(Topology t, int count, SplitSpec spec) {
        List<Share> shares = SplitPlan.of(t, spec, members(t, count));
        String message = t + " members=" + count + " " + spec;
        assertEquals(shares, SplitPlan.of(t, spec, members(t, count)), message);
        CpuSet all = CpuSet.EMPTY;
        List<Device> dealt = new ArrayList<>();
        CpuSet[] pieces = new CpuSet[spec.pieces()];
        for (Share share : shares) {
            if (pieces[share.piece()] == null) {
                assertFalse(all.intersects(share.cpus()), message);
                pieces[share.piece()] = share.cpus();
            }
            assertEquals(pieces[share.piece()], share.cpus(), message);
            all = all.or(share.cpus());
            dealt.addAll(share.devices());
        }
        assertEquals(t.allowed(), all, message);
        assertEquals(devices(t).size(), dealt.size(), message + " devices=" + dealt);
        assertEquals(devices(t), Set.copyOf(dealt), message);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shouldTakeObjectsAsTheyAre(Topology t) {
        for (HwType type : t.types()) {
            List<Share> pieces = SplitPlan.pieces(t, SplitSpec.at(type), t.cpus(), List.of());
            Set<CpuSet> outermost = new HashSet<>(t.localities(type));
            outermost.removeIf(a -> t.localities(type).stream().anyMatch(b -> !a.equals(b) && b.containsAll(a)));
            assertEquals(outermost, new HashSet<>(pieces.stream().map(Share::cpus).toList()), type + " of " + t);
        }
    }

    @Test
    void shouldLeaveOutObjectsThatAreNotInTheScope() {
        Topology t = Machines.file("container");
        assertEquals("[2-4, 9-11]", SplitPlan.pieces(t, SplitSpec.at(HwType.PACKAGE), t.allowed(), List.of()).stream().map(Share::cpus)
                .toList().toString());
        assertThrows(SplitException.class, () -> SplitPlan.pieces(t, SplitSpec.at(HwType.L3), t.allowed(), List.of()));
    }

    @Test
    void shouldTakeColorsAsTheyAreOrNumberThem() {
        Topology t = Machines.file("smt-scrambled");
        SplitSpec four = SplitSpec.into(4);
        assertEquals(List.of(0, 2, 3, 1), pieces(t, four, Color.of(0), Color.of(2), Color.of(3), Color.of(1)));
        assertEquals(List.of(2, 1, 2, 0), pieces(t, four, Color.of(99), Color.of(50), Color.of(99), Color.of(7)));
        assertEquals(List.of(-1, 1, -1, 1), pieces(t, four, Color.UNDEFINED, Color.of(1), Color.UNDEFINED, Color.of(1)));
        assertEquals(List.of(-1, -1), pieces(t, four, Color.UNDEFINED, Color.UNDEFINED));
        assertEquals(List.of(-1, 0, 1), pieces(t, SplitSpec.into(2), Color.UNDEFINED, Color.AUTO, Color.AUTO));
        assertThrows(SplitException.class, () -> pieces(t, SplitSpec.into(2), Color.of(4), Color.of(5), Color.of(6)));
        ScopeException mixed = assertThrows(ScopeException.class, () -> pieces(t, four, Color.of(4), Color.AUTO));
        assertEquals(ErrorCode.INVALID_ARGUMENT, mixed.code());
        assertThrows(IllegalArgumentException.class, () -> Color.of(-1));
    }

    private static List<Integer> pieces(Topology t, SplitSpec spec, Color... colors) {
        return SplitPlan.of(t, spec, members(t, colors.length, colors)).stream().map(Share::piece).toList();
    }

    @Test
    void shouldDivideOnlyWhatTakesPart() {
        Topology t = Machines.file("smt-scrambled");
        List<Member> members = List.of(new Member(Color.UNDEFINED, 0, CpuSet.EMPTY, CpuSet.range(0, 7), Set.of()),
                new Member(Color.AUTO, 0, CpuSet.EMPTY, CpuSet.of(8, 9, 10, 11), Set.of()));
        List<Share> shares = SplitPlan.of(t, SplitSpec.into(2), members);
        assertEquals(Share.NONE, shares.get(0));
        assertEquals(CpuSet.range(8, 11), shares.get(1).cpus());
    }

    @Test
    void shouldRefuseMorePiecesThanCpusUnlessTheyMayShare() {
        Topology t = Machines.synthetic("core:3 pu:1");
        SplitException e = assertThrows(SplitException.class, () -> SplitPlan.of(t, SplitSpec.into(4), members(t, 4)));
        assertTrue(e.getMessage().contains("pieces=4 cpus=3"), e.getMessage());
        List<Share> shares = SplitPlan.of(t, SplitSpec.into(4).sharing(), members(t, 4));
        assertEquals("[0, 1, 2, 0]", shares.stream().map(Share::cpus).toList().toString());
    }

    @Test
    void shouldDealDevicesToWhomTheyAreNear() {
        Topology t = Machines.file("accelerators");
        List<Share> shares = SplitPlan.of(t, SplitSpec.into(4).withCut(CutPolicy.TREE), members(t, 4));
        assertEquals("[[GPU#0 0000:0a:00.0], [GPU#1 0000:1a:00.0, NIC#0 0000:1b:00.0], [GPU#2 0000:2a:00.0], "
                + "[GPU#3 0000:3a:00.0, NIC#1 0000:3b:00.0]]", shares.stream().map(Share::devices).toList().toString());
        List<Share> two = SplitPlan.of(t, SplitSpec.into(2), members(t, 2));
        assertEquals(List.of(3, 3), two.stream().map(s -> s.devices().size()).toList());
        List<Share> eight = SplitPlan.of(t, SplitSpec.into(8), members(t, 8));
        assertTrue(eight.stream().allMatch(s -> s.devices().stream().filter(d -> d.type() == HwType.GPU).count() <= 1));
        assertEquals(4, eight.stream().filter(s -> s.devices().stream().anyMatch(d -> d.type() == HwType.GPU)).count());
    }

    @Test
    void shouldSplitAtDevices() {
        Topology t = Machines.file("accelerators");
        List<Share> pieces = SplitPlan.of(t, SplitSpec.at(HwType.GPU), members(t, 4));
        for (int i = 0; i < 4; i++) {
            assertEquals(t.devices(HwType.GPU).get(i), pieces.get(i).devices().getFirst());
            assertEquals(t.devices(HwType.GPU).get(i).locality(), pieces.get(i).cpus());
        }
        assertThrows(SplitException.class, () -> SplitPlan.of(t, SplitSpec.at(HwType.GPU), members(t, 5)));
        List<Share> shared = SplitPlan.of(t, SplitSpec.at(HwType.GPU).sharingDevices(), members(t, 8));
        assertEquals(8, shared.stream().filter(s -> s.devices().stream().anyMatch(d -> d.type() == HwType.GPU)).count());
        List<Share> less = SplitPlan.of(t, SplitSpec.at(HwType.GPU), members(t, 3));
        assertEquals(4, less.stream().flatMap(s -> s.devices().stream()).filter(d -> d.type() == HwType.GPU).count());
        Topology none = Machines.file("hybrid");
        assertThrows(SplitException.class, () -> SplitPlan.of(none, SplitSpec.at(HwType.GPU), members(none, 1)));
    }

    /** Not a requirement but a fact that the documentation states: printed, with a bound that can fail. */
    @Test
    void shouldCutFewerCoresAndStraddleFewerMemoriesThanQuoVadis() {
        int[][] faults = new int[CutPolicy.values().length][3];
        for (Topology t : Machines.all().toList()) {
            for (int pieces = 2; pieces <= t.cores(t.cpus()).size(); pieces++) {
                for (CutPolicy policy : CutPolicy.values()) {
                    List<CpuSet> cut = t.cut(t.cpus(), pieces, policy);
                    int[] f = faults[policy.ordinal()];
                    f[0]++;
                    f[1] += t.cores(t.cpus()).stream().anyMatch(c -> cut.stream().filter(c::intersects).count() > 1) ? 1 : 0;
                    List<CpuSet> memories = t.localities(HwType.NUMA);
                    f[2] += pieces >= memories.size() && cut.stream().anyMatch(p -> memories.stream().filter(p::intersects).count() > 1)
                            ? 1 : 0;
                }
            }
        }
        for (CutPolicy policy : CutPolicy.values()) {
            int[] f = faults[policy.ordinal()];
            System.out.println("split quality " + policy + (policy == CutPolicy.PU_EVEN ? " (the rule of quo-vadis)" : "") + ": of " + f[0]
                    + " splits " + f[1] + " cut a core, " + f[2] + " straddle a memory node");
        }
        assertEquals(0, faults[CutPolicy.WHOLE_CORES.ordinal()][1]);
        assertTrue(faults[CutPolicy.PU_EVEN.ordinal()][1] > 0);
        assertTrue(faults[CutPolicy.TREE.ordinal()][2] < faults[CutPolicy.PU_EVEN.ordinal()][2]);
        assertFalse(faults[CutPolicy.TREE.ordinal()][1] > faults[CutPolicy.PU_EVEN.ordinal()][1]);
    }
}
