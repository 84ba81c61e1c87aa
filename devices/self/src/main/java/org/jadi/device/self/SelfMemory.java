package org.jadi.device.self;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jadi.adi.device.DeviceException;

/**
 * Memory of one rank that the other ranks of the process may read in place. A token is the address of the place; it is
 * looked up, never followed, so that a stale one finds nothing. Any thread.
 */
final class SelfMemory {
    static final long NO_TOKEN = -1;

    private static final long ALIGNMENT_BYTES = 64;

    private record Block(Arena arena, MemorySegment memory) {}

    private final ConcurrentSkipListMap<Long, Block> blocks = new ConcurrentSkipListMap<>();

    MemorySegment allocate(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = arena.allocate(Math.max(bytes, 1), ALIGNMENT_BYTES).asSlice(0, bytes);
            blocks.put(memory.address(), new Block(arena, memory));
            return memory;
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            arena.close();
            throw new DeviceException("no native memory for an allocation: bytes=" + bytes, e);
        }
    }

    void free(MemorySegment memory) {
        Block block = blocks.remove(memory.address());
        if (block == null) {
            throw new IllegalArgumentException("not the beginning of allocated memory: " + memory);
        }
        block.arena.close();
    }

    long token(MemorySegment memory, long offset, long length) {
        if (!memory.isNative()) {
            return NO_TOKEN;
        }
        long token = memory.address() + offset;
        return place(token, length) == null ? NO_TOKEN : token;
    }

    boolean read(long token, MemorySegment target, long targetOffset, long length) {
        MemorySegment source = place(token, length);
        if (source == null) {
            return false;
        }
        MemorySegment.copy(source, 0, target, targetOffset, length);
        return true;
    }

    /** Frees everything; what a peer is reading at this moment is left to the end of the process. */
    void close() {
        for (Block block : blocks.values()) {
            try {
                block.arena.close();
            } catch (IllegalStateException inUse) {
                continue;
            }
        }
        blocks.clear();
    }

    private MemorySegment place(long token, long length) {
        Map.Entry<Long, Block> entry = blocks.floorEntry(token);
        if (entry == null || length < 0) {
            return null;
        }
        MemorySegment memory = entry.getValue().memory;
        long offset = token - entry.getKey();
        return offset <= memory.byteSize() && length <= memory.byteSize() - offset ? memory.asSlice(offset, length) : null;
    }
}
