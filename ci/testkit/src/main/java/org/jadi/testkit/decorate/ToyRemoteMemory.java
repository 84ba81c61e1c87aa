package org.jadi.testkit.decorate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.RemoteMemory;
import org.jadi.adi.device.SharedMemory;

/**
 * Remote memory among ranks of one JVM. What is put arrives only when the target polls, and is complete only when flush
 * says so: whoever relies on it earlier is found out.
 */
public final class ToyRemoteMemory extends DecoratedDevice implements RemoteMemory, SharedMemory {
    private static final String KEY = "toyremote/";
    private static final long BLOCK_GAP = 1 << 12;

    private final DeviceContext context;
    private final ConcurrentSkipListMap<Long, MemorySegment> blocks = new ConcurrentSkipListMap<>();
    private final AtomicLong nextToken = new AtomicLong(BLOCK_GAP);
    private final Queue<Put> arriving = new ConcurrentLinkedQueue<>();
    private final AtomicLong[] underWay; // by target

    private record Put(MemorySegment data, long token, AtomicLong underWay) {}

    private ToyRemoteMemory(Device inner, DeviceContext context) {
        super(inner);
        this.context = context;
        this.underWay = new AtomicLong[context.size()];
        for (int i = 0; i < underWay.length; i++) {
            underWay[i] = new AtomicLong();
        }
        context.local().put(KEY + context.rank(), this);
    }

    static Device open(DeviceProvider provider, DeviceContext context) {
        return new ToyRemoteMemory(provider.open(context), context);
    }

    @Override
    public int progress() {
        int work = inner.progress();
        Put put = arriving.poll();
        if (put != null) {
            place(put.token, put.data.byteSize()).copyFrom(put.data);
            put.underWay.decrementAndGet();
            work++;
        }
        return work;
    }

    @Override
    public void put(int rank, long token, MemorySegment source, long sourceOffset, long length) {
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
        MemorySegment.copy(source, sourceOffset, copy, 0, length);
        underWay[rank].incrementAndGet();
        peer(rank).arriving.add(new Put(copy, token, underWay[rank]));
        peer(rank).context.doorbell().ring();
    }

    @Override
    public void fetch(int rank, long token, MemorySegment target, long targetOffset, long length) {
        MemorySegment.copy(peer(rank).place(token, length), 0, target, targetOffset, length);
    }

    @Override
    public long fetchOp(int rank, long token, int bytes, AtomicOp op, long operand) {
        return change(rank, token, bytes, before -> switch (op) {
            case ADD -> before + operand;
            case SWAP -> operand;
            case AND -> before & operand;
            case OR -> before | operand;
            case XOR -> before ^ operand;
        });
    }

    @Override
    public long compareSwap(int rank, long token, int bytes, long expected, long desired) {
        return change(rank, token, bytes, before -> before == expected ? desired : before);
    }

    private long change(int rank, long token, int bytes, LongUnaryOperator change) {
        MemorySegment word = peer(rank).place(token, bytes);
        synchronized (peer(rank)) {
            boolean isLong = bytes == Long.BYTES;
            long before = isLong ? word.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) : word.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
            long after = change.applyAsLong(before);
            if (isLong) {
                word.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, after);
            } else {
                word.set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) after);
            }
            return before;
        }
    }

    @Override
    public MemorySegment pointer(int rank, long token, long length) {
        return null; // or what is put could be seen before flush says that it is there
    }

    @Override
    public boolean flush(int rank) {
        return underWay[rank].get() == 0;
    }

    @Override
    public MemorySegment allocate(long bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes);
        blocks.put(nextToken.getAndAdd(bytes + BLOCK_GAP), memory);
        return memory;
    }

    @Override
    public void free(MemorySegment memory) {
        blocks.values().removeIf(block -> block.address() == memory.address());
    }

    @Override
    public long token(MemorySegment memory, long offset, long length) {
        for (Map.Entry<Long, MemorySegment> entry : blocks.entrySet()) {
            long at = memory.address() + offset - entry.getValue().address();
            if (memory.isNative() && at >= 0 && at + length <= entry.getValue().byteSize()) {
                return entry.getKey() + at;
            }
        }
        return -1;
    }

    @Override
    public boolean get(int rank, long token, MemorySegment target, long targetOffset, long length) {
        MemorySegment source = peer(rank).place(token, length);
        if (source == null) {
            return false;
        }
        MemorySegment.copy(source, 0, target, targetOffset, length);
        return true;
    }

    @Override
    public void close() {
        context.local().remove(KEY + context.rank(), this);
        super.close();
    }

    private MemorySegment place(long token, long length) {
        Map.Entry<Long, MemorySegment> entry = blocks.floorEntry(token);
        if (entry == null) {
            return null;
        }
        long at = token - entry.getKey();
        return at <= entry.getValue().byteSize() - length ? entry.getValue().asSlice(at, length) : null;
    }

    private ToyRemoteMemory peer(int rank) {
        return (ToyRemoteMemory) context.local().get(KEY + rank);
    }
}
