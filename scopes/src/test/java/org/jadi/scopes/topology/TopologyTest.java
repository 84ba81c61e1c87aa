package org.jadi.scopes.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyTest {
    static java.util.stream.Stream<Topology> machines() {
        return Machines.all();
    }

    @Test
    void shouldKnowCoresWhateverTheNumbersOfTheSystem() {
        Topology t = Machines.file("smt-scrambled");
        assertEquals(List.of(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15), t.inOrder(t.cpus()));
        assertEquals(CpuSet.of(3, 11), t.objects(HwType.CORE).get(3).cpus());
        assertEquals(CpuSet.range(0, 7), t.withoutSmt(t.cpus()));
        assertEquals(CpuSet.of(8, 9), t.withoutSmt(CpuSet.of(8, 9)));
        assertEquals(CpuSet.range(0, 3), t.toLogical(CpuSet.of(0, 8, 1, 9)));
        assertEquals(CpuSet.of(0, 8, 1, 9), t.fromLogical(CpuSet.range(0, 3)));
        assertEquals(HwType.L3, t.smallestEnclosing(CpuSet.of(0, 9)).type());
        assertEquals(HwType.PACKAGE, t.smallestEnclosing(CpuSet.of(0, 2)).type());
        assertEquals(HwType.MACHINE, t.smallestEnclosing(CpuSet.of(0, 4)).type());
        assertEquals(HwType.PU, t.smallestEnclosing(CpuSet.of(12)).type());
        assertEquals(21, t.distances("NUMALatency").orElseThrow().between(t.objects(HwType.NUMA).get(0), t.objects(HwType.NUMA).get(1)));
        assertEquals(2, t.count(HwType.L3, CpuSet.range(0, 3).or(CpuSet.range(8, 11))));
    }

    @Test
    void shouldKnowMemoriesThatShareCpusAndOneWithout() {
        Topology t = Machines.file("two-memories");
        assertEquals(9, t.objects(HwType.NUMA).size());
        assertEquals(4, t.localities(HwType.NUMA).size());
        assertEquals(NodeSet.of(1, 5), t.nodesNear(CpuSet.of(4)));
        assertEquals(NodeSet.range(0, 8), t.nodes());
        assertEquals(4L << 30, t.objects(HwType.NUMA).stream().filter(n -> n.subtype().equals("HBM")).findFirst().orElseThrow()
                .memoryBytes());
        assertEquals(CpuSet.range(8, 11), t.cpusNear(NodeSet.of(6)));
        assertEquals("hand-written & odd <quotes> \"x\"", t.objects(HwType.PACKAGE).getFirst().infos().get("CPUModel"));
        assertEquals(List.of(HwType.MACHINE, HwType.PACKAGE, HwType.GROUP, HwType.NUMA, HwType.CORE, HwType.PU), t.types());
    }

    @Test
    void shouldRecogniseDevices() {
        Topology t = Machines.file("accelerators");
        List<Device> gpus = t.devices(HwType.GPU);
        assertEquals(List.of("0000:0a:00.0", "0000:1a:00.0", "0000:2a:00.0", "0000:3a:00.0"), gpus.stream().map(Device::pciBusId).toList());
        assertEquals(Set.of("cuda1", "nvml1"), gpus.get(1).osNames());
        assertEquals(Optional.of("GPU-aaaa-1"), gpus.get(1).uuid());
        assertEquals(Optional.empty(), gpus.get(3).uuid());
        assertEquals(CpuSet.range(8, 15), gpus.get(1).locality());
        assertEquals(NodeSet.of(1), gpus.get(1).nodes());
        List<Device> nics = t.devices(HwType.NIC);
        assertEquals(2, nics.size());
        assertEquals(Set.of("ib0", "mlx5_0"), nics.get(0).osNames());
        assertEquals(1, t.count(HwType.GPU, CpuSet.range(0, 7)));
    }

    @Test
    void shouldTellAllowedFromPresentAndSwitchedOff() {
        Topology t = Machines.file("container");
        assertEquals(CpuSet.range(0, 13), t.cpus());
        assertEquals(CpuSet.parse("2-4,9-11"), t.allowed());
        assertEquals(CpuSet.range(0, 15), t.complete());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> t.checkCpus(CpuSet.of(1, 14)));
        assertTrue(e.getMessage().contains("cpus=14"), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shouldComeOutOfItsOwnXmlTheSame(Topology t) {
        Topology again = Topology.fromXml(t.toXml());
        assertEquals(t.toXml(), again.toXml());
        assertEquals(t.fingerprint(), again.fingerprint());
        assertEquals(t.allowed(), again.allowed());
        assertEquals(t.complete(), again.complete());
        assertEquals(t.devices(HwType.GPU), again.devices(HwType.GPU));
        assertEquals(t.types(), again.types());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shouldBeATree(Topology t) {
        assertNull(t.root().parent());
        int[] seen = {0};
        check(t.root(), seen);
        assertEquals(t.cpus().count(), seen[0]);
        assertEquals(t.cpus().count(), t.objects(HwType.PU).size());
    }

    private static void check(HwObject o, int[] pus) {
        CpuSet inside = CpuSet.EMPTY;
        for (HwObject child : o.children()) {
            assertEquals(o, child.parent());
            assertTrue(!inside.intersects(child.cpus()));
            inside = inside.or(child.cpus());
            check(child, pus);
        }
        assertEquals(o.type() == HwType.PU ? CpuSet.of(o.osIndex()) : inside, o.cpus());
        pus[0] += o.type() == HwType.PU ? 1 : 0;
    }

    @Test
    void shouldLeaveOutDistancesBetweenObjectsOfSeveralTypesAndObjectsWithoutCpus() {
        String mixed = "<distances2hetero nbobjs=\"2\" kind=\"22\" name=\"mixed\"><indexes length=\"19\">NUMANode:3 Core:10 </indexes>"
                + "<u64values length=\"8\">1 2 3 4 </u64values></distances2hetero>";
        String xml = Machines.file("smt-scrambled").toXml();
        Topology t = Topology.fromXml(xml.replace("</topology>", mixed + "</topology>"));
        assertEquals(Optional.empty(), t.distances("mixed"));
        assertEquals(4, t.distances("NUMALatency").orElseThrow().values().size());
        String off = "<object type=\"Package\" os_index=\"9\" cpuset=\"0x0\" gp_index=\"999\"><object type=\"NUMANode\" os_index=\"9\""
                + " cpuset=\"0x0\" nodeset=\"0x200\" gp_index=\"998\"/></object>";
        Topology more = Topology.fromXml(xml.replaceFirst("(?s)</object>(?=\\s*<distances2)", off + "</object>"));
        assertEquals(2, more.objects(HwType.PACKAGE).size());
        assertEquals(3, more.objects(HwType.NUMA).size(), "the memory of a package that is off is there");
    }

    @Test
    void shouldRefuseWhatIsNoMachine() {
        refuses("", "there is no <object");
        refuses("<topology version=\"1.2\"><object type=\"Machine\"/></topology>", "hwloc 1");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"0x3\">", "ends within");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"0x3\"></object></topology>", "in none of its parts");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"0x1\"><object type=\"PU\" os_index=\"0\" cpuset=\"0x1\"/>"
                + "<object type=\"PU\" os_index=\"0\" cpuset=\"0x1\"/></object></topology>", "overlaps");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"zzz\"/></topology>", "value=zzz");
        refuses("<topology version=\"2.0\"><object type=Machine/></topology>", "has no value");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" cpuset=\"0x1\">" + "<object type=\"Group\">".repeat(300), "levels");
        refuses("<topology version=\"2.0\"><object type=\"Machine\" name=\"&bad;\"/></topology>", "entity");
    }

    private static void refuses(String xml, String because) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Topology.fromXml(xml), because);
        assertTrue(e.getMessage().contains(because), e.getMessage());
    }
}
