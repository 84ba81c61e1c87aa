package org.jadi.scopes.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a machine while its tree is put together; what reads a description fills these in, and
 * {@link TopologyBuilder} makes the immutable tree of them. Not safe for several threads.
 */
public final class Part {
    final HwType type;
    final List<Part> children = new ArrayList<>();
    final Map<String, String> infos = new HashMap<>();
    String subtype = "";
    String name = "";
    int osIndex = -1;
    CpuSet cpus = CpuSet.EMPTY;
    NodeSet nodes = NodeSet.EMPTY;
    long memoryBytes;
    long cacheBytes;

    /** Begins a part of a type. */
    public Part(HwType type) {
        this.type = type;
    }

    /** Gives it the operating system's number. */
    public Part osIndex(int index) {
        osIndex = index;
        return this;
    }

    /** Gives it its CPUs. */
    public Part cpus(CpuSet set) {
        cpus = set;
        return this;
    }

    /** Gives it its memory nodes. */
    public Part nodes(NodeSet set) {
        nodes = set;
        return this;
    }

    /** Gives a memory node its size. */
    public Part memoryBytes(long bytes) {
        memoryBytes = bytes;
        return this;
    }

    /** Puts another part into it. */
    public Part add(Part child) {
        children.add(child);
        return this;
    }

    /** Returns its CPUs. */
    public CpuSet cpus() {
        return cpus;
    }

    /** Returns its memory nodes. */
    public NodeSet nodes() {
        return nodes;
    }

    /** Returns whether some part in it has one of these CPUs. */
    public boolean childrenOverlap(CpuSet set) {
        return children.stream().anyMatch(c -> c.type != HwType.NUMA && c.cpus.intersects(set));
    }
}
