package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.INT;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.stats.HotPath;

/** Native memory for one packet, until UCX has finished with it. Belongs to one endpoint, or to {@link Slots}. */
final class Slot {
    private static final int FEW_BYTES = 64;

    final int index;
    final long address;
    final boolean large;

    /** Whose packet is under way; guarded by the device's lock. */
    UcxEndpoint owner;

    /** Bytes under way. */
    int bytes;

    /** Next free one; guarded by the device's lock. */
    Slot next;

    Slot(int index, long address, boolean large) {
        this.index = index;
        this.address = address;
        this.large = large;
    }

    @HotPath
    void header(long h0, long h1, long h2, long h3, long key, int rank, int number) {
        ALL.set(LONG, address, h0);
        ALL.set(LONG, address + 8, h1);
        ALL.set(LONG, address + 16, h2);
        ALL.set(LONG, address + 24, h3);
        ALL.set(LONG, address + PacketDescriptor.KEY_OFFSET, key);
        ALL.set(LONG, address + PacketDescriptor.RANK_OFFSET, rank & 0xffffffffL | (long) number << 32);
    }

    @HotPath
    void payload(MemorySegment from, long offset, int length) {
        long at = address + PacketDescriptor.PAYLOAD_OFFSET;
        if (length > FEW_BYTES) {
            MemorySegment.copy(from, offset, ALL, at, length);
            return;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            ALL.set(LONG, at + i, from.get(LONG, offset + i));
        }
        for (; i < length; i++) {
            ALL.set(ValueLayout.JAVA_BYTE, at + i, from.get(ValueLayout.JAVA_BYTE, offset + i));
        }
    }

    @HotPath
    static int rankAt(long address) {
        return ALL.get(INT, address + PacketDescriptor.RANK_OFFSET);
    }
}
