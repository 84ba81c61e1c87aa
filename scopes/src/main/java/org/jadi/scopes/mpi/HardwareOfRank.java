package org.jadi.scopes.mpi;

import java.util.List;
import java.util.Optional;
import org.jadi.mpi.TopologyProvider;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.load.Topologies;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Tells MPI on which hardware a rank runs, for dividing communicators by hardware (MPI 4.1 §7.4.2) and for
 * {@code MPI_Get_hw_resource_info} (§9.1.2). What counts is what the calling thread is bound to now. Any thread; for a virtual
 * thread, whose carrier changes, the mask with which the process was started.
 */
public final class HardwareOfRank implements TopologyProvider {
    private final Topology topology;
    private final ThreadBinder binder;

    /** Looks at this machine; for the service loader. */
    public HardwareOfRank() {
        this(Topologies.standard().local(), Topologies.standard().binder());
    }

    /** Looks at a machine, to which threads are bound by a binder. */
    HardwareOfRank(Topology topology, ThreadBinder binder) {
        this.topology = topology;
        this.binder = binder;
    }

    @Override
    public List<String> resourceTypes() {
        return topology.types().stream().map(HwType::uri).toList();
    }

    @Override
    public Optional<String> resource(String type) {
        CpuSet mask = Thread.currentThread().isVirtual() ? binder.launchMask() : binder.current();
        return HwType.find(type).flatMap(t -> topology.localities(t).stream().filter(l -> !t.isDevice() && l.containsAll(mask))
                .findFirst().map(l -> t.hwlocName() + " " + l));
    }
}
