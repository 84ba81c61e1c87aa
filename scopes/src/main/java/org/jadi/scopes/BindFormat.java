package org.jadi.scopes;

/** How CPUs are written. */
public enum BindFormat {
    /** {@code L0-3}: places in the order of the tree. */
    LOGICAL,
    /** {@code P0,8,1,9}: numbers of the operating system. */
    PHYSICAL
}
