package org.jadi.scopes.split;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;

class ChooserTest {
    private static final Topology MACHINE = Machines.file("smt-scrambled"); // cores {0,8} to {7,15}; L3 of two cores

    private static String choose(Request request, CpuSet set, int... used) {
        int[] counts = new int[16];
        for (int cpu : used) {
            counts[cpu]++;
        }
        return Chooser.choose(MACHINE, set, request, counts, CpuSet.EMPTY).objects().toString();
    }

    @Test
    void shouldTakeTheFirstThatFewestUse() {
        assertEquals("[0,8, 1,9]", choose(Request.of(2, HwType.CORE), MACHINE.cpus()));
        assertEquals("[1,9, 3,11]", choose(Request.of(2, HwType.CORE), MACHINE.cpus(), 0, 10));
        assertEquals("[7,15, 6,14]", choose(Request.of(2, HwType.CORE).fromTheEnd(), MACHINE.cpus()));
        assertEquals("[3,11]", choose(Request.of(2, HwType.CORE), CpuSet.of(0, 3, 11, 5)), "whole objects of the set only");
        assertEquals("[4, 12]", choose(Request.of(2, HwType.PU), MACHINE.cpus(), 0, 8, 1, 9, 2, 10, 3, 11));
    }

    @Test
    void shouldHeedHints() {
        assertEquals("[5,13]", choose(Request.of(1, HwType.CORE).closeTo(CpuSet.of(4)), MACHINE.cpus(), 4));
        assertEquals("[4,12]", choose(Request.of(1, HwType.CORE).closeTo(CpuSet.of(4)).ignoringUse(), MACHINE.cpus(), 4));
        assertEquals("[4,12]", choose(Request.of(1, HwType.CORE).awayFrom(CpuSet.of(0)), MACHINE.cpus()));
        assertEquals("[8, 9]", choose(Request.of(2, HwType.PU).smtSiblings(), MACHINE.cpus()));
        assertEquals("[13]", choose(Request.of(1, HwType.PU).smtSiblings(), MACHINE.cpus(), 5));
        assertEquals("[0,8, 1,9]", choose(Request.of(2, HwType.PU).wholeCores(), MACHINE.cpus()));
        assertEquals("[1,9, 2,10]", choose(Request.of(2, HwType.CORE).alone(), MACHINE.cpus(), 8));
        assertEquals("[]", Chooser.choose(MACHINE, CpuSet.of(0, 8), Request.of(1, HwType.CORE), new int[16], CpuSet.of(8)).objects()
                .toString());
    }

    @Test
    void shouldTakeCpusForCoresWhereThereAreNone() {
        Topology bare = Topology.fromXml("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"0x3\"><object type=\"PU\" os_index=\"0\""
                + " cpuset=\"0x1\"/><object type=\"PU\" os_index=\"1\" cpuset=\"0x2\"/></object></topology>");
        assertEquals("[0, 1]", Chooser.choose(bare, bare.cpus(), Request.of(2, HwType.CORE), new int[2], CpuSet.EMPTY).objects()
                .toString());
    }
}
