package org.jadi.device.shm;

import static org.jadi.device.shm.ShmSegmentDescriptor.LANES_OFFSET;
import static org.jadi.device.shm.ShmSegmentDescriptor.MAPPED_OFFSET;
import static org.jadi.device.shm.ShmSegmentDescriptor.bit;
import static org.jadi.device.shm.ShmSegmentDescriptor.bitsOffset;
import static org.jadi.device.shm.ShmSegmentDescriptor.stateOffset;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.Inlet;
import org.jadi.adi.device.LentBuffers;
import org.jadi.adi.device.MappedMemory;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.adi.memory.ring.Words;
import org.jadi.adi.stats.HotPath;

/**
 * The device of one rank: its own segment, in which the others make rings towards it, and the segments of the others.
 *
 * <p>All segments of the node are mapped when the job is wired, and the last who maps one removes its name: from then on
 * nothing is left behind, however the job ends. Rings are made by their sender when it first sends.
 */
final class ShmDevice implements Device, LentBuffers, SharedMemory, MappedMemory, BulkCopy {
    /** From here on libc is faster at copying out of the ring too; measured with two ranks. */
    private static final int BULK_BYTES = 16 << 10;

    /** Small enough that the first copy is short, large enough that a packet's own cost is not felt. */
    private static final int OVERLAP_BYTES = 8 << 10;

    private final DeviceContext context;
    private final ShmConfig config;
    private final ShmJobFolder folder;
    private final ShmLiveness liveness;
    private final ShmSegment own;
    private final Natives natives;
    private final ShmDoorbell doorbell;
    private final ShmHeap heap;
    private final ShmProgress progress;
    private final DeviceLimits limits;
    private final AtomicReferenceArray<ShmPeer> peers;
    private final AtomicReferenceArray<String> refusals;

    private ShmDevice(DeviceContext context, ShmConfig config, ShmJobFolder folder, ShmSegment own) {
        this.context = context;
        this.config = config;
        this.folder = folder;
        this.liveness = new ShmLiveness(folder.hold(), context.rank());
        this.own = own;
        this.natives = new Natives(config.useNative(), context.log(), context.threads());
        this.heap = new ShmHeap(own, config.heapBytes());
        this.progress = new ShmProgress(own, context.size(), context.inbound(), liveness);
        this.doorbell = new ShmDoorbell(own.memory(), natives, progress);
        int maxPayload = RingDescriptor.maxPayloadBytes(config.ringBytes());
        this.limits = new DeviceLimits(maxPayload, config.eagerLimitBytes(), maxPayload,
                OVERLAP_BYTES, config.getThresholdBytes());
        this.peers = new AtomicReferenceArray<>(context.size());
        this.refusals = new AtomicReferenceArray<>(context.size());
    }

    static ShmDevice open(DeviceContext context, ShmConfig config) {
        ShmJobFolder folder = ShmJobFolder.enter(config, context.jobId(), context.rank());
        try {
            return new ShmDevice(context, config, folder,
                    ShmSegment.create(folder.path(), context.rank(), context.size(), config));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return ShmDeviceProvider.NAME;
    }

    @Override
    public DeviceLimits limits() {
        return limits;
    }

    @Override
    public byte[] address() {
        return new ShmAddress(ShmSegmentDescriptor.VERSION, own.nonce(), own.path().toString()).encode();
    }

    @Override
    public void wire(AddressBook addresses) {
        int here = 0;
        for (int rank = 0; rank < context.size(); rank++) {
            String refusal = map(rank, addresses.address(rank));
            refusals.set(rank, refusal);
            here += refusal == null ? 1 : 0;
        }
        doorbell.expect(here);
        natives.whenReady(this::announceWaker);
        for (int rank = 0; rank < context.size(); rank++) {
            ShmPeer peer = peers.get(rank);
            // The ranks of one node see the same set, so each knows when it is the last. SPEC of the sweep: PROTOCOL.md.
            if (peer != null && Words.addInt(peer.segment().memory(), MAPPED_OFFSET, 1) + 1 == here) {
                peer.segment().unlink();
                folder.removeIfUnused();
            }
        }
    }

    /** Tells the ranks of this node that we can end their sleep from now on. Runs on the linking thread. */
    private synchronized void announceWaker() {
        for (int rank = 0; rank < context.size(); rank++) {
            ShmPeer peer = peers.get(rank);
            if (peer != null) {
                Words.addInt(peer.segment().memory(), ShmSegmentDescriptor.WAKERS_OFFSET, 1);
            }
        }
    }

    private String map(int rank, byte[] bytes) {
        ShmAddress address = bytes == null ? null : ShmAddress.decode(bytes);
        if (address == null) {
            return bytes == null ? "is not open at rank " + rank : "has a malformed address of rank " + rank;
        }
        if (address.version() != ShmSegmentDescriptor.VERSION) {
            return "of rank " + rank + " speaks another version: ours=" + ShmSegmentDescriptor.VERSION + " theirs="
                    + address.version() + "; use the same Jadi version on all ranks";
        }
        ShmSegment segment;
        try {
            segment = ShmSegment.open(address, rank, context.size());
        } catch (DeviceException e) {
            return e.getMessage();
        }
        if (segment == null) {
            return "does not see the segment of rank " + rank + ": another host or container";
        }
        peers.set(rank, new ShmPeer(segment));
        return null;
    }

    @Override
    public String refusal(int rank) {
        return refusals.get(rank);
    }

    @Override
    public synchronized Endpoint connect(int rank) {
        ShmPeer peer = peers.get(rank);
        if (peer == null) {
            throw new DeviceException("shm " + refusals.get(rank));
        }
        if (peer.endpoint == null) {
            boolean interrupted = Thread.interrupted(); // a channel is closed for ever when an interrupted thread uses it
            try {
                peer.endpoint = makeRing(rank, peer.segment());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            liveness.watch(rank);
        }
        return peer.endpoint;
    }

    private record Opposite(ShmProgress progress, int rank) implements Supplier<Ring> {
        @Override
        public Ring get() {
            return progress.inletFrom(rank);
        }
    }

    private ShmEndpoint makeRing(int rank, ShmSegment target) {
        int me = context.rank();
        long offset = target.ring(me);
        int bytes = config.ringBytes();
        while (!ShmFiles.allocate(target.channel(), offset, RingDescriptor.HEADER_BYTES + bytes)) {
            bytes /= 2;
            if (bytes < RingDescriptor.MIN_RING_BYTES) {
                throw new DeviceException("shm has no space for a ring to rank " + rank + " in " + folder.path() + ": "
                        + ShmFiles.space(target.path()) + "; enlarge it (containers: --shm-size) or use --device tcp");
            }
        }
        if (bytes < config.ringBytes()) {
            context.log().warn("shared memory is short (" + ShmFiles.space(target.path()) + "): the ring to rank " + rank + " has "
                    + bytes + " bytes, messages are slower");
        }
        MemorySegment memory = target.memory();
        Ring ring = new Ring(memory, offset, bytes);
        ring.setOpposite(new Opposite(progress, rank));
        ShmEndpoint endpoint = new ShmEndpoint(ring, natives, new LargeCopy(natives, config.copyBytes()));
        // ORDER: the state is visible before the bit, the bit before the counter. Pairs with ShmProgress.addLanes.
        // CRASH: before the counter is raised, the receiver does not know of the ring: nothing was sent.
        Words.storeIntRelease(memory, stateOffset(context.size(), me), Integer.numberOfTrailingZeros(bytes));
        Words.orLong(memory, bitsOffset(me), bit(me));
        Words.addInt(memory, LANES_OFFSET, 1);
        return endpoint;
    }

    @Override
    @HotPath
    public int progress() {
        return progress.poll();
    }

    @Override
    public Inlet inlet(int rank) {
        return progress.inletFrom(rank);
    }

    @Override
    public boolean hasUnflushed() {
        return false; // what was accepted lies in the receiver's memory
    }

    @Override
    public <T> T capability(Class<T> type) {
        return type == Doorbell.class ? type.cast(doorbell) : Device.super.capability(type);
    }

    @Override
    public long reserve(Endpoint endpoint, int length) {
        return ((ShmEndpoint) endpoint).reserve(length);
    }

    @Override
    public MemorySegment segment(Endpoint endpoint) {
        return ((ShmEndpoint) endpoint).target();
    }

    @Override
    public void commit(Endpoint endpoint, int length, long h0, long h1, long h2, long h3) {
        ((ShmEndpoint) endpoint).commit(length, h0, h1, h2, h3);
    }

    @Override
    public long retain(int rank) {
        return progress.ringFrom(rank).retain();
    }

    @Override
    public void release(int rank, long ticket) {
        progress.ringFrom(rank).release(ticket);
    }

    @Override
    public MemorySegment allocate(long bytes) {
        return heap.allocate(bytes);
    }

    @Override
    public void free(MemorySegment memory) {
        heap.free(memory);
    }

    @Override
    public long token(MemorySegment memory, long offset, long length) {
        return heap.token(memory, offset, length);
    }

    @Override
    public boolean get(int rank, long token, MemorySegment target, long targetOffset, long length) {
        ShmPeer peer = peers.get(rank);
        return peer != null && heap.isPlausible(token, length, peer.segment().heap())
                && peer.fetch(token, target, targetOffset, length, natives);
    }

    @Override
    public boolean reaches(int rank) {
        return peers.get(rank) != null;
    }

    @Override
    public MemorySegment create(long bytes) {
        return heap.allocate(bytes);
    }

    @Override
    public long name(MemorySegment created) {
        return heap.token(created, 0, created.byteSize());
    }

    @Override
    public void discard(MemorySegment created) {
        heap.free(created);
    }

    @Override
    public MemorySegment map(int rank, long name, long bytes, Arena arena) {
        ShmPeer peer = peers.get(rank);
        if (peer == null || !heap.isPlausible(name, bytes, peer.segment().heap())) {
            throw new DeviceException("shm has no memory of rank " + rank + " to map: name=" + name + " bytes=" + bytes);
        }
        boolean interrupted = Thread.interrupted(); // a channel is closed for ever when an interrupted thread uses it
        try {
            return peer.segment().channel().map(FileChannel.MapMode.READ_WRITE, name, bytes, arena);
        } catch (IOException e) {
            throw new DeviceException("shm cannot map memory of rank " + rank + ": " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void watch(int rank) {
        liveness.watch(rank);
    }

    @Override
    @HotPath
    public void wake(int rank) {
        ShmPeer peer = peers.get(rank);
        if (peer != null) {
            ShmDoorbell.ringIfAsleep(peer.segment().memory(), natives);
        }
    }

    @Override
    public int leastBytes() {
        return BULK_BYTES;
    }

    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        if (bytes < config.copyBytes()) {
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        } else {
            natives.copyLarge(from, fromOffset, to, toOffset, bytes);
        }
    }

    @Override
    public synchronized void close() {
        own.unlink();
        for (int rank = 0; rank < peers.length(); rank++) {
            ShmPeer peer = peers.getAndSet(rank, null);
            if (peer != null) {
                peer.close();
            }
        }
        heap.close();
        own.close();
        folder.close();
    }
}
