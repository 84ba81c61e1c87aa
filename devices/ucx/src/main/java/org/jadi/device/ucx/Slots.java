package org.jadi.device.ucx;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Slots for packets, of two sizes, allocated in slabs when they are needed. Guarded by the device's lock. */
final class Slots implements AutoCloseable {
    /** Payload that fits into a small slot. */
    static final int SMALL_PAYLOAD_BYTES = 2048;

    /** Room in every slot, however small the packets are: for announcements. */
    private static final int LEAST_PAYLOAD_BYTES = 1024;

    private static final int SMALL_PER_SLAB = 32;
    private static final int LARGE_PER_SLAB = 4;
    private static final int LINE_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final int maxPayloadBytes;
    private final List<Slot> all = new ArrayList<>();
    private Slot freeSmall;
    private Slot freeLarge;

    Slots(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    Slot take(boolean large) {
        Slot slot = large ? freeLarge : freeSmall;
        if (slot == null) {
            addSlab(large);
            slot = large ? freeLarge : freeSmall;
        }
        if (large) {
            freeLarge = slot.next;
        } else {
            freeSmall = slot.next;
        }
        slot.next = null;
        return slot;
    }

    void give(Slot slot) {
        slot.owner = null;
        if (slot.large) {
            slot.next = freeLarge;
            freeLarge = slot;
        } else {
            slot.next = freeSmall;
            freeSmall = slot;
        }
    }

    Slot get(int index) {
        return all.get(index);
    }

    private void addSlab(boolean large) {
        int count = large ? LARGE_PER_SLAB : SMALL_PER_SLAB;
        long payload = Math.max(LEAST_PAYLOAD_BYTES,
                large ? maxPayloadBytes : Math.min(maxPayloadBytes, SMALL_PAYLOAD_BYTES));
        long bytes = PacketDescriptor.PAYLOAD_OFFSET + payload + LINE_BYTES - 1 & -LINE_BYTES;
        long address = arena.allocate(bytes * count, LINE_BYTES).address();
        for (int i = 0; i < count; i++) {
            Slot slot = new Slot(all.size(), address + i * bytes, large);
            all.add(slot);
            give(slot);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
