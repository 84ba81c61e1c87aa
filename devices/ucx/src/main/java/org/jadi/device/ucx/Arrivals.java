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

    private Block own = new Block(FIRST_BYTES);
    private MemorySegment block = own.memory;
    private long used;
    private boolean anyRetained;

    /** Address of each packet if it was kept, else the negative of (offset in the block + 1). */
    private long[] places = new long[FIRST_PACKETS];
    private long[] lengths = new long[FIRST_PACKETS];
    private int count;

    /** Memory for copies. While the engine retains a packet in it, it is not used again. */
    static final class Block {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private int retained; // guarded by this
        private boolean left; // guarded by this

        Block(long bytes) {
            memory = arena.allocate(bytes, 64);
        }

        synchronized void retain() {
            retained++;
        }

        synchronized boolean isRetained() {
            return retained > 0;
        }

        /** Gives a packet back; the last one ends a block that was left. */
        synchronized void release() {
            if (--retained == 0 && left) {
                arena.close();
            }
        }

        /** Ends the block now, or with its last packet. */
        synchronized void leave() {
            left = true;
            if (retained == 0) {
                arena.close();
            }
        }
    }

    /** Retains a packet that was copied; its block ends later. */
    Block retain() {
        own.retain();
        anyRetained = true;
        return own;
    }

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
        if (anyRetained) {
            replaceBlock();
        }
    }

    private void replaceBlock() {
        anyRetained = false;
        if (own.isRetained()) {
            own.leave();
            own = new Block(FIRST_BYTES);
            block = own.memory;
        }
    }

    private void growPlaces() {
        places = java.util.Arrays.copyOf(places, count * 2);
        lengths = java.util.Arrays.copyOf(lengths, count * 2);
    }

    private void growBlock(long length) {
        // Nothing is retained in a block that is being filled.
        Block larger = new Block(Math.max(block.byteSize() * 2, used + length));
        MemorySegment.copy(block, 0, larger.memory, 0, used);
        own.leave();
        own = larger;
        block = larger.memory;
    }

    void close() {
        own.leave();
    }
}
