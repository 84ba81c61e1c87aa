package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Memory;

/**
 * Packets that UCX delivered and the engine has not seen yet. Small ones are copied here, because UCX takes their memory
 * back at once; long ones stay where they are. Filled under the device's lock; there are two, which change places, so that
 * one is emptied while the other is filled.
 */
final class Arrivals {
    private static final int FIRST_BYTES = 64 << 10;
    private static final int FIRST_PACKETS = 256;

    private Arena arena = Arena.ofShared();
    private MemorySegment block = arena.allocate(FIRST_BYTES, 64);
    private long used;

    /** Address of each packet if it was kept, else the negative of (offset in the block + 1). */
    private long[] places = new long[FIRST_PACKETS];
    private long[] lengths = new long[FIRST_PACKETS];
    private int count;

    @HotPath
    int count() {
        return count;
    }

    /** Adds a packet that stays where it is. */
    @HotPath
    void addKept(long address, long length) {
        if (count == places.length) {
            growPlaces();
        }
        places[count] = address;
        lengths[count++] = length;
    }

    /** Adds a packet that must be copied. */
    @HotPath
    void addCopy(long address, long length) {
        if (count == places.length) {
            growPlaces();
        }
        if (used + length > block.byteSize()) {
            growBlock(length);
        }
        if (length <= 128 && (length & 7) == 0) {
            for (long i = 0; i < length; i += 8) {
                block.set(Memory.LONG, used + i, ALL.get(Memory.LONG, address + i));
            }
        } else {
            MemorySegment.copy(ALL, address, block, used, length);
        }
        places[count] = -used - 1;
        lengths[count++] = length;
        used += length + 7 & -8;
    }

    @HotPath
    long address(int i) {
        long place = places[i];
        return place < 0 ? block.address() - place - 1 : place;
    }

    @HotPath
    long length(int i) {
        return lengths[i];
    }

    @HotPath
    boolean isKept(int i) {
        return places[i] > 0;
    }

    @HotPath
    void clear() {
        count = 0;
        used = 0;
    }

    private void growPlaces() {
        places = java.util.Arrays.copyOf(places, count * 2);
        lengths = java.util.Arrays.copyOf(lengths, count * 2);
    }

    private void growBlock(long length) {
        Arena larger = Arena.ofShared();
        MemorySegment to = larger.allocate(Math.max(block.byteSize() * 2, used + length), 64);
        MemorySegment.copy(block, 0, to, 0, used);
        arena.close();
        arena = larger;
        block = to;
    }

    void close() {
        arena.close();
    }
}
