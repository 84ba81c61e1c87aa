package org.jadi.device.ucx.binding;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.INT;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Ucp.AmParam;
import org.jadi.device.ucx.binding.Ucp.EpParam;
import org.jadi.device.ucx.binding.Ucp.RequestParam;

/** By direct calls: nothing is allocated for a message. */
public final class FfmTransport extends UcxTransport implements RemoteAccess {
    private static final long SELF_CHECK_TAG = 0x6a616469_00000000L;
    private static final int SELF_CHECK_OPERATION = 5;

    private final long worker;

    /** The device; something else during the self-check. */
    private UcxEvents events;
    private final Arena arena = Arena.ofShared();

    /** Parameters of sends of messages: only the user data changes. */
    private final long sendParam;

    /** Parameters of operations: user data, and for registered memory its handle. */
    private final long sendOpParam;
    private final long receiveOpParam;
    private final long atomicParam;

    private final long closeParam;
    private final long onFailed;
    private final List<Long> closing = new ArrayList<>();

    /** Requests of operations under way, by number. */
    private long[] requests = new long[16];

    /** What an upcall threw: it may not pass through UCX, and is thrown when the native call has returned. */
    private Throwable thrown;

    /** Begins to take messages. */
    public FfmTransport(UcxSession session, UcxEvents events) {
        this.worker = session.workerHandle();
        this.events = events;
        try {
            FunctionDescriptor ended = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG);
            FunctionDescriptor received = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
            FunctionDescriptor arrived = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_LONG);
            sendParam = param(upcall("onSent", ended), RequestParam.HAS_FLAGS, RequestParam.AM_SEND_EAGER);
            sendOpParam = param(upcall("onEnded", ended), 0, 0);
            atomicParam = param(upcall("onEnded", ended), RequestParam.HAS_DATATYPE | RequestParam.HAS_REPLY_BUFFER, 0);
            receiveOpParam = param(upcall("onReceived", received), 0, 0);
            closeParam = arena.allocate(RequestParam.BYTES, 16).address();
            ALL.set(INT, closeParam + RequestParam.MASK, RequestParam.HAS_FLAGS);
            ALL.set(INT, closeParam + RequestParam.FLAGS, RequestParam.CLOSE_BY_FORCE);
            onFailed = upcall("onFailed", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT));
            check();
            takeMessages(SMALL_ID, AmParam.WHOLE_MESSAGE, upcall("onSmall", arrived));
            takeMessages(LARGE_ID, AmParam.WHOLE_MESSAGE | AmParam.PERSISTENT_DATA, upcall("onLarge", arrived));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @SuppressWarnings("restricted")
    private long upcall(String name, FunctionDescriptor type) {
        try {
            MethodType java = type.toMethodType();
            MethodHandle target = MethodHandles.lookup().findVirtual(FfmTransport.class, name, java).bindTo(this);
            return Linker.nativeLinker().upcallStub(target, type, arena).address();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private long param(long callback, int mask, int flags) {
        MemorySegment p = arena.allocate(RequestParam.BYTES, 16);
        p.set(JAVA_INT, RequestParam.MASK, mask | RequestParam.HAS_CALLBACK | RequestParam.HAS_USER_DATA
                | RequestParam.HAS_MEMORY_TYPE);
        p.set(JAVA_INT, RequestParam.FLAGS, flags);
        p.set(JAVA_LONG, RequestParam.CALLBACK, callback);
        p.set(JAVA_INT, RequestParam.MEMORY_TYPE, RequestParam.HOST_MEMORY);
        return p.address();
    }

    private void takeMessages(int id, int flags, long callback) {
        MemorySegment p = arena.allocate(AmParam.BYTES, 16);
        p.set(JAVA_LONG, AmParam.MASK, AmParam.HAS_ALL_BUT_ARGUMENT);
        p.set(JAVA_INT, AmParam.ID, id);
        p.set(JAVA_INT, AmParam.FLAGS, flags);
        p.set(JAVA_LONG, AmParam.CALLBACK, callback);
        int status;
        try {
            status = (int) Ucp.SET_AM_HANDLER.invokeExact(worker, p.address());
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (status != 0) {
            throw new IllegalStateException("UCX takes no handler for active messages: status=" + status);
        }
    }

    /**
     * Proves the layout of the parameters, the convention of the upcalls and the codes of errors: a receive that nothing
     * matches is cancelled, and must come back with our number and the right code.
     */
    private void check() {
        UcxEvents device = events;
        SelfCheck seen = new SelfCheck();
        events = seen;
        int started = receiveBulk(sendParam, 1, SELF_CHECK_TAG, 0, SELF_CHECK_OPERATION);
        if (started != UNDER_WAY) {
            throw new IllegalStateException("UCX answered a receive with " + started + " instead of a request");
        }
        cancelReceive(SELF_CHECK_OPERATION);
        for (int turn = 0; turn < 1000 && seen.operation == 0; turn++) {
            progress();
        }
        if (seen.operation != SELF_CHECK_OPERATION || seen.status != Ucp.CANCELED) {
            throw new IllegalStateException("the layout of libucp is not the one that is known: operation=" + seen.operation
                    + " status=" + seen.status);
        }
        events = device;
    }

    /**
     * Not by jucx: its error handler looks its class up from the frame that called native code, which here is the JDK's,
     * and does not stand that it is not found there.
     */
    @Override
    public Ep connect(int rank, byte[] address) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment bytes = local.allocate(address.length, 8);
            MemorySegment.copy(address, 0, bytes, ValueLayout.JAVA_BYTE, 0, address.length);
            MemorySegment p = local.allocate(EpParam.BYTES, 16);
            p.set(JAVA_LONG, EpParam.MASK, EpParam.HAS_ADDRESS | EpParam.HAS_ERROR_MODE | EpParam.HAS_ERROR_HANDLER);
            p.set(JAVA_LONG, EpParam.ADDRESS, bytes.address());
            p.set(JAVA_INT, EpParam.ERROR_MODE, EpParam.PEER_ERRORS);
            p.set(JAVA_LONG, EpParam.ERROR_CALLBACK, onFailed);
            p.set(JAVA_LONG, EpParam.ERROR_ARGUMENT, rank);
            MemorySegment result = local.allocate(JAVA_LONG);
            int status = (int) Ucp.EP_CREATE.invokeExact(worker, p.address(), result.address());
            if (status != 0) {
                throw new UcxFailure("no endpoint", status);
            }
            return new Ep(result.get(JAVA_LONG, 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void abandon(Ep endpoint) {
        try {
            long request = (long) Ucp.EP_CLOSE.invokeExact(endpoint.handle, closeParam);
            if (answer(request) == UNDER_WAY) {
                closing.add(request);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public boolean isClosing() {
        closing.removeIf(request -> {
            try {
                boolean done = (int) Ucp.REQUEST_STATUS.invokeExact((long) request) != Ucp.IN_PROGRESS;
                if (done) {
                    Ucp.REQUEST_FREE.invokeExact((long) request);
                }
                return done;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
        return !closing.isEmpty();
    }

    @Override
    @HotPath
    public int progress() {
        int work;
        try {
            work = (int) Ucp.WORKER_PROGRESS.invokeExact(worker);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (thrown != null) {
            rethrow();
        }
        return work;
    }

    @Override
    @HotPath
    public int send(Ep endpoint, long address, int length, boolean large, int slot) {
        ALL.set(LONG, sendParam + RequestParam.USER_DATA, slot);
        long r;
        try {
            r = (long) Ucp.AM_SEND.invokeExact(endpoint.handle, large ? LARGE_ID : SMALL_ID, 0L, 0L, address, (long) length,
                    sendParam);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return answer(r);
    }

    @HotPath
    private static int answer(long r) {
        return r == Ucp.OK ? DONE : r < 0 && r >= Ucp.LAST_ERROR ? (int) r : UNDER_WAY;
    }

    @Override
    public void release(long address) {
        try {
            Ucp.AM_RELEASE.invokeExact(worker, address);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int receiveBulk(long address, long length, long tag, long region, int operation) {
        prepare(receiveOpParam, operation, region);
        try {
            return started((long) Ucp.TAG_RECV.invokeExact(worker, address, length, tag, -1L, receiveOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int sendBulk(Ep endpoint, long address, long length, long tag, long region, int operation) {
        prepare(sendOpParam, operation, region);
        try {
            return started((long) Ucp.TAG_SEND.invokeExact(endpoint.handle, address, length, tag, sendOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int flush(int operation) {
        prepare(sendOpParam, operation, 0);
        try {
            return started((long) Ucp.WORKER_FLUSH.invokeExact(worker, sendOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void prepare(long param, int operation, long region) {
        ALL.set(LONG, param + RequestParam.USER_DATA, operation);
        ALL.set(LONG, param + RequestParam.MEMORY_HANDLE, region);
        int mask = ALL.get(INT, param + RequestParam.MASK);
        ALL.set(INT, param + RequestParam.MASK,
                region == 0 ? mask & ~RequestParam.HAS_MEMORY_HANDLE : mask | RequestParam.HAS_MEMORY_HANDLE);
    }

    @Override
    public RemoteAccess remoteAccess() {
        return this;
    }

    @Override
    public long unpack(Ep endpoint, byte[] key) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment bytes = local.allocate(key.length, 8);
            MemorySegment.copy(key, 0, bytes, ValueLayout.JAVA_BYTE, 0, key.length);
            MemorySegment result = local.allocate(JAVA_LONG);
            int status = (int) Ucp.RKEY_UNPACK.invokeExact(endpoint.handle, bytes.address(), result.address());
            if (status != 0) {
                throw new UcxFailure("not the key of a region", status);
            }
            return result.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void forget(long remoteRegion) {
        try {
            Ucp.RKEY_DESTROY.invokeExact(remoteRegion);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long pointer(long remoteRegion, long remoteAddress) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment result = local.allocate(JAVA_LONG);
            int status = (int) Ucp.RKEY_PTR.invokeExact(remoteRegion, remoteAddress, result.address());
            return status == 0 ? result.get(JAVA_LONG, 0) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int put(Ep endpoint, long address, long length, long remoteAddress, long remoteRegion, int operation) {
        prepare(sendOpParam, operation, 0);
        try {
            return started((long) Ucp.PUT.invokeExact(endpoint.handle, address, length, remoteAddress, remoteRegion,
                    sendOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int get(Ep endpoint, long address, long length, long remoteAddress, long remoteRegion, int operation) {
        prepare(sendOpParam, operation, 0);
        try {
            return started((long) Ucp.GET.invokeExact(endpoint.handle, address, length, remoteAddress, remoteRegion,
                    sendOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int atomic(Ep endpoint, int code, int bytes, long operandAddress, long resultAddress, long remoteAddress,
            long remoteRegion, int operation) {
        ALL.set(LONG, atomicParam + RequestParam.USER_DATA, operation);
        ALL.set(LONG, atomicParam + RequestParam.DATATYPE, (long) bytes << RequestParam.CONTIGUOUS_SHIFT);
        ALL.set(LONG, atomicParam + RequestParam.REPLY_BUFFER, resultAddress);
        try {
            return started((long) Ucp.ATOMIC.invokeExact(endpoint.handle, code, operandAddress, 1L, remoteAddress,
                    remoteRegion, atomicParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int flush(Ep endpoint, int operation) {
        prepare(sendOpParam, operation, 0);
        try {
            return started((long) Ucp.EP_FLUSH.invokeExact(endpoint.handle, sendOpParam), operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private int started(long r, int operation) {
        int answer = answer(r);
        if (answer == UNDER_WAY) {
            if (operation >= requests.length) {
                requests = Arrays.copyOf(requests, Math.max(operation + 1, requests.length * 2));
            }
            requests[operation] = r;
        }
        return answer;
    }

    @Override
    public void cancelReceive(int operation) {
        long request = requests[operation];
        if (request != 0) {
            try {
                Ucp.REQUEST_CANCEL.invokeExact(worker, request);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    @Override
    public boolean arm() {
        try {
            return (int) Ucp.WORKER_ARM.invokeExact(worker) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    // ------------------------------------------------------------ upcalls: nothing may be thrown through UCX

    @SuppressWarnings("unused") // called by UCX
    private int onSmall(long argument, long header, long headerLength, long data, long length, long param) {
        try {
            events.onMessage(data, length, false);
        } catch (Throwable e) {
            thrown = e;
        }
        return 0;
    }

    @SuppressWarnings("unused") // called by UCX
    private int onLarge(long argument, long header, long headerLength, long data, long length, long param) {
        try {
            boolean keepable = (ALL.get(LONG, param) & AmParam.RECEIVED_KEEPABLE) != 0;
            return events.onMessage(data, length, keepable) ? Ucp.IN_PROGRESS : 0;
        } catch (Throwable e) {
            thrown = e;
            return 0;
        }
    }

    @SuppressWarnings("unused") // called by UCX
    private void onSent(long request, int status, long slot) {
        try {
            Ucp.REQUEST_FREE.invokeExact(request);
            events.onSent((int) slot, status);
        } catch (Throwable e) {
            thrown = e;
        }
    }

    @SuppressWarnings("unused") // called by UCX
    private void onFailed(long rank, long endpoint, int status) {
        try {
            events.onEndpointFailed((int) rank, status);
        } catch (Throwable e) {
            thrown = e;
        }
    }

    @SuppressWarnings("unused") // called by UCX
    private void onReceived(long request, int status, long info, long operation) {
        onEnded(request, status, operation);
    }

    private void onEnded(long request, int status, long operation) {
        try {
            Ucp.REQUEST_FREE.invokeExact(request);
            requests[(int) operation] = 0;
            events.onEnd((int) operation, status);
        } catch (Throwable e) {
            thrown = e;
        }
    }

    private void rethrow() {
        Throwable e = thrown;
        thrown = null;
        throw unexpected(e);
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException r ? r : new IllegalStateException(e);
    }

    @Override
    public String name() {
        return "ffm";
    }

    /** The worker must be closed before: it calls us until then. */
    @Override
    public void close() {
        arena.close();
    }

    /** Sees what the self-check does. */
    private static final class SelfCheck implements UcxEvents {
        private int operation;
        private int status;

        @Override
        public boolean onMessage(long address, long length, boolean keepable) {
            return false;
        }

        @Override
        public void onSent(int slot, int code) {}

        @Override
        public void onEnd(int number, int code) {
            operation = number;
            status = code;
        }

        @Override
        public void onEndpointFailed(int rank, int code) {}
    }
}
