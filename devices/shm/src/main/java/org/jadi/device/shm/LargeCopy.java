package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkCopy;

/**
 * Copies into rings by libc, as soon as it is linked.
 *
 * @param leastBytes from which size on
 */
record LargeCopy(Natives natives, int leastBytes) implements BulkCopy {
    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        natives.copyLarge(from, fromOffset, to, toOffset, bytes);
    }
}
