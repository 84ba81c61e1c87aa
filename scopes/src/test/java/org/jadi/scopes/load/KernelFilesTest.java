package org.jadi.scopes.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.NodeSet;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFilesTest {
    @TempDir
    Path root;

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    /** Two packages of two cores with two threads, numbered as Linux does; CPU 7 is switched off. */
    @Test
    void shouldReadWhatLinuxTells() throws IOException {
        file("sys/devices/system/cpu/online", "0-6");
        file("sys/devices/system/cpu/possible", "0-7");
        for (int cpu = 0; cpu < 7; cpu++) {
            String folder = "sys/devices/system/cpu/cpu" + cpu + "/";
            int core = cpu % 4;
            file(folder + "topology/physical_package_id", Integer.toString(core / 2));
            file(folder + "topology/package_cpus_list", core / 2 == 0 ? "0-1,4-5" : "2-3,6-7");
            file(folder + "topology/core_id", Integer.toString(core % 2));
            file(folder + "topology/core_cpus_list", core + "," + (core + 4));
            file(folder + "cache/index0/level", "1");
            file(folder + "cache/index0/type", "Instruction");
            file(folder + "cache/index0/shared_cpu_list", core + "," + (core + 4));
            file(folder + "cache/index1/level", "3");
            file(folder + "cache/index1/type", "Unified");
            file(folder + "cache/index1/shared_cpu_list", core / 2 == 0 ? "0-1,4-5" : "2-3,6-7");
        }
        file("sys/devices/system/node/online", "0-2");
        for (int node = 0; node < 3; node++) {
            file("sys/devices/system/node/node" + node + "/cpulist", node == 0 ? "0-1,4-5" : node == 1 ? "2-3,6-7" : "");
            file("sys/devices/system/node/node" + node + "/meminfo", "Node " + node + " MemTotal:       2048 kB");
        }
        file("proc/self/cgroup", "0::/jobs/a");
        file("sys/fs/cgroup/jobs/a/cpuset.cpus.effective", "1-2,5");
        Topology t = KernelFiles.describe(root);
        assertFalse(t.isThisSystem());
        assertEquals("1 Machine, 2 Package, 3 NUMANode, 2 L3Cache, 4 Core, 7 PU (kernel files)", t.toString());
        assertEquals(CpuSet.of(3), t.objects(HwType.CORE).get(3).cpus());
        assertEquals(CpuSet.of(0, 4), t.objects(HwType.CORE).get(0).cpus());
        assertEquals(CpuSet.parse("1-2,5"), t.allowed());
        assertEquals(CpuSet.range(0, 7), t.complete());
        assertEquals(NodeSet.of(1), t.nodesNear(CpuSet.of(6)));
        assertEquals(NodeSet.range(0, 2), t.nodes());
        assertEquals(2L << 20, t.objects(HwType.NUMA).getFirst().memoryBytes());
        assertEquals(t.toXml(), Topology.fromXml(t.toXml()).toXml());
    }

    @Test
    void shouldDoWithoutAnyFiles() {
        Topology t = KernelFiles.describe(root);
        assertEquals(Runtime.getRuntime().availableProcessors(), t.cpus().count());
        assertEquals(t.cpus(), t.allowed());
    }

    @Test
    void shouldReadTheLimitOfTheFirstVersionOfControlGroups() throws IOException {
        file("sys/devices/system/cpu/online", "0-3");
        file("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:cpuset:/y");
        file("sys/fs/cgroup/cpuset/y/cpuset.effective_cpus", "2-3");
        assertEquals(CpuSet.of(2, 3), KernelFiles.describe(root).allowed());
    }
}
