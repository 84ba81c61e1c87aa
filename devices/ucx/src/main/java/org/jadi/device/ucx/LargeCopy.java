package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkCopy;
import org.jadi.device.ucx.binding.LibC;

/**
 * Copies by libc, which does not read the lines that it writes.
 *
 * @param leastBytes from which size on
 */
record LargeCopy(int leastBytes) implements BulkCopy {
    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        LibC.copy(from, fromOffset, to, toOffset, bytes);
    }
}
