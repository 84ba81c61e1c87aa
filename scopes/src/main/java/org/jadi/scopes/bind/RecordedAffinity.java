package org.jadi.scopes.bind;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jadi.scopes.topology.CpuSet;

/**
 * Masks that are only written down: for a machine that is not this one, and where the kernel cannot be asked. It refuses
 * what a kernel would. Any platform thread.
 */
final class RecordedAffinity implements Affinity {
    private static final int EINVAL = 22;

    private final CpuSet machine;
    private final CpuSet launchMask;
    private final Map<Long, CpuSet> masks = new ConcurrentHashMap<>(); // without threads that have the mask of the start

    /**
     * Begins with all threads unbound.
     *
     * @param machine CPUs that there are
     * @param launchMask those that a thread has that was never bound
     */
    RecordedAffinity(CpuSet machine, CpuSet launchMask) {
        this.machine = machine;
        this.launchMask = launchMask;
    }

    @Override
    public boolean isReal() {
        return false;
    }

    @Override
    public long threadId() {
        return Thread.currentThread().threadId();
    }

    @Override
    public int bind(long thread, CpuSet cpus) {
        CpuSet there = cpus.and(machine);
        if (there.isEmpty()) {
            return EINVAL;
        }
        if (there.equals(launchMask)) {
            masks.remove(thread);
        } else {
            masks.put(thread, there);
        }
        return 0;
    }

    @Override
    public CpuSet bound(long thread) {
        return masks.getOrDefault(thread, launchMask);
    }

    @Override
    public CpuSet launchMask() {
        return launchMask;
    }
}
