package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.RemoteMemory;
import org.jadi.adi.device.SharedMemory;
import org.jadi.device.ucx.Operations.Operation;
import org.jadi.device.ucx.binding.RemoteAccess;
import org.jadi.device.ucx.binding.UcxFailure;
import org.jadi.device.ucx.binding.UcxTransport;

/**
 * Memory that ranks reach in each other: by load and store where this process sees it, which UCX arranges for ranks of one
 * node, else by UCX's put, get and atomic operations.
 */
final class UcxMemory implements SharedMemory, RemoteMemory {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /** Turns in which an announcement is waited for that must be on its way. */
    private static final int ANNOUNCEMENT_TURNS = 100;

    private final RegionExchange exchange;
    private final Transfers transfers;
    private final Regions regions;
    private final IntConsumer connect;
    private final boolean usePointers;

    /** Operations towards each rank that have not ended, and flushes of it. */
    private final AtomicIntegerArray underWay;

    /** Ranks that a flush must look at, because UCX was asked for something: 1. */
    private final AtomicIntegerArray dirty;
    private final AtomicIntegerArray lost;

    UcxMemory(RegionExchange exchange, Transfers transfers, Regions regions, int size, IntConsumer connect, boolean usePointers) {
        this.connect = connect;
        this.exchange = exchange;
        this.transfers = transfers;
        this.regions = regions;
        this.usePointers = usePointers;
        this.underWay = new AtomicIntegerArray(size);
        this.dirty = new AtomicIntegerArray(size);
        this.lost = new AtomicIntegerArray(size);
    }

    @Override
    public MemorySegment allocate(long bytes) {
        try {
            MemorySegment memory = exchange.allocate(bytes);
            try {
                memory.fill((byte) 0); // UCX may give out memory of a heap of its own
                return memory;
            } catch (InternalError e) { // how the JVM tells that the pages of a mapping cannot be had
                exchange.free(memory);
                throw new DeviceException("no space for Mpi.allocate: bytes=" + bytes + "; enlarge shared memory (containers:"
                        + " --shm-size), or use memory of an Arena", e);
            }
        } catch (UcxFailure e) {
            throw new DeviceException("ucx cannot allocate memory that peers reach: bytes=" + bytes + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void free(MemorySegment memory) {
        exchange.free(memory);
    }

    @Override
    public long token(MemorySegment memory, long offset, long length) {
        return regions.token(memory, offset, length);
    }

    @Override
    public boolean get(int rank, long token, MemorySegment target, long targetOffset, long length) {
        Regions.Remote r = find(rank, token, length);
        if (r == null) {
            return false;
        }
        if (isSeen(r)) {
            MemorySegment.copy(ALL, r.pointer + Regions.offset(token), target, targetOffset, length);
            return true;
        }
        if (usePointers) {
            return false; // another node's: UCX does better when both sides take part
        }
        fetch(rank, token, target, targetOffset, length);
        while (underWay.get(rank) > 0) {
            transfers.turn();
        }
        return lost.get(rank) == 0;
    }

    private boolean isSeen(Regions.Remote r) {
        return usePointers && r.pointer != 0;
    }

    @Override
    public MemorySegment pointer(int rank, long token, long length) {
        Regions.Remote r = region(rank, token, length);
        return isSeen(r) ? ALL.asSlice(r.pointer + Regions.offset(token), length) : null;
    }

    private Regions.Remote find(int rank, long token, long length) {
        connect.accept(rank);
        return exchange.remote(rank, token, length, ANNOUNCEMENT_TURNS);
    }

    private Regions.Remote region(int rank, long token, long length) {
        Regions.Remote r = find(rank, token, length);
        if (r == null) {
            throw new DeviceException("ucx knows no memory of rank " + rank + " at token=" + Long.toHexString(token)
                    + " length=" + length);
        }
        return r;
    }

    @Override
    public void put(int rank, long token, MemorySegment source, long sourceOffset, long length) {
        Regions.Remote r = region(rank, token, length);
        if (isSeen(r)) {
            MemorySegment.copy(source, sourceOffset, ALL, r.pointer + Regions.offset(token), length);
            return;
        }
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, length), 8);
        MemorySegment.copy(source, sourceOffset, copy, 0, length);
        start(rank, (what, done) -> ended(rank, done), copy, (access, ep, o) -> access.put(ep, copy.address(), length,
                r.address + Regions.offset(token), r.handle, o));
    }

    @Override
    public void fetch(int rank, long token, MemorySegment target, long targetOffset, long length) {
        Regions.Remote r = region(rank, token, length);
        if (isSeen(r)) {
            MemorySegment.copy(ALL, r.pointer + Regions.offset(token), target, targetOffset, length);
            return;
        }
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, length), 8);
        start(rank, (what, done) -> {
            if (done) {
                MemorySegment.copy(copy, 0, target, targetOffset, length);
            }
            ended(rank, done);
        }, copy, (access, ep, o) -> access.get(ep, copy.address(), length, r.address + Regions.offset(token), r.handle, o));
    }

    private void ended(int rank, boolean done) {
        if (!done) {
            lost.set(rank, 1);
        }
        underWay.decrementAndGet(rank);
    }

    private void start(int rank, BulkTransfer.Ended ended, MemorySegment memory, Transfers.Start what) {
        underWay.incrementAndGet(rank);
        dirty.set(rank, 1);
        transfers.start(rank, memory, ended, what);
    }

    @Override
    public long fetchOp(int rank, long token, int bytes, AtomicOp op, long operand) {
        Regions.Remote r = region(rank, token, bytes);
        if (isSeen(r)) {
            long at = r.pointer + Regions.offset(token);
            return bytes == Long.BYTES ? changeLong(at, op, operand) : changeInt(at, op, (int) operand);
        }
        return switch (op) {
            case ADD -> await(rank, bytes, operand, 0, r, token, RemoteAccess.ADD);
            case SWAP -> await(rank, bytes, operand, 0, r, token, RemoteAccess.SWAP);
            case AND, OR, XOR -> changeBits(rank, bytes, operand, op, r, token);
        };
    }

    /** By compare and swap: UCX's own operation on bits brought back what was there, and left it (1.13.1, shared memory). */
    private long changeBits(int rank, int bytes, long operand, AtomicOp op, Regions.Remote r, long token) {
        long seen = await(rank, bytes, 0, 0, r, token, RemoteAccess.ADD);
        while (true) {
            long desired = op == AtomicOp.AND ? seen & operand : op == AtomicOp.OR ? seen | operand : seen ^ operand;
            long found = await(rank, bytes, seen, desired, r, token, RemoteAccess.COMPARE_SWAP);
            if (found == seen) {
                return found;
            }
            seen = found;
        }
    }

    private static long changeLong(long at, AtomicOp op, long operand) {
        return switch (op) {
            case ADD -> (long) LONG.getAndAdd(ALL, at, operand);
            case SWAP -> (long) LONG.getAndSet(ALL, at, operand);
            case AND -> (long) LONG.getAndBitwiseAnd(ALL, at, operand);
            case OR -> (long) LONG.getAndBitwiseOr(ALL, at, operand);
            case XOR -> (long) LONG.getAndBitwiseXor(ALL, at, operand);
        };
    }

    private static int changeInt(long at, AtomicOp op, int operand) {
        return switch (op) {
            case ADD -> (int) INT.getAndAdd(ALL, at, operand);
            case SWAP -> (int) INT.getAndSet(ALL, at, operand);
            case AND -> (int) INT.getAndBitwiseAnd(ALL, at, operand);
            case OR -> (int) INT.getAndBitwiseOr(ALL, at, operand);
            case XOR -> (int) INT.getAndBitwiseXor(ALL, at, operand);
        };
    }

    @Override
    public long compareSwap(int rank, long token, int bytes, long expected, long desired) {
        Regions.Remote r = region(rank, token, bytes);
        if (isSeen(r)) {
            long at = r.pointer + Regions.offset(token);
            return bytes == Long.BYTES ? (long) LONG.compareAndExchange(ALL, at, expected, desired)
                    : (int) INT.compareAndExchange(ALL, at, (int) expected, (int) desired);
        }
        return await(rank, bytes, expected, desired, r, token, RemoteAccess.COMPARE_SWAP);
    }

    /** Has UCX do an atomic operation, and makes progress until it is done. */
    private long await(int rank, int bytes, long operand, long desired, Regions.Remote r, long token, int code) {
        MemorySegment words = Arena.ofAuto().allocate(2 * Long.BYTES, 8);
        words.set(ValueLayout.JAVA_LONG, 0, operand);
        words.set(ValueLayout.JAVA_LONG, Long.BYTES, desired);
        Operation o = transfers.start(rank, words, Operations.POLLED, (access, ep, number) -> access.atomic(ep, code, bytes,
                words.address(), words.address() + Long.BYTES, r.address + Regions.offset(token), r.handle, number));
        if (transfers.await(o) != UcxTransport.DONE) {
            throw new DeviceException("ucx lost rank " + rank + " in an atomic operation");
        }
        return bytes == Long.BYTES ? words.get(ValueLayout.JAVA_LONG, Long.BYTES) : words.get(ValueLayout.JAVA_INT, Long.BYTES);
    }

    @Override
    public boolean flush(int rank) {
        if (lost.get(rank) != 0) {
            throw new DeviceException("ucx lost rank " + rank + " before what was started towards it was complete");
        }
        if (underWay.get(rank) > 0) {
            return false;
        }
        if (dirty.compareAndSet(rank, 1, 0)) {
            underWay.incrementAndGet(rank);
            transfers.start(rank, null, (what, done) -> ended(rank, done), RemoteAccess::flush);
            return underWay.get(rank) == 0;
        }
        VarHandle.fullFence(); // stores through pointers are seen before whatever the caller says next
        return true;
    }
}
