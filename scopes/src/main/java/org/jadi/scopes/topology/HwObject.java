package org.jadi.scopes.topology;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A part of a machine that has a place in its tree. Immutable. Any thread.
 *
 * <p>Objects with CPUs are nested; memory nodes hang beside them, at the object whose CPUs they are near to
 * ({@link #memory}). Devices are {@link Device}, not objects.
 */
public final class HwObject {
    private final HwType type;
    private final String subtype;
    private final String name;
    private final int osIndex;
    private final CpuSet cpus;
    private final NodeSet nodes;
    private final long memoryBytes;
    private final long cacheBytes;
    private final Map<String, String> infos;
    private HwObject parent; // set once, while the topology is made
    private int logicalIndex; // likewise
    private List<HwObject> children = List.of();
    private List<HwObject> memory = List.of();

    HwObject(Part part, CpuSet cpus, NodeSet nodes) {
        this.type = part.type;
        this.subtype = part.subtype;
        this.name = part.name;
        this.osIndex = part.osIndex;
        this.cpus = cpus;
        this.nodes = nodes;
        this.memoryBytes = part.memoryBytes;
        this.cacheBytes = part.cacheBytes;
        this.infos = Map.copyOf(part.infos);
    }

    void place(HwObject above, List<HwObject> below, List<HwObject> beside) {
        parent = above;
        children = List.copyOf(below);
        memory = List.copyOf(beside);
    }

    void number(int index) {
        logicalIndex = index;
    }

    /** Returns the kind of object. */
    public HwType type() {
        return type;
    }

    /** Returns what the kind does not say, such as {@code HBM} for a memory node; empty text if nothing. */
    public String subtype() {
        return subtype;
    }

    /** Returns the object's own name; empty text for most. */
    public String name() {
        return name;
    }

    /** Returns the number among all objects of this type, in the order of the tree, from 0. */
    public int logicalIndex() {
        return logicalIndex;
    }

    /** Returns the number that the operating system gives it, or -1 where it gives none. */
    public int osIndex() {
        return osIndex;
    }

    /** Returns the CPUs in it; for a memory node, those that are near to it. May be empty for a memory node. */
    public CpuSet cpus() {
        return cpus;
    }

    /** Returns the memory nodes in it or around it. */
    public NodeSet nodes() {
        return nodes;
    }

    /** Returns the memory of a memory node in bytes; 0 for others, and where it is not known. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** Returns the size of a cache in bytes; 0 for others, and where it is not known. */
    public long cacheBytes() {
        return cacheBytes;
    }

    /** Returns the object around this one, or null for the machine. */
    public HwObject parent() {
        return parent;
    }

    /** Returns the objects directly in this one that have CPUs, in order. */
    public List<HwObject> children() {
        return children;
    }

    /** Returns the memory nodes that hang here. */
    public List<HwObject> memory() {
        return memory;
    }

    /** Returns what else is known, under hwloc's names, such as {@code CPUModel}. */
    public Map<String, String> infos() {
        return infos;
    }

    /** Returns this object or the nearest around it that has a type; null if there is none. */
    public HwObject enclosing(HwType wanted) {
        HwObject o = this;
        while (o != null && o.type != wanted) {
            o = o.parent;
        }
        return o;
    }

    /** Returns the number of objects around this one; 0 for the machine. */
    public int depth() {
        int depth = 0;
        for (HwObject o = parent; o != null; o = o.parent) {
            depth++;
        }
        return depth;
    }

    /** Returns type and number, {@code Core#5}. */
    @Override
    public String toString() {
        return type.hwlocName() + "#" + logicalIndex + Objects.toString(subtype.isEmpty() ? null : "(" + subtype + ")", "");
    }
}
