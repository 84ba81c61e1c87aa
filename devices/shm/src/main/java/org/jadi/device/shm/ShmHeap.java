package org.jadi.device.shm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jadi.adi.device.DeviceException;

/**
 * Memory of {@code Mpi.allocate}: pieces of this rank's segment file, which peers map when they fetch from it. Any
 * thread. Freed space is used again, and returned to the system at the end.
 */
final class ShmHeap implements AutoCloseable {
    /** Peers map the heap in windows of this size, each when first needed. */
    static final long WINDOW_BYTES = 1L << 30;

    private record Piece(long fileOffset, long bytes, MemorySegment memory, Arena arena) {}

    private final ShmSegment own;
    private final long end;
    private final NavigableMap<Long, Long> free = new TreeMap<>(); // guarded by this: file offset to bytes
    private final NavigableMap<Long, Piece> pieces = new ConcurrentSkipListMap<>(); // by address

    ShmHeap(ShmSegment own, long bytes) {
        this.own = own;
        this.end = own.heap() + bytes;
        if (bytes > 0) {
            free.put(own.heap(), bytes);
        }
    }

    MemorySegment allocate(long bytes) {
        boolean interrupted = Thread.interrupted(); // a channel is closed for ever when an interrupted thread uses it
        try {
            return allocateQuietly(bytes);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized MemorySegment allocateQuietly(long bytes) {
        long size = ShmSegmentDescriptor.page(Math.max(1, bytes));
        Map.Entry<Long, Long> hole = free.entrySet().stream().filter(e -> e.getValue() >= size).findFirst().orElse(null);
        if (hole == null) {
            throw new DeviceException("no address space left for Mpi.allocate: bytes=" + bytes + "; raise "
                    + ShmConfig.HEAP.property());
        }
        long at = hole.getKey();
        long holeBytes = hole.getValue(); // now: an entry of a TreeMap may become another one's when it is removed
        if (!ShmFiles.allocate(own.channel(), at, size)) {
            throw new DeviceException("no space for Mpi.allocate: bytes=" + bytes + " " + ShmFiles.space(own.path().getParent())
                    + "; enlarge shared memory (containers: --shm-size), or use memory of an Arena");
        }
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = own.channel().map(FileChannel.MapMode.READ_WRITE, at, size, arena);
            free.remove(at);
            if (holeBytes > size) {
                free.put(at + size, holeBytes - size);
            }
            pieces.put(memory.address(), new Piece(at, size, memory, arena));
            return memory.asSlice(0, bytes);
        } catch (IOException e) {
            arena.close();
            throw new DeviceException("cannot map memory for Mpi.allocate: bytes=" + bytes + ": " + e, e);
        }
    }

    synchronized void free(MemorySegment memory) {
        Piece piece = pieces.remove(memory.address());
        if (piece == null) {
            throw new IllegalArgumentException("not the beginning of memory of Mpi.allocate: " + memory);
        }
        piece.arena().close();
        long at = piece.fileOffset();
        long bytes = piece.bytes();
        Map.Entry<Long, Long> before = free.floorEntry(at);
        if (before != null && before.getKey() + before.getValue() == at) {
            at = before.getKey();
            bytes += before.getValue();
        }
        Long after = free.remove(at + bytes);
        free.put(at, after == null ? bytes : bytes + after);
    }

    /** Returns the file offset of memory that lies in one piece, or -1. */
    long token(MemorySegment memory, long offset, long length) {
        if (!memory.isNative()) {
            return -1;
        }
        long address = memory.address() + offset;
        Map.Entry<Long, Piece> e = pieces.floorEntry(address);
        if (e == null || address + length > e.getKey() + e.getValue().bytes()) {
            return -1;
        }
        return e.getValue().fileOffset() + (address - e.getKey());
    }

    /** Returns whether a token of a peer's with this layout can be one. */
    boolean isPlausible(long token, long length, long heapStart) {
        return token >= heapStart && length >= 0 && token + length <= heapStart + (end - own.heap());
    }

    @Override
    public synchronized void close() {
        pieces.values().forEach(p -> p.arena().close());
        pieces.clear();
    }
}
