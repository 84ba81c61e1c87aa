package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.INT;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jadi.adi.device.DeviceException;
import org.jadi.device.ucx.binding.UcxSession;

/**
 * Memory that UCX knows: what this rank allocated for others to reach, what it registered, and what the others announced.
 * A region is announced to each peer before a packet that names it can arrive there.
 */
final class Regions {
    /** Kinds of announcements, first word of the packet; the second is the region's number. */
    static final long HERE = 1;

    /** See {@link #HERE}. */
    static final long GONE = 2;

    /** Payload of an announcement: address, length, bytes of the key, key. */
    private static final int KEY_OFFSET = 24;

    private static final int OFFSET_BITS = 40;
    private static final long MOST_NUMBER = (1L << 62 - OFFSET_BITS) - 1;

    /** Memory of this rank. */
    record Own(long number, UcxSession.Region region, MemorySegment memory, Arena arena) {
        /** Returns the payload of the announcement. */
        MemorySegment announcement() {
            byte[] key = region.key();
            MemorySegment payload = MemorySegment.ofArray(new byte[KEY_OFFSET + key.length]);
            payload.set(LONG, 0, region.address());
            payload.set(LONG, 8, memory.byteSize());
            payload.set(LONG, 16, key.length);
            MemorySegment.copy(key, 0, payload, ValueLayout.JAVA_BYTE, KEY_OFFSET, key.length);
            return payload;
        }
    }

    /** Memory of a peer. Guarded by the device's lock until {@link #isOpen}. */
    static final class Remote {
        final long address;
        final long bytes;
        final byte[] key;
        boolean isOpen;

        /** UCX's handle; valid when open. */
        long handle;

        /** Where this process sees it, or 0; valid when open. */
        long pointer;

        Remote(long address, long bytes, byte[] key) {
            this.address = address;
            this.bytes = bytes;
            this.key = key;
        }
    }

    private final AddressRanges<Own> allocated = new AddressRanges<>();
    private final AddressRanges<UcxSession.Region> registered = new AddressRanges<>();

    // guarded by the device's lock
    private final Map<Long, Remote>[] remote;
    private long nextNumber;

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    Regions(int size) {
        remote = new Map[size];
    }

    /** Adds allocated memory; with the lock held. */
    @SuppressWarnings("restricted")
    Own add(UcxSession.Region region, long bytes) {
        if (nextNumber > MOST_NUMBER) {
            throw new DeviceException("ucx has no numbers left for regions");
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = MemorySegment.ofAddress(region.address()).reinterpret(bytes, arena, null);
        Own own = new Own(nextNumber++, region, memory, arena);
        allocated.add(region.address(), bytes, own);
        return own;
    }

    /** Takes allocated memory out. */
    Own remove(MemorySegment memory) {
        Own own = allocated.find(memory.address(), 0);
        if (own == null || own.memory.address() != memory.address() || !allocated.remove(own)) {
            throw new IllegalArgumentException("not the beginning of memory of Mpi.allocate: " + memory);
        }
        return own;
    }

    Iterable<Own> own() {
        return allocated.values();
    }

    /** Returns whether memory lies in one allocated region: it stays while a request uses it. */
    boolean contains(MemorySegment memory) {
        return find(memory, 0, memory.byteSize()) != null;
    }

    private Own find(MemorySegment memory, long offset, long length) {
        return memory.isNative() ? allocated.find(memory.address() + offset, length) : null;
    }

    /** As {@link org.jadi.adi.device.SharedMemory#token}. */
    long token(MemorySegment memory, long offset, long length) {
        Own own = find(memory, offset, length);
        return own == null ? -1 : own.number << OFFSET_BITS | memory.address() + offset - own.region.address();
    }

    void register(UcxSession.Region region) {
        registered.add(region.address(), region.bytes(), region);
    }

    void unregister(UcxSession.Region region) {
        registered.remove(region);
    }

    /** Returns the native handle of the region that memory lies in, or 0. */
    long handle(MemorySegment memory, long offset, long length) {
        UcxSession.Region region = registered.find(memory.address() + offset, length);
        if (region != null) {
            return region.handle();
        }
        Own own = find(memory, offset, length);
        return own == null ? 0 : own.region.handle();
    }

    /** Takes an announcement; with the lock held. Returns a region that is gone and was in use, or null. */
    Remote announced(int rank, long address, long length) {
        long kind = ALL.get(LONG, address);
        long number = ALL.get(LONG, address + 8);
        if (remote[rank] == null) {
            remote[rank] = new HashMap<>();
        }
        if (kind == GONE) {
            Remote gone = remote[rank].remove(number);
            return gone != null && gone.isOpen ? gone : null;
        }
        long payload = address + PacketDescriptor.PAYLOAD_OFFSET;
        int keyBytes = ALL.get(INT, payload + 16);
        if (kind == HERE && keyBytes >= 0 && PacketDescriptor.PAYLOAD_OFFSET + KEY_OFFSET + keyBytes <= length) {
            byte[] key = new byte[keyBytes];
            MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, payload + KEY_OFFSET, key, 0, keyBytes);
            remote[rank].put(number, new Remote(ALL.get(LONG, payload), ALL.get(LONG, payload + 8), key));
        }
        return null;
    }

    /** Returns the peer's region in which a place lies wholly, or null; with the lock held. */
    Remote remote(int rank, long token, long length) {
        if (token < 0 || remote[rank] == null) {
            return null;
        }
        Remote r = remote[rank].get(token >>> OFFSET_BITS);
        return r != null && length >= 0 && offset(token) <= r.bytes - length ? r : null;
    }

    static long offset(long token) {
        return token & (1L << OFFSET_BITS) - 1;
    }
}
