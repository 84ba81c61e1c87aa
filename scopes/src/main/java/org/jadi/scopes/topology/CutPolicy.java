package org.jadi.scopes.topology;

/** How CPUs are cut into pieces. All cuts are disjoint, cover everything, and give the same for the same. */
public enum CutPolicy {
    /**
     * Neighbouring cores, nearly equal numbers of CPUs; a core is cut only if there are more pieces than cores, and then no
     * piece holds parts of two cores. The default.
     */
    WHOLE_CORES,
    /**
     * Along packages, memory nodes and caches, in proportion to their CPUs ({@code hwloc_distrib}). Straddles memory nodes
     * less often than the others; pieces may differ more in size.
     */
    TREE,
    /** Neighbouring CPUs in pieces whose sizes differ by one at most, whatever core they belong to; the rule of quo-vadis. */
    PU_EVEN
}
