package org.jadi.scopes.topology;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A kind of hardware, from the whole machine down to one CPU, and devices.
 *
 * <p>The order is that of the containment on most machines, not on all: where NUMA nodes stand differs, and a tree is to
 * be asked of its {@link Topology}.
 */
public enum HwType {
    /** The whole machine. */
    MACHINE("Machine", "machine", "node", "host", "board"),
    /** A physical package, what is plugged into a socket. */
    PACKAGE("Package", "package", "socket"),
    /** A part of a package that is one piece of silicon. */
    DIE("Die", "die"),
    /** Something between that has no name of its own. */
    GROUP("Group", "group"),
    /** A memory node. Objects of this type hold the CPUs that are near to it, or none. */
    NUMA("NUMANode", "numa", "numanode"),
    /** A cache of level 5. */
    L5("L5Cache", "l5cache", "l5"),
    /** A cache of level 4. */
    L4("L4Cache", "l4cache", "l4"),
    /** A cache of level 3. */
    L3("L3Cache", "l3cache", "l3"),
    /** A cache of level 2. */
    L2("L2Cache", "l2cache", "l2"),
    /** A data or unified cache of level 1. */
    L1("L1Cache", "l1cache", "l1", "l1dcache"),
    /** A core; several CPUs if it runs several hardware threads. */
    CORE("Core", "core"),
    /** A CPU in the sense of the operating system: a hardware thread, hwloc's processing unit. */
    PU("PU", "pu", "hwthread", "thread"),
    /** A graphics processor or another accelerator. */
    GPU("GPU", "gpu"),
    /** A network interface. */
    NIC("NIC", "nic", "network");

    private final String hwlocName;
    private final List<String> names;

    HwType(String hwlocName, String... names) {
        this.hwlocName = hwlocName;
        this.names = List.of(names);
    }

    /** Returns whether this is a device, which has no CPUs but is near to some. */
    public boolean isDevice() {
        return this == GPU || this == NIC;
    }

    /** Returns hwloc's name of the type, {@code NUMANode}; for devices, which are several types there, our own. */
    public String hwlocName() {
        return hwlocName;
    }

    /** Returns the name by which MPI knows the type, {@code hwloc://NUMANode}; MPI 4.1 §9.1.2. */
    public String uri() {
        return "hwloc://" + hwlocName;
    }

    /** Returns the short name that options of mpirun use, {@code numa}, {@code l3cache}. */
    public String shortName() {
        return names.getFirst();
    }

    /**
     * Finds a type by any of its names: {@code hwloc://NUMANode}, {@code NUMANode}, {@code numa}; of Open MPI's
     * {@code socket}, {@code hwthread}, {@code host} too. Capitals do not matter.
     */
    public static Optional<HwType> find(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        String bare = wanted.startsWith("hwloc://") ? wanted.substring("hwloc://".length()) : wanted;
        for (HwType type : values()) {
            if (type.hwlocName.toLowerCase(Locale.ROOT).equals(bare) || type.names.contains(bare)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
