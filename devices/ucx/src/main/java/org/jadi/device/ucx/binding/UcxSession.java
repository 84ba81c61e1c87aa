package org.jadi.device.ucx.binding;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpMemMapParams;
import org.openucx.jucx.ucp.UcpMemory;
import org.openucx.jucx.ucp.UcpParams;
import org.openucx.jucx.ucp.UcpRemoteKey;
import org.openucx.jucx.ucp.UcpRequest;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;
import org.openucx.jucx.ucs.UcsConstants;

/**
 * One context with one worker, its endpoints and memory: the life cycle, by jucx. Endpoints, callbacks and memory are held
 * here, because jucx holds them weakly.
 */
public final class UcxSession implements AutoCloseable {
    private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final UcpContext context;
    private final UcpWorker worker;
    private final UcxEvents events;
    private final List<Ep> endpoints = new ArrayList<>();
    private final Map<UcpMemory, Boolean> mapped = new HashMap<>();

    /** An endpoint of the worker's. */
    public static final class Ep {
        final UcpEndpoint endpoint;
        final long handle;

        private Ep(UcpEndpoint endpoint) {
            this.endpoint = endpoint;
            this.handle = endpoint.getNativeId();
        }
    }

    /**
     * Memory that UCX knows.
     *
     * @param address first byte
     * @param key what a peer needs to reach it
     */
    public record Region(UcpMemory memory, long address, long bytes, byte[] key) {
        long handle() {
            return memory.getNativeId();
        }
    }

    /** A peer's memory as seen over an endpoint. */
    public static final class RemoteRegion {
        final UcpRemoteKey key;
        final long handle;

        private RemoteRegion(UcpRemoteKey key) {
            this.key = key;
            this.handle = key.getNativeId();
        }
    }

    private UcxSession(UcpContext context, UcpWorker worker, UcxEvents events) {
        this.context = context;
        this.worker = worker;
        this.events = events;
    }

    /**
     * Makes context and worker; {@link UcxLibrary#load} was called.
     *
     * @throws UcxException if UCX finds no transport that serves
     */
    public static UcxSession open(UcxEvents events, int ranks) {
        UcpContext context = new UcpContext(new UcpParams().requestTagFeature().requestAmFeature().requestRmaFeature()
                .requestAtomic32BitFeature().requestAtomic64BitFeature().requestWakeupFeature()
                .setEstimatedNumEps(ranks));
        try {
            return new UcxSession(context, context.newWorker(new UcpWorkerParams()), events);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Returns what a peer needs to make an endpoint to this worker. */
    public byte[] address() {
        ByteBuffer buffer = worker.getAddress();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Returns a descriptor that becomes readable when there is something to do and the worker was armed. */
    public int eventDescriptor() {
        return worker.getEventFD();
    }

    /**
     * Makes an endpoint with error handling; does not wait for the peer.
     *
     * @throws UcxException if no transport reaches it
     */
    public Ep connect(int rank, byte[] address) {
        ByteBuffer direct = ByteBuffer.allocateDirect(address.length);
        direct.put(address).rewind();
        Ep ep = new Ep(worker.newEndpoint(new UcpEndpointParams().setUcpAddress(direct).setPeerErrorHandlingMode()
                .setErrorHandler((endpoint, status, text) -> events.onEndpointFailed(rank, status))));
        endpoints.add(ep);
        return ep;
    }

    /** Begins to close an endpoint; what is under way on it ends with an error. Progress finishes it. */
    public void abandon(Ep ep) {
        if (endpoints.remove(ep)) {
            closing.add(ep.endpoint.closeNonBlockingForce());
        }
    }

    /** Endpoints that are being closed: held until the worker ends. */
    private final List<UcpRequest> closing = new ArrayList<>();

    /** Allocates memory that peers can reach. */
    public Region allocate(long bytes) {
        return region(new UcpMemMapParams().allocate().setLength(bytes).setMemoryType(UcsConstants.MEMORY_TYPE.UCS_MEMORY_TYPE_HOST));
    }

    /** Makes memory known that is already there. */
    public Region register(long address, long bytes) {
        return region(new UcpMemMapParams().setAddress(address).setLength(bytes).setMemoryType(UcsConstants.MEMORY_TYPE.UCS_MEMORY_TYPE_HOST));
    }

    private Region region(UcpMemMapParams params) {
        UcpMemory memory = context.memoryMap(params);
        mapped.put(memory, true);
        ByteBuffer key = memory.getRemoteKeyBuffer();
        byte[] bytes = new byte[key.remaining()];
        key.get(bytes);
        return new Region(memory, memory.getAddress(), memory.getLength(), bytes);
    }

    /** Ends a region; allocated memory is gone then. */
    public void release(Region region) {
        if (mapped.remove(region.memory) != null) {
            region.memory.deregister();
        }
    }

    /** Makes a peer's region usable over an endpoint. */
    public RemoteRegion unpack(Ep ep, byte[] key) {
        ByteBuffer direct = ByteBuffer.allocateDirect(key.length);
        direct.put(key).rewind();
        return new RemoteRegion(ep.endpoint.unpackRemoteKey(direct));
    }

    /** Forgets a peer's region. */
    public void release(RemoteRegion region) {
        region.key.close();
    }

    UcpWorker worker() {
        return worker;
    }

    long workerHandle() {
        return worker.getNativeId();
    }

    /** Closes the endpoints, without waiting for peers, then the worker and the context. */
    @Override
    public void close() {
        for (Ep ep : List.copyOf(endpoints)) {
            abandon(ep);
        }
        long end = System.nanoTime() + CLOSE_NS;
        while (closing.stream().anyMatch(r -> !r.isCompleted()) && System.nanoTime() - end < 0) {
            progressQuietly();
        }
        mapped.keySet().forEach(UcpMemory::deregister);
        mapped.clear();
        worker.close();
        context.close();
    }

    private void progressQuietly() {
        try {
            worker.progress();
        } catch (Exception e) {
            // jucx passes on what a callback threw; ours take notes only, and nobody is left to be told.
            closing.clear();
        }
    }
}
