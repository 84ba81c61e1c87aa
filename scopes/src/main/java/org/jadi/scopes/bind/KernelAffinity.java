package org.jadi.scopes.bind;

import org.jadi.scopes.binding.Kernel;
import org.jadi.scopes.topology.CpuSet;

/** Masks of the kernel. Any platform thread. */
final class KernelAffinity implements Affinity {
    private final Kernel kernel;
    private final CpuSet launchMask;

    KernelAffinity(Kernel kernel) {
        this.kernel = kernel;
        // The first thread of the process is not Java's main thread and nobody binds it: it has the mask of the start.
        this.launchMask = bound(ProcessHandle.current().pid());
    }

    @Override
    public boolean isReal() {
        return true;
    }

    @Override
    public long threadId() {
        return kernel.threadId();
    }

    @Override
    public int bind(long thread, CpuSet cpus) {
        return kernel.bind(thread, cpus.toWords());
    }

    @Override
    public CpuSet bound(long thread) {
        long[] words = kernel.bound(thread);
        return words == null ? CpuSet.EMPTY : CpuSet.ofWords(words);
    }

    @Override
    public CpuSet launchMask() {
        return launchMask;
    }
}
