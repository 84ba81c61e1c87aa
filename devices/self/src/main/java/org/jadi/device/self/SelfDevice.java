package org.jadi.device.self;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.LentBuffers;
import org.jadi.adi.device.MappedMemory;
import org.jadi.adi.device.SharedMemory;
import org.jadi.adi.stats.HotPath;
import org.jadi.bootstrap.crypto.Randomness;

/**
 * The device of one rank: rings from every connected rank of this process, itself included.
 *
 * <p>An in-process job shares a map; each device puts itself there when it opens. A rank of which the map knows nothing
 * is another process. Without the map the device serves its own rank only.
 */
final class SelfDevice implements Device, LentBuffers, SharedMemory, MappedMemory {
    private static final int CHUNKS_PER_RING = 8;
    private static final long MAPPED_ALIGNMENT_BYTES = 128;

    private final DeviceContext context;
    private final SelfConfig config;
    private final DeviceLimits limits;
    private final SelfAddress address = new SelfAddress(SelfAddress.VERSION, Randomness.word());
    private final AtomicReferenceArray<SelfEndpoint> endpoints;
    private final SelfProgress progress;
    private final SelfMemory memory = new SelfMemory();
    private final AtomicReferenceArray<SelfDevice> peers;
    private final ConcurrentMap<Long, MemorySegment> mapped = new ConcurrentHashMap<>();
    private AddressBook addresses; // OWNER: the opening thread, before any other call

    private SelfDevice(DeviceContext context, SelfConfig config) {
        this.context = context;
        this.config = config;
        int maxPayload = SelfRingDescriptor.maxPayloadBytes(config.ringBytes() / Long.BYTES);
        this.limits = new DeviceLimits(maxPayload, config.eagerLimitBytes(),
                Math.min(maxPayload, config.ringBytes() / CHUNKS_PER_RING), maxPayload, config.getThresholdBytes());
        this.endpoints = new AtomicReferenceArray<>(context.size());
        this.peers = new AtomicReferenceArray<>(context.size());
        this.progress = new SelfProgress(context.inbound());
    }

    static SelfDevice open(DeviceContext context, SelfConfig config) {
        SelfDevice device = new SelfDevice(context, config);
        ConcurrentMap<String, Object> local = context.local();
        if (local != null) {
            local.put(key(context.rank()), device);
        }
        return device;
    }

    @Override
    public String name() {
        return SelfDeviceProvider.NAME;
    }

    @Override
    public DeviceLimits limits() {
        return limits;
    }

    @Override
    public byte[] address() {
        return address.encode();
    }

    @Override
    public void wire(AddressBook book) {
        addresses = book;
    }

    @Override
    public String refusal(int rank) {
        byte[] bytes = addresses.address(rank);
        if (bytes == null) {
            return "rank " + rank + " has no device self";
        }
        SelfAddress theirs = SelfAddress.decode(bytes);
        if (theirs == null) {
            return "the address of rank " + rank + " is malformed: bytes=" + bytes.length;
        }
        if (theirs.version() != SelfAddress.VERSION) {
            return "rank " + rank + " speaks another version: ours=" + SelfAddress.VERSION + " theirs=" + theirs.version();
        }
        SelfDevice peer = peer(rank);
        return peer != null && peer.address.equals(theirs) ? null : "rank " + rank + " is in another process";
    }

    @Override
    public synchronized Endpoint connect(int rank) {
        SelfEndpoint endpoint = endpoints.get(rank);
        if (endpoint == null) {
            endpoint = newEndpoint(rank);
            endpoints.set(rank, endpoint);
        }
        return endpoint;
    }

    @Override
    @HotPath
    public int progress() {
        return progress.poll();
    }

    @Override
    public boolean hasUnflushed() {
        return false; // the receiver holds what was accepted, in this process
    }

    @Override
    public void close() {
        // The entry stays: a peer that has not connected yet must know that what we sent it came from this process.
        progress.close();
        memory.close();
    }

    @Override
    public long reserve(Endpoint endpoint, int length) {
        return ((SelfEndpoint) endpoint).reserve(length);
    }

    @Override
    public MemorySegment segment(Endpoint endpoint) {
        return ((SelfEndpoint) endpoint).memory();
    }

    @Override
    public void commit(Endpoint endpoint, int length, long h0, long h1, long h2, long h3) {
        ((SelfEndpoint) endpoint).commit(length, h0, h1, h2, h3);
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
        return memory.allocate(bytes);
    }

    @Override
    public void free(MemorySegment segment) {
        memory.free(segment);
    }

    @Override
    public long token(MemorySegment segment, long offset, long length) {
        return memory.token(segment, offset, length);
    }

    @Override
    public boolean get(int rank, long token, MemorySegment target, long targetOffset, long length) {
        SelfDevice peer = peer(rank);
        return peer != null && peer.memory.read(token, target, targetOffset, length);
    }

    @Override
    public boolean reaches(int rank) {
        return refusal(rank) == null;
    }

    /** Of an automatic arena: ranks that still read it need not care whether we have closed. */
    @Override
    public MemorySegment create(long bytes) {
        MemorySegment created = Arena.ofAuto().allocate(bytes, MAPPED_ALIGNMENT_BYTES);
        mapped.put(created.address(), created);
        return created;
    }

    @Override
    public long name(MemorySegment created) {
        return created.address();
    }

    @Override
    public void discard(MemorySegment created) {
        mapped.remove(created.address());
    }

    @Override
    public MemorySegment map(int rank, long name, long bytes, Arena arena) {
        SelfDevice peer = peer(rank);
        MemorySegment memory = peer == null ? null : peer.mapped.get(name);
        if (memory == null || memory.byteSize() != bytes) {
            throw new DeviceException("self has no memory of rank " + rank + " to map: name=" + name + " bytes=" + bytes);
        }
        return memory;
    }

    @Override
    public void watch(int rank) {
        // A rank of this process does not end alone.
    }

    @Override
    public void wake(int rank) {
        SelfDevice peer = peers.get(rank);
        if (peer == null) {
            peer = peer(rank);
            peers.set(rank, peer);
        }
        if (peer != null) {
            peer.context.doorbell().ring();
        }
    }

    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
    }

    void peerLost(int rank) {
        progress.peerLost(rank);
    }

    private SelfEndpoint newEndpoint(int rank) {
        String refusal = refusal(rank);
        SelfDevice peer = peer(rank);
        if (refusal != null) {
            throw new DeviceException("self: " + refusal);
        }
        SelfRing ring = new SelfRing(context.rank(), config.ringBytes());
        if (!peer.progress.add(ring)) {
            ring.close();
        }
        return new SelfEndpoint(this, rank, ring, peer.context.doorbell());
    }

    /** Returns the open device of a rank of this process, or null. */
    private SelfDevice peer(int rank) {
        if (rank == context.rank()) {
            return this;
        }
        ConcurrentMap<String, Object> local = context.local();
        return local != null && local.get(key(rank)) instanceof SelfDevice device ? device : null;
    }

    private static String key(int rank) {
        return SelfDeviceProvider.NAME + "/" + rank;
    }

    @Override
    public String toString() {
        return "self of rank " + context.rank();
    }
}
