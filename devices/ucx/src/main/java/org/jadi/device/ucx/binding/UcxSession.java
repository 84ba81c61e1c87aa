package org.jadi.device.ucx.binding;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpMemMapParams;
import org.openucx.jucx.ucp.UcpMemory;
import org.openucx.jucx.ucp.UcpParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;
import org.openucx.jucx.ucs.UcsConstants;

/**
 * One context with one worker and its memory: the life cycle, by jucx.
 */
public final class UcxSession implements AutoCloseable {
    /** UCS_THREAD_MODE_SERIALIZED. */
    static final int SERIALIZED = 1;

    /** One session at a time is opened in the process: the environment is the process's. */
    private static final Object ENVIRONMENT = new Object();

    private final UcpContext context;
    private final UcpWorker worker;
    private final Map<UcpMemory, Boolean> mapped = new HashMap<>();

    /**
     * Memory that UCX knows.
     *
     * @param address first byte
     * @param key what a peer needs to reach it
     */
    public record Region(UcpMemory memory, long address, long bytes, byte[] key) {
        /** Returns the native handle. */
        public long handle() {
            return memory.getNativeId();
        }
    }

    private UcxSession(UcpContext context, UcpWorker worker) {
        this.context = context;
        this.worker = worker;
    }

    /**
     * Makes context and worker; {@link UcxLibrary#load} was called.
     *
     * @param settings of this context: variables of the environment, which are as they were afterwards. UCX reads them here
     *     and keeps them. It would take some of them as parameters, but not those of transports (1.13), and jucx passes them
     *     by calls of JNI that {@code -Xcheck:jni} complains of
     * @throws UcxException if UCX finds no transport that serves
     */
    public static UcxSession open(int ranks, Map<String, String> settings) {
        UcpParams params = new UcpParams().requestTagFeature().requestAmFeature().requestRmaFeature()
                .requestAtomic32BitFeature().requestAtomic64BitFeature().requestWakeupFeature().setEstimatedNumEps(ranks);
        synchronized (ENVIRONMENT) {
            Map<String, String> before = new HashMap<>();
            try {
                settings.forEach((name, value) -> before.put(name, LibC.setenv(name, value)));
                return open(params);
            } finally {
                before.forEach(LibC::setenv);
            }
        }
    }

    private static UcxSession open(UcpParams params) {
        UcpContext context = new UcpContext(params);
        try {
            return new UcxSession(context, context.newWorker(serialized()));
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /**
     * Several threads use the worker, one at a time: transports that choose cheaper barriers for a single thread must not.
     * jucx can only say that threads use it at once, which costs a lock inside UCX in each call; what lies between is one
     * number in the same field, and where that is not found, UCX locks.
     */
    private static UcpWorkerParams serialized() {
        UcpWorkerParams params = new UcpWorkerParams().requestThreadSafety();
        try {
            Field mode = UcpWorkerParams.class.getDeclaredField("threadMode");
            mode.setAccessible(true);
            mode.setInt(params, SERIALIZED);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return params;
        }
        return params;
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

    /** Allocates memory that peers can reach. */
    public Region allocate(long bytes) {
        return region(new UcpMemMapParams().allocate().setLength(bytes).setMemoryType(UcsConstants.MEMORY_TYPE.UCS_MEMORY_TYPE_HOST));
    }

    /** Makes memory known that is already there. */
    public Region register(long address, long bytes) {
        return region(new UcpMemMapParams().setAddress(address).setLength(bytes).setMemoryType(UcsConstants.MEMORY_TYPE.UCS_MEMORY_TYPE_HOST));
    }

    private Region region(UcpMemMapParams params) {
        UcpMemory memory;
        try {
            memory = context.memoryMap(params);
        } catch (UcxException e) {
            throw new UcxFailure("no memory", e.getStatus());
        }
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

    UcpWorker worker() {
        return worker;
    }

    long workerHandle() {
        return worker.getNativeId();
    }

    /** Ends memory, worker and context; the endpoints were closed before. */
    @Override
    public void close() {
        mapped.keySet().forEach(UcpMemory::deregister);
        mapped.clear();
        worker.close();
        context.close();
    }
}
