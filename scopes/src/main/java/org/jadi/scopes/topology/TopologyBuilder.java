package org.jadi.scopes.topology;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a {@link Topology} of a tree of {@link Part}s, and checks that it is one: every CPU once, everything inside what
 * is around it. Not safe for several threads.
 */
public final class TopologyBuilder {
    final Part root;
    final List<DeviceReader.Found> devices = new ArrayList<>();
    final List<Matrix> matrices = new ArrayList<>();
    CpuSet allowed;
    CpuSet complete;
    String source = "built";
    boolean thisSystem;
    private final IdentityHashMap<Part, HwObject> made = new IdentityHashMap<>();

    /** A matrix of distances whose objects are still parts. */
    record Matrix(String name, List<Part> parts, boolean larger, List<Long> values) {}

    /** Begins with the whole machine, whose parts are complete. */
    public TopologyBuilder(Part machine) {
        if (machine.type != HwType.MACHINE) {
            throw new IllegalArgumentException("the root of a topology is a machine: type=" + machine.type);
        }
        root = machine;
    }

    /** Says which CPUs the operating system lets programs use; all if not said. */
    public TopologyBuilder allowed(CpuSet set) {
        allowed = set;
        return this;
    }

    /** Says which CPUs the machine has, those that are switched off included; those of the tree if not said. */
    public TopologyBuilder complete(CpuSet set) {
        complete = set;
        return this;
    }

    /** Says where the description comes from, for messages. */
    public TopologyBuilder source(String text) {
        source = text;
        return this;
    }

    /** Says that threads of this process run on it, so that binding to its CPUs means something. */
    public TopologyBuilder thisSystem(boolean is) {
        thisSystem = is;
        return this;
    }

    /**
     * Makes the topology.
     *
     * @throws IllegalArgumentException if the parts do not make a machine; the message names what is wrong
     */
    public Topology build() {
        fillIn(root);
        if (root.cpus.isEmpty()) {
            throw new IllegalArgumentException("the machine has no CPUs: source=" + source);
        }
        check(root, new HashSet<>());
        HwObject machine = make(root, null);
        Map<HwType, List<HwObject>> objects = new EnumMap<>(HwType.class);
        collect(machine, objects);
        objects.values().forEach(list -> {
            for (int i = 0; i < list.size(); i++) {
                list.get(i).number(i);
            }
        });
        // Objects without CPUs are left out, and matrices that name them.
        List<Distances> distances = matrices.stream().filter(m -> m.parts.stream().allMatch(made::containsKey)).map(m -> new Distances(m.name, m.parts.stream().map(made::get).toList(),
                m.larger, m.values)).toList();
        CpuSet may = allowed == null ? root.cpus : allowed.and(root.cpus);
        CpuSet all = complete == null ? root.cpus : complete.or(root.cpus);
        return new Topology(machine, objects, DeviceReader.number(devices, made, machine), distances, may, all, source, thisSystem);
    }

    /** Takes sets that were not given from the parts inside. */
    private static void fillIn(Part part) {
        CpuSet cpus = part.type == HwType.PU && part.cpus.isEmpty() ? CpuSet.of(part.osIndex) : part.cpus;
        NodeSet nodes = part.type == HwType.NUMA && part.nodes.isEmpty() ? NodeSet.of(part.osIndex) : part.nodes;
        for (Part child : part.children) {
            fillIn(child);
            cpus = part.cpus.isEmpty() && child.type != HwType.NUMA ? cpus.or(child.cpus) : cpus;
            nodes = part.nodes.isEmpty() ? nodes.or(child.nodes) : nodes;
        }
        part.cpus = cpus;
        part.nodes = nodes;
    }

    private void check(Part part, Set<Integer> seen) {
        if (part.type == HwType.PU && (part.cpus.count() != 1 || part.cpus.first() != part.osIndex || !seen.add(part.osIndex))) {
            throw new IllegalArgumentException("a CPU is in the machine twice, or is not one CPU: index=" + part.osIndex + " cpus="
                    + part.cpus + " source=" + source);
        }
        CpuSet covered = CpuSet.EMPTY;
        for (Part child : part.children) {
            if (child.type != HwType.NUMA && (!part.cpus.containsAll(child.cpus) || covered.intersects(child.cpus))) {
                throw new IllegalArgumentException("an object is not inside the one around it, or overlaps its neighbour: object="
                        + child.type + " cpus=" + child.cpus + " around=" + part.type + " " + part.cpus + " source=" + source);
            }
            covered = child.type == HwType.NUMA ? covered : covered.or(child.cpus);
            check(child, seen);
        }
        if (part.type != HwType.PU && part.type != HwType.NUMA && !covered.equals(part.cpus)) {
            throw new IllegalArgumentException("an object has CPUs that are in none of its parts: object=" + part.type + " cpus="
                    + part.cpus.andNot(covered) + " source=" + source);
        }
    }

    private HwObject make(Part part, HwObject parent) {
        HwObject object = new HwObject(part, part.cpus, part.nodes);
        List<HwObject> below = new ArrayList<>();
        List<HwObject> beside = new ArrayList<>();
        makeChildren(part, object, below, beside);
        object.place(parent, below, beside);
        made.put(part, object);
        return object;
    }

    /** An object none of whose CPUs is there is left out, but not its memory. */
    private void makeChildren(Part part, HwObject object, List<HwObject> below, List<HwObject> beside) {
        for (Part child : part.children) {
            if (child.type == HwType.NUMA) {
                beside.add(make(child, object));
            } else if (child.cpus.isEmpty()) {
                makeChildren(child, object, below, beside);
            } else {
                below.add(make(child, object));
            }
        }
    }

    private static void collect(HwObject object, Map<HwType, List<HwObject>> objects) {
        objects.computeIfAbsent(object.type(), t -> new ArrayList<>()).add(object);
        object.memory().forEach(node -> collect(node, objects));
        object.children().forEach(child -> collect(child, objects));
    }
}
