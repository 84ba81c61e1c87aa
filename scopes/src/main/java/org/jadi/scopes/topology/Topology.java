package org.jadi.scopes.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An immutable picture of a machine. Any thread.
 *
 * <p>It is a tree of objects that have CPUs, from {@link #root the machine} to its PUs, with memory nodes beside and devices
 * near to it. Nothing in it changes: that CPUs are switched off later, or that a container's limits change, it does not
 * show. A picture of this machine, and those of others from hwloc's descriptions, are loaded by
 * {@code org.jadi.scopes.load.Topologies}; XML of hwloc is read by {@link #fromXml} without any native library.
 */
public final class Topology {
    private static final long LARGEST_XML_BYTES = 256L << 20;

    private final HwObject root;
    private final Map<HwType, List<HwObject>> objects;
    private final List<Device> devices;
    private final List<Distances> distances;
    private final CpuSet allowed;
    private final CpuSet complete;
    private final String source;
    private final boolean thisSystem;
    private final Map<Integer, HwObject> pus = new HashMap<>(); // not changed after construction
    private final String fingerprint;

    Topology(HwObject root, Map<HwType, List<HwObject>> objects, List<Device> devices, List<Distances> distances, CpuSet allowed,
            CpuSet complete, String source, boolean thisSystem) {
        this.root = root;
        this.objects = objects;
        objects.replaceAll((type, list) -> List.copyOf(list));
        this.devices = List.copyOf(devices);
        this.distances = List.copyOf(distances);
        this.allowed = allowed;
        this.complete = complete;
        this.source = source;
        this.thisSystem = thisSystem;
        objects(HwType.PU).forEach(pu -> pus.put(pu.osIndex(), pu));
        this.fingerprint = fingerprint(root);
    }

    /**
     * Reads a machine from the XML that hwloc 2 or 3 writes ({@code lstopo machine.xml}). It is not taken for this machine.
     *
     * @throws IllegalArgumentException if the text is something else
     */
    public static Topology fromXml(String xml) {
        return fromXml(xml, "XML", false);
    }

    /**
     * Reads a machine from XML, as {@link #fromXml(String)}.
     *
     * @param source where it comes from, for messages
     * @param thisSystem whether it describes the machine on which this process runs
     */
    public static Topology fromXml(String xml, String source, boolean thisSystem) {
        return new HwlocXmlReader(xml).read().source(source).thisSystem(thisSystem).build();
    }

    /**
     * Reads a machine from a file with hwloc's XML, as {@link #fromXml(String)}.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Topology fromXml(Path file) {
        try {
            if (Files.size(file) > LARGEST_XML_BYTES) {
                throw new IllegalArgumentException("the file is larger than any description of a machine: file=" + file);
            }
            return fromXml(Files.readString(file), file.toString(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the machine from " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the whole machine. */
    public HwObject root() {
        return root;
    }

    /** Returns where this comes from, {@code hwloc 2.8 (/usr/lib/...)} or the name of a file; for messages. */
    public String source() {
        return source;
    }

    /** Returns whether it is the machine on which this process runs, so that threads can be bound to its CPUs. */
    public boolean isThisSystem() {
        return thisSystem;
    }

    /** Returns all CPUs that are switched on, those included that programs may not use. */
    public CpuSet cpus() {
        return root.cpus();
    }

    /** Returns the CPUs that programs may use: container limits (cgroups) are taken off, bindings of processes are not. */
    public CpuSet allowed() {
        return allowed;
    }

    /** Returns all CPUs of the machine, those that are switched off included. */
    public CpuSet complete() {
        return complete;
    }

    /** Returns all memory nodes. */
    public NodeSet nodes() {
        return root.nodes();
    }

    /** Returns all objects of a type in the order of the tree; the place in the list is the logical index. None for devices. */
    public List<HwObject> objects(HwType type) {
        return objects.getOrDefault(type, List.of());
    }

    /** Returns the PU with this number of the operating system, or null. */
    public HwObject pu(int osIndex) {
        return pus.get(osIndex);
    }

    /** Returns the types that have objects here, the largest first by where they stand in the tree; memory nodes at their CPUs. */
    public List<HwType> types() {
        return objects.keySet().stream().filter(t -> !localities(t).isEmpty()).sorted(Comparator.comparingInt((HwType t) ->
                -localities(t).stream().mapToInt(CpuSet::count).max().orElse(0)).thenComparing(t -> t)).toList();
    }

    /** Returns the objects of a type whose CPUs, one at least, are all in a set. */
    public List<HwObject> inside(HwType type, CpuSet set) {
        return filter(type, o -> !o.cpus().isEmpty() && set.containsAll(o.cpus()));
    }

    /** Returns the objects of a type that have some CPU in a set. */
    public List<HwObject> intersecting(HwType type, CpuSet set) {
        return filter(type, o -> o.cpus().intersects(set));
    }

    /** Returns the objects of a type that have all CPUs of a set. */
    public List<HwObject> covering(HwType type, CpuSet set) {
        return filter(type, o -> o.cpus().containsAll(set));
    }

    /** Returns the number of objects of a type that are inside a set; for devices, of those whose locality meets it. */
    public int count(HwType type, CpuSet set) {
        return type.isDevice() ? (int) devices(type).stream().filter(d -> d.locality().intersects(set)).count()
                : inside(type, set).size();
    }

    private List<HwObject> filter(HwType type, Predicate<HwObject> wanted) {
        return objects(type).stream().filter(wanted).toList();
    }

    /**
     * Returns the CPU sets of the objects of a type, without empty ones and each once, in the order of the tree. Memory nodes
     * of different kinds can share their CPUs, and some have none.
     */
    public List<CpuSet> localities(HwType type) {
        return type.isDevice() ? devices(type).stream().map(Device::locality).filter(s -> !s.isEmpty()).distinct().toList()
                : objects(type).stream().map(HwObject::cpus).filter(s -> !s.isEmpty()).distinct().toList();
    }

    /**
     * Returns the smallest object that has all of these CPUs.
     *
     * @throws IllegalArgumentException if the machine has not all of them, or there are none
     */
    public HwObject smallestEnclosing(CpuSet set) {
        checkCpus(set);
        HwObject object = root;
        for (HwObject next = root; next != null;) {
            object = next;
            next = object.children().stream().filter(c -> c.cpus().containsAll(set)).findFirst().orElse(null);
        }
        return object;
    }

    /** Returns the devices of a type, by ordinal. */
    public List<Device> devices(HwType type) {
        return devices.stream().filter(d -> d.type() == type).toList();
    }

    List<Device> allDevices() {
        return devices;
    }

    /** Returns the object at which a device hangs. */
    HwObject near(Device device) {
        return device.locality().isEmpty() ? root : smallestEnclosing(device.locality());
    }

    /** Returns the first matrix of distances with a name, such as {@code NUMALatency}. */
    public Optional<Distances> distances(String name) {
        return distances.stream().filter(d -> d.name().equals(name)).findFirst();
    }

    List<Distances> allDistances() {
        return distances;
    }

    /** Returns the memory nodes that are near to some CPU of a set. */
    public NodeSet nodesNear(CpuSet set) {
        NodeSet nodes = NodeSet.EMPTY;
        for (HwObject node : objects(HwType.NUMA)) {
            nodes = node.cpus().intersects(set) ? nodes.or(NodeSet.of(node.osIndex())) : nodes;
        }
        return nodes;
    }

    /** Returns the CPUs near to some memory node of a set. */
    public CpuSet cpusNear(NodeSet set) {
        CpuSet cpus = CpuSet.EMPTY;
        for (HwObject node : objects(HwType.NUMA)) {
            cpus = set.contains(node.osIndex()) ? cpus.or(node.cpus()) : cpus;
        }
        return cpus;
    }

    /** Returns the numbers of these CPUs in the order of the tree, in which neighbours are near to each other. */
    public List<Integer> inOrder(CpuSet set) {
        return objects(HwType.PU).stream().map(HwObject::osIndex).filter(set::contains).toList();
    }

    /** Returns the places of these CPUs in the order of the tree (hwloc's logical indexes), as a set. */
    public CpuSet toLogical(CpuSet set) {
        return CpuSet.of(objects(HwType.PU).stream().filter(pu -> set.contains(pu.osIndex())).mapToInt(HwObject::logicalIndex));
    }

    /** Returns the CPUs at these places in the order of the tree; places that the machine does not have are left out. */
    public CpuSet fromLogical(CpuSet places) {
        return CpuSet.of(objects(HwType.PU).stream().filter(pu -> places.contains(pu.logicalIndex())).mapToInt(HwObject::osIndex));
    }

    /** Returns the cores of a set, each as those of its CPUs that are in the set. A PU that is in no core is one of its own. */
    public List<CpuSet> cores(CpuSet set) {
        List<CpuSet> cores = new ArrayList<>();
        HwObject last = null;
        for (int cpu : inOrder(set)) {
            HwObject core = pu(cpu).enclosing(HwType.CORE);
            if (core == null) {
                cores.add(CpuSet.of(cpu));
            } else if (core != last) {
                cores.add(core.cpus().and(set));
            }
            last = core;
        }
        return cores;
    }

    /** Returns the first CPU of every core of a set: the set without simultaneous multi-threading. */
    public CpuSet withoutSmt(CpuSet set) {
        return CpuSet.of(cores(set).stream().mapToInt(core -> inOrder(core).getFirst()));
    }

    /**
     * Cuts a set into pieces by a policy; the pieces are disjoint, none is empty, and together they are the set. In the order
     * of the tree.
     *
     * @throws IllegalArgumentException if there are fewer CPUs than pieces, or CPUs that the machine has not
     */
    public List<CpuSet> cut(CpuSet set, int pieces, CutPolicy policy) {
        checkCpus(set);
        return Cutting.cut(this, set, pieces, policy);
    }

    /**
     * Checks that the machine has all CPUs of a set, and that there are any.
     *
     * @throws IllegalArgumentException if not; the message names those that are not there
     */
    public void checkCpus(CpuSet set) {
        if (set.isEmpty() || !cpus().containsAll(set)) {
            throw new IllegalArgumentException(set.isEmpty() ? "the set of CPUs is empty" : "the machine does not have these CPUs: cpus="
                    + set.andNot(cpus()) + " machine=" + cpus());
        }
    }

    /**
     * Returns a short text that is equal for equal machines, whoever loaded them; what differs from process to process, such
     * as the allowed CPUs, and devices, which not every library sees, are not in it.
     */
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(HwObject root) {
        StringBuilder text = new StringBuilder();
        describe(root, text);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void describe(HwObject o, StringBuilder text) {
        // Numbers that only some libraries give, and groups, which they make up differently, say nothing about the machine.
        if (o.type() == HwType.NUMA) {
            text.append(o.type()).append(' ').append(o.osIndex()).append('\n'); // its CPUs, if it has none, are the library's taste
        } else if (o.type() == HwType.PACKAGE || o.type() == HwType.CORE || o.type() == HwType.PU) {
            text.append(o.type()).append(' ').append(o.cpus().toHex()).append('\n');
        }
        o.memory().forEach(m -> describe(m, text));
        o.children().forEach(c -> describe(c, text));
    }

    /** Returns this in the XML of hwloc 2, which {@link #fromXml} and all of hwloc's tools read. */
    public String toXml() {
        return new HwlocXmlWriter(this).write();
    }

    /** Returns a line: the numbers of objects of each type, and the source. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (HwType type : types()) {
            s.append(s.isEmpty() ? "" : ", ").append(objects(type).size()).append(' ').append(type.hwlocName());
        }
        for (HwType type : List.of(HwType.GPU, HwType.NIC)) {
            s.append(devices(type).isEmpty() ? "" : ", " + devices(type).size() + " " + type);
        }
        return s.append(" (").append(source).append(')').toString();
    }
}
