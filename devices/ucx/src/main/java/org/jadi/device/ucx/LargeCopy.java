package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkCopy;
import org.jadi.device.ucx.binding.LibC;

/** Copies by libc, which does not read the lines that it writes. */
final class LargeCopy implements BulkCopy {
    private static final int LEAST_BYTES = 16 << 10;

    @Override
    public int leastBytes() {
        return LEAST_BYTES;
    }

    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        LibC.copy(from, fromOffset, to, toOffset, bytes);
    }
}
