package org.jadi.scopes;

/** The scopes that there are without making them. */
public enum Intrinsic {
    /** All CPUs, those included that programs may not use. */
    SYSTEM,
    /** All CPUs that programs may use: limits of the container count, bindings do not. */
    USER,
    /** The CPUs with which the members' processes were started, together. */
    JOB,
    /** The CPUs with which this process was started. */
    PROCESS,
    /** The CPUs that are set aside for helper threads; none if none are. */
    UTILITY
}
