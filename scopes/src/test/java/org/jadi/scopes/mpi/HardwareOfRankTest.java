package org.jadi.scopes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jadi.mpi.TopologyProvider;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;

class HardwareOfRankTest {
    @Test
    void shouldTellWhereTheCallingThreadIsBound() {
        Topology t = Machines.file("smt-scrambled");
        ThreadBinder binder = ThreadBinder.of(t);
        HardwareOfRank hardware = new HardwareOfRank(t, binder);
        assertEquals(List.of("hwloc://Machine", "hwloc://Package", "hwloc://NUMANode", "hwloc://L3Cache",
                "hwloc://Core", "hwloc://PU"), hardware.resourceTypes());
        assertEquals(Optional.empty(), hardware.resource("hwloc://Package"), "spans both");
        assertEquals(Optional.of("Machine 0-15"), hardware.resource("hwloc://Machine"));
        try (Binding binding = binder.push(CpuSet.of(4, 13))) {
            assertEquals(Optional.of("Package 4-7,12-15"), hardware.resource("package"));
            assertEquals(Optional.of("L3Cache 4-5,12-13"), hardware.resource("hwloc://L3Cache"));
            assertEquals(Optional.of("NUMANode 4-7,12-15"), hardware.resource("numanode"));
            assertEquals(Optional.empty(), hardware.resource("core"));
            assertEquals(Optional.empty(), hardware.resource("nonsense"));
            assertEquals(CpuSet.of(4, 13), binding.cpus());
        }
    }

    @Test
    void shouldBeFoundByMpi() {
        assertTrue(ServiceLoader.load(TopologyProvider.class).stream().anyMatch(p -> p.type() == HardwareOfRank.class));
    }
}
