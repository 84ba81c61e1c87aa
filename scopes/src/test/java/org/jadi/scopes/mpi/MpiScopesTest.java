package org.jadi.scopes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jadi.junit.MpiTest;
import org.jadi.mpi.Info;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.SplitType;
import org.jadi.scopes.Intrinsic;
import org.jadi.scopes.Scope;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.ScopesOptions;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.load.Topologies;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;

/** Scopes over communicators, and dividing communicators by hardware; the ranks are threads. */
class MpiScopesTest {
    private static final String TYPE = "mpi_hw_resource_type";
    private final Scopes scopes = Scopes.open(ScopesOptions.on("xml:" + Machines.path("smt-scrambled")));

    @MpiTest(ranks = {1, 4})
    void shouldShareAMachineAmongTheRanks(IntraComm world) {
        try (CommGroup node = CommGroup.ofNode(world)) {
            Scope job = scopes.of(node, Intrinsic.JOB);
            assertEquals(16, job.cpus().count());
            try (Scope mine = job.split(); Binding binding = mine.push()) {
                long[] cpus = {binding.cpus().count()};
                world.allreduce(cpus, Op.SUM);
                assertEquals(16, cpus[0]);
                assertEquals(world.rank(), job.rank());
                assertTrue(mine.barrier(Duration.ofSeconds(60)));
            }
            if (world.size() == 4) {
                Scope half = job.splitAt(HwType.PACKAGE, Color.of(world.rank() / 2));
                assertEquals(2, ((CommGroup) half.group()).comm().size());
                assertEquals(world.rank() % 2, half.rank());
                half.barrier();
                half.close();
                ScopeException e = assertThrows(ScopeException.class, () -> job.split(2, world.rank() == 1 ? null : Color.of(0)));
                assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
                assertTrue(e.getMessage().contains("member 1 of 4"), e.getMessage());
            }
        }
    }

    @MpiTest(ranks = 2)
    void shouldGoOnWithABarrierThatWasGivenUp(IntraComm world) throws InterruptedException {
        try (CommGroup node = CommGroup.ofNode(world)) {
            if (node.rank() == 0) {
                assertFalse(node.barrier(Duration.ofMillis(10)));
            }
            world.barrier();
            node.barrier();
            assertTrue(node.barrier(Duration.ofSeconds(60)));
        }
    }

    /** On the machine at hand; each rank is bound to a CPU of its own, as far as there are. */
    @MpiTest(ranks = {2, 3})
    void shouldDivideCommunicatorsByHardware(IntraComm world) {
        Topology here = Topologies.standard().local();
        ThreadBinder binder = ThreadBinder.of(here);
        int[] allowed = binder.launchMask().stream().toArray();
        int cpu = allowed[world.rank() % allowed.length];
        int sharers = (world.size() - world.rank() % allowed.length + allowed.length - 1) / allowed.length;
        try (Binding binding = binder.push(CpuSet.of(cpu))) {
            assertEquals(sharers, world.splitType(SplitType.HW_GUIDED, 0, new Info().set(TYPE, "hwthread")).size());
            assertEquals(sharers, world.splitType(SplitType.RESOURCE_GUIDED, 0, new Info().set(TYPE, "hwloc://PU")).size());
            assertEquals(world.size(), world.splitType(SplitType.HW_GUIDED, 0, new Info().set(TYPE, "hwloc://Machine")).size(),
                    "no proper part is needed");
            assertEquals("true", Mpi.hardwareResources().get("hwloc://PU").orElse(here.cpus().count() == 1 ? "true" : "none"));
            Info found = new Info();
            IntraComm part = world;
            int levels = 0;
            for (IntraComm next = world.splitType(SplitType.HW_UNGUIDED, 0, found); next != null && levels < 20; levels++) {
                assertTrue(next.size() < part.size(), "a proper part");
                assertTrue(found.get(TYPE).isPresent());
                part = next;
                next = part.splitType(SplitType.HW_UNGUIDED, 0, found);
            }
            assertEquals(allowed.length == 1 ? world.size() : sharers, part.size());
            assertEquals(CpuSet.of(cpu), binding.cpus());
        }
        if (allowed.length > 1) {
            assertNull(world.splitType(SplitType.HW_GUIDED, 0, new Info().set(TYPE, "hwloc://PU")), "who may run on several");
        }
        assertEquals(world.size(), world.splitType(SplitType.RESOURCE_GUIDED, 0, new Info().set("mpi_pset_name", "mpi://WORLD")).size());
        assertEquals(1, world.splitType(SplitType.RESOURCE_GUIDED, 0, new Info().set("mpi_pset_name", "mpi://SELF")).size());
        assertNull(world.splitType(SplitType.RESOURCE_GUIDED, 0, new Info()));
        assertNotNull(world.splitType(SplitType.HW_GUIDED, 0, new Info().set(TYPE, "mpi_shared_memory")));
    }
}
