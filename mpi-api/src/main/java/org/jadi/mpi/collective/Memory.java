package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A buffer of a schedule, packed bytes, with the steps that touch it: what makes steps wait for each other.
 *
 * <p>Different objects must not share bytes, except where none of the steps writes them.
 */
public final class Memory {
    private static final class Access {
        final Step step;
        final long from;
        final long to;
        final boolean writes;

        Access(Step step, long from, long to, boolean writes) {
            this.step = step;
            this.from = from;
            this.to = to;
            this.writes = writes;
        }
    }

    final MemorySegment segment;
    private final List<Access> accesses = new ArrayList<>();

    Memory(MemorySegment segment) {
        this.segment = segment;
    }

    /** Returns the memory. */
    public MemorySegment segment() {
        return segment;
    }

    /** Makes a step wait for those before it that it must not overtake, and remembers it. */
    void touch(Step step, long from, long bytes, boolean writes) {
        long to = from + bytes;
        if (bytes == 0) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < accesses.size(); i++) {
            Access a = accesses.get(i);
            boolean overlaps = a.from < to && from < a.to;
            if (overlaps && (writes || a.writes)) {
                step.after(a.step);
            }
            // Who comes later waits for this step, and so for those that it covers.
            if (!(writes && from <= a.from && a.to <= to)) {
                accesses.set(kept++, a);
            }
        }
        accesses.subList(kept, accesses.size()).clear();
        accesses.add(new Access(step, from, to, writes));
    }

    /** Forgets the steps, because all that follow wait for all of them. */
    void settle() {
        accesses.clear();
    }
}
