package org.jadi.scopes.bind;

import org.jadi.scopes.topology.CpuSet;

/** The masks of threads: which CPUs each may run on. Any platform thread. */
public sealed interface Affinity permits KernelAffinity, RecordedAffinity {
    /** Returns whether masks reach the kernel; otherwise they are written down only, to be looked at. */
    boolean isReal();

    /** Returns the calling thread's number, which the methods below take. */
    long threadId();

    /** Sets a thread's mask. Returns 0, or the kernel's error number (3: no such thread; 22: none of the CPUs is there). */
    int bind(long thread, CpuSet cpus);

    /** Returns a thread's mask; empty if there is no such thread. */
    CpuSet bound(long thread);

    /** Returns the mask with which the process was started. */
    CpuSet launchMask();
}
