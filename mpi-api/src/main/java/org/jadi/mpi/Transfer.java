package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.PackPlan;
import org.jadi.mpi.datatype.DatatypePlan;

/**
 * The messages of one communicator: checks arguments, turns ranks of the communicator into ranks of the job, and starts
 * operations of the engine. All overloads of the API end here, with a buffer as segment, offset and bytes, or as a plan.
 */
final class Transfer {
    private static final long FOREVER = Long.MAX_VALUE;

    final Comm comm;
    final Instance instance;
    final Engine engine;

    /** Context id of what we receive; what we send has that of the receiver. */
    final int inContext;

    /** Our rank, by which receivers call us. */
    final int rank;

    /** The processes that ranks of peers mean: for an inter-communicator, those of the remote group. */
    final Members peers;

    /** Limit of blocking calls; {@link Long#MAX_VALUE} for none. */
    volatile long timeoutNs = FOREVER;

    private final Engine.Received<Status> received = new Engine.Received<>() {
        @Override
        public Status of(int source, int tag, long bytes) {
            return new Status(source, tag, bytes, false, ErrorClass.SUCCESS);
        }

        @Override
        public Status failed(org.jadi.adi.request.Request request) {
            throw Transfer.this.failed("recv", request);
        }
    };

    private final int kind;

    /** Context id of what we send, or -1 where it depends on the receiver: see {@link Contexts}. */
    private final int outContext;

    /** Whether messages carry their types, and receives compare them. */
    final boolean comparesTypes;

    /** Number of ranks that may be named; 0 once the communicator was freed. */
    private int limit;

    /** The messages of a kind ({@link Contexts}) in a communicator. */
    Transfer(Comm comm, Instance instance, int kind, int number, int rank, Members peers) {
        this.comm = comm;
        this.instance = instance;
        this.engine = instance.engine;
        this.inContext = Contexts.id(number, kind);
        this.kind = kind;
        this.comparesTypes = kind == Contexts.USER && instance.comparesTypes;
        this.rank = rank;
        this.peers = peers;
        this.limit = peers.size;
        int uniform = peers.uniformNumber();
        this.outContext = uniform < 0 ? -1 : Contexts.id(uniform, kind);
    }

    /** Refuses further calls, because the communicator was freed. */
    void end() {
        limit = 0;
    }

    /** Returns the buffer for messages of buffered mode. */
    BufferedSends buffer() {
        return comm.buffer.isAttached() ? comm.buffer : instance.buffer;
    }

    private int contextOf(int dest) {
        return outContext >= 0 ? outContext : Contexts.id(peers.numberOf(dest), kind);
    }

    // ------------------------------------------------------------------ sends

    /** Sends contiguous memory; blocking. */
    void send(SendKind kind, MemorySegment memory, long offset, long bytes, int dest, int tag) {
        if (!mayTalk(dest, tag) && checkSend(kind.blocking, dest, tag)) {
            return;
        }
        if (kind == SendKind.BUFFERED) {
            buffer().send(this, memory, offset, bytes, null, dest, tag, kind.blocking);
            return;
        }
        org.jadi.adi.request.Request request = sendAtOnce(kind, kind.blocking, memory, offset, bytes, dest, tag);
        if (request != null) {
            awaitBlocking(request, kind.blocking);
        }
    }

    /** Starts a send of contiguous memory; returns null if it is complete. */
    private org.jadi.adi.request.Request sendAtOnce(SendKind kind, String operation, MemorySegment memory, long offset,
            long bytes, int dest, int tag) {
        if (comparesTypes) {
            org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
            startSend(request, request, kind, operation, memory, offset, bytes, null, dest, tag);
            return request;
        }
        try {
            org.jadi.adi.request.Request request = engine.send(kind.engineMode, contextOf(dest), rank, toWorld(dest), tag,
                    memory, offset, bytes);
            if (request != null) {
                request.operation = operation;
            }
            return request;
        } catch (RuntimeException e) {
            throw translated(operation, dest, tag, bytes, e);
        }
    }

    /** Sends memory that a plan describes; blocking. */
    void send(SendKind kind, PackPlan plan, int dest, int tag) {
        if (!mayTalk(dest, tag) && checkSend(kind.blocking, dest, tag)) {
            return;
        }
        if (kind == SendKind.BUFFERED) {
            buffer().send(this, null, 0, plan.bytes(), plan, dest, tag, kind.blocking);
            return;
        }
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        startSend(request, request, kind, kind.blocking, null, 0, plan.bytes(), plan, dest, tag);
        awaitBlocking(request, kind.blocking);
    }

    /** Starts a send of contiguous memory. */
    Request isend(SendKind kind, MemorySegment memory, long offset, long bytes, int dest, int tag) {
        return isend(kind, memory, offset, bytes, null, dest, tag);
    }

    /** Starts a send of memory that a plan describes. */
    Request isend(SendKind kind, PackPlan plan, int dest, int tag) {
        return isend(kind, null, 0, plan.bytes(), plan, dest, tag);
    }

    private Request isend(SendKind kind, MemorySegment memory, long offset, long bytes, PackPlan plan, int dest, int tag) {
        if (!mayTalk(dest, tag) && checkSend(kind.nonblocking, dest, tag)) {
            return new Request(this, null, Status.EMPTY);
        }
        if (kind == SendKind.BUFFERED) {
            buffer().send(this, memory, offset, bytes, plan, dest, tag, kind.nonblocking);
            return new Request(this, null, Status.EMPTY);
        }
        // What goes out at once needs no request of the engine's.
        return plan != null ? isendPlanned(kind, plan, dest, tag)
                : new Request(this, sendAtOnce(kind, kind.nonblocking, memory, offset, bytes, dest, tag), Status.EMPTY);
    }

    private Request isendPlanned(SendKind kind, PackPlan plan, int dest, int tag) {
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        startSend(request, request, kind, kind.nonblocking, null, 0, plan.bytes(), plan, dest, tag);
        return new Request(this, request, Status.EMPTY);
    }

    /** Starts a piece of a request as a send. */
    void startSend(org.jadi.adi.request.Request request, Car piece, SendKind kind, String operation, MemorySegment memory,
            long offset, long bytes, PackPlan plan, int dest, int tag) {
        request.operation = operation;
        piece.types = comparesTypes ? types(memory, plan) : null;
        try {
            if (plan == null) {
                engine.startSendPiece(piece, kind.engineMode, contextOf(dest), rank, toWorld(dest), tag, memory, offset, bytes);
            } else {
                engine.startSendPiece(piece, kind.engineMode, contextOf(dest), rank, toWorld(dest), tag, plan);
            }
        } catch (RuntimeException e) {
            throw translated(operation, dest, tag, bytes, e);
        }
    }

    // --------------------------------------------------------------- receives

    /** Receives into contiguous memory; blocking. */
    Status recv(MemorySegment memory, long offset, long bytes, int source, int tag) {
        if (!mayTalk(source, tag) && checkReceive("recv", source, tag)) {
            return Status.NO_PROCESS;
        }
        if (timeoutNs != FOREVER || comparesTypes) {
            return recv(memory, offset, bytes, null, source, tag);
        }
        try {
            return engine.receive(inContext, source < 0 ? source : toWorld(source), source, tag, memory, offset, bytes, received);
        } catch (MpiException e) {
            throw e;
        } catch (RuntimeException e) {
            throw translated("recv", source, tag, bytes, e);
        }
    }

    /** Receives into memory that a plan describes; blocking. */
    Status recv(PackPlan plan, int source, int tag) {
        if (!mayTalk(source, tag) && checkReceive("recv", source, tag)) {
            return Status.NO_PROCESS;
        }
        return recv(null, 0, plan.bytes(), plan, source, tag);
    }

    private Status recv(MemorySegment memory, long offset, long bytes, PackPlan plan, int source, int tag) {
        org.jadi.adi.request.Request request = new org.jadi.adi.request.Request();
        startReceive(request, "recv", memory, offset, bytes, plan, source, tag);
        awaitBlocking(request, "recv");
        return new Status(request.statusSource, request.statusTag, request.statusBytes, false, ErrorClass.SUCCESS);
    }

    /** Starts a receive into contiguous memory. */
    Request irecv(MemorySegment memory, long offset, long bytes, int source, int tag) {
        return irecv(memory, offset, bytes, null, source, tag);
    }

    /** Starts a receive into memory that a plan describes. */
    Request irecv(PackPlan plan, int source, int tag) {
        return irecv(null, 0, plan.bytes(), plan, source, tag);
    }

    private Request irecv(MemorySegment memory, long offset, long bytes, PackPlan plan, int source, int tag) {
        if (!mayTalk(source, tag) && checkReceive("irecv", source, tag)) {
            return new Request(this, null, Status.NO_PROCESS);
        }
        org.jadi.adi.request.Request request = instance.requests.take();
        startReceive(request, "irecv", memory, offset, bytes, plan, source, tag);
        return new Request(this, request, null);
    }

    /** Starts a request, or a piece of one, as a receive. */
    void startReceive(Car piece, String operation, MemorySegment memory, long offset, long bytes, PackPlan plan, int source,
            int tag) {
        piece.request.operation = operation;
        int sender = source < 0 ? source : toWorld(source);
        piece.types = comparesTypes ? types(memory, plan) : null;
        try {
            if (plan == null) {
                engine.startReceivePiece(piece, inContext, sender, source, tag, memory, offset, bytes);
            } else {
                engine.startReceivePiece(piece, inContext, sender, source, tag, plan);
            }
        } catch (RuntimeException e) {
            throw translated(operation, source, tag, bytes, e);
        }
    }

    /** Returns the types of a buffer: what a plan says, or those of an array; null for native memory, which has none. */
    static BasicTypes types(MemorySegment memory, PackPlan plan) {
        return plan != null ? plan.types() : MessageTypes.of(memory);
    }

    /** Returns a plan of a copy with the types of the original, or null where types are not compared. */
    PackPlan typedCopy(MemorySegment copy, MemorySegment memory, PackPlan plan) {
        BasicTypes types = comparesTypes ? types(memory, plan) : null;
        return types == null ? null : MessageTypes.typed(new DatatypePlan(copy, 0, Datatype.BYTE.map.message(copy.byteSize())), types);
    }

    // ------------------------------------------------------------- persistent

    /** Prepares a persistent send of contiguous memory. */
    PersistentRequest sendInit(SendKind kind, MemorySegment memory, long offset, long bytes, int dest, int tag) {
        boolean none = !mayTalk(dest, tag) && checkSend(kind.persistent, dest, tag);
        return new PersistentRequest(this, none ? null : kind, memory, offset, bytes, null, none ? Comm.PROC_NULL : dest, tag);
    }

    /** Prepares a persistent send of memory that a plan describes. */
    PersistentRequest sendInit(SendKind kind, PackPlan plan, int dest, int tag) {
        boolean none = !mayTalk(dest, tag) && checkSend(kind.persistent, dest, tag);
        return new PersistentRequest(this, none ? null : kind, null, 0, plan.bytes(), plan, none ? Comm.PROC_NULL : dest, tag);
    }

    /** Prepares a persistent receive into contiguous memory. */
    PersistentRequest recvInit(MemorySegment memory, long offset, long bytes, int source, int tag) {
        boolean none = !mayTalk(source, tag) && checkReceive("recvInit", source, tag);
        return new PersistentRequest(this, null, memory, offset, bytes, null, none ? Comm.PROC_NULL : source, tag);
    }

    /** Prepares a persistent receive into memory that a plan describes. */
    PersistentRequest recvInit(PackPlan plan, int source, int tag) {
        boolean none = !mayTalk(source, tag) && checkReceive("recvInit", source, tag);
        return new PersistentRequest(this, null, null, 0, plan.bytes(), plan, none ? Comm.PROC_NULL : source, tag);
    }

    /** Makes memory known to the devices; returns what ends that, or null where there is nothing to be gained. */
    Runnable register(MemorySegment memory, int peer) {
        return memory.isNative() ? engine.memory().register(peer < 0 ? peer : toWorld(peer), memory) : null;
    }

    // ---------------------------------------------------------------- waiting

    /** Waits for the request of a blocking call, no longer than the communicator's limit; throws if it failed. */
    void awaitBlocking(org.jadi.adi.request.Request request, String operation) {
        if (!request.isComplete()) {
            long limit = timeoutNs;
            if (!engine.await(request, limit == FOREVER ? FOREVER : System.nanoTime() + limit)) {
                throw timedOut(request, operation);
            }
        }
        if (request.failure() != null) {
            throw failed(operation, request);
        }
    }

    MpiException timedOut(org.jadi.adi.request.Request request, String operation) {
        boolean withdrawn = engine.cancel(request);
        return error(ErrorClass.TIMEOUT, operation, "the time limit of the communicator is over"
                + (withdrawn ? "" : "; the operation goes on, and its buffer must not be used until the job ends")
                + ": limitSeconds=" + timeoutNs / 1e9 + facts(request.peer, request.tag, request.bytes), null);
    }

    /** Returns the deadline of a blocking call that begins now, on the clock of {@link System#nanoTime}. */
    long deadline() {
        long limit = timeoutNs;
        return limit == FOREVER ? FOREVER : System.nanoTime() + limit;
    }

    // ----------------------------------------------------------------- checks

    /** Whether rank and tag name an ordinary peer and message, and the library is open: the usual case, cheaply. */
    boolean mayTalk(int peer, int tag) {
        return (peer | tag) >= 0 && peer < limit && instance.isOpen();
    }

    /** Checks that neither library nor communicator is gone. */
    void checkUsable(String operation) {
        instance.checkOpen(operation);
        if (limit == 0 && comm.isFreed()) {
            throw error(ErrorClass.COMM, operation, "the communicator was freed", null);
        }
    }

    /** Checks what {@link #mayTalk} would not take; returns true where the peer is PROC_NULL. */
    boolean checkSend(String operation, int dest, int tag) {
        checkUsable(operation);
        if (tag < 0) {
            throw error(ErrorClass.TAG, operation, "the tag of a send is 0 or more: tag=" + tag + " dest=" + dest, null);
        }
        if (dest == Comm.PROC_NULL) {
            return true;
        }
        throw error(ErrorClass.RANK, operation, "the destination is 0 to " + (peers.size - 1) + ", or PROC_NULL: dest=" + dest
                + " tag=" + tag, null);
    }

    /** Checks what {@link #mayTalk} would not take; returns true where the peer is PROC_NULL. */
    boolean checkReceive(String operation, int source, int tag) {
        checkUsable(operation);
        if (tag < Comm.ANY_TAG) {
            throw error(ErrorClass.TAG, operation, "the tag of a receive is 0 or more, or ANY_TAG: tag=" + tag
                    + " source=" + source, null);
        }
        if (source < Comm.PROC_NULL || source >= peers.size) {
            throw error(ErrorClass.RANK, operation, "the source is 0 to " + (peers.size - 1) + ", ANY_SOURCE or PROC_NULL: source="
                    + source + " tag=" + tag, null);
        }
        return source == Comm.PROC_NULL;
    }

    /** Checks that a part lies within a buffer; returns its first element. */
    long part(long offset, long count, long length) {
        if ((offset | count) < 0 || count > length - offset) {
            throw error(ErrorClass.COUNT, "message", "offset and count must be a part of the buffer: offset=" + offset
                    + " count=" + count + " length=" + length, null);
        }
        return offset;
    }

    private MemorySegment known(Object array) {
        return instance.views.find(array == null ? absent() : array);
    }

    MemorySegment view(byte[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(char[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(short[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(int[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(long[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(float[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    MemorySegment view(double[] array) {
        MemorySegment known = known(array);
        return known != null ? known : instance.views.keep(array, MemorySegment.ofArray(array));
    }

    boolean[] view(boolean[] array) {
        return array == null ? (boolean[]) absent() : array;
    }

    MemorySegment view(MemorySegment segment) {
        if (segment == null || !segment.isAccessibleBy(Thread.currentThread()) || !segment.scope().isAlive()) {
            throw inaccessible(segment);
        }
        return segment;
    }

    MemorySegment view(Buffer buffer) {
        return view(MemorySegment.ofBuffer(buffer == null ? (Buffer) absent() : buffer));
    }

    MemorySegment writable(MemorySegment segment) {
        if (view(segment).isReadOnly()) {
            throw error(ErrorClass.BUFFER, "message", "the receive buffer is read-only: bytes=" + segment.byteSize(), null);
        }
        return segment;
    }

    MemorySegment writable(Buffer buffer) {
        return writable(view(buffer));
    }

    private Object absent() {
        throw error(ErrorClass.BUFFER, "message", "the buffer is null", null);
    }

    private MpiException inaccessible(MemorySegment segment) {
        if (segment == null) {
            return (MpiException) absent();
        }
        return error(ErrorClass.BUFFER, "message", segment.scope().isAlive()
                ? "the buffer belongs to another thread's confined arena; use Arena.ofShared" : "the buffer's arena is closed",
                null);
    }

    // ----------------------------------------------------------------- errors

    /** Returns the rank in the job of a rank of this communicator. */
    int toWorld(int peer) {
        return peers.toWorld(peer);
    }

    /** Makes the exception for a failed request, and tells the error handler. */
    MpiException failed(String operation, org.jadi.adi.request.Request request) {
        Failure failure = request.failure();
        return error(errorClass(failure), operation, failure.message()
                + facts(request.peer, request.tag, request.bytes), null);
    }

    static ErrorClass errorClass(Failure failure) {
        return switch (failure.kind()) {
            case TRUNCATE -> ErrorClass.TRUNCATE;
            case TYPE -> ErrorClass.TYPE;
            case PEER_FAILED -> ErrorClass.PROC_FAILED;
            case BUFFER -> ErrorClass.BUFFER;
            case REFUSED -> ErrorClass.OTHER;
            case INTERNAL -> ErrorClass.INTERN;
        };
    }

    private String facts(int worldPeer, int tag, long bytes) {
        int peer = peers.rankOf(worldPeer);
        return "; peer=" + (peer < 0 ? "any" : peer) + " tag=" + (tag < 0 ? "any" : tag) + " bytes=" + bytes;
    }

    /** Makes the exception for what the engine threw at once. */
    MpiException translated(String operation, int peer, int tag, long bytes, RuntimeException e) {
        if (e instanceof MpiException m) {
            return m;
        }
        ErrorClass errorClass = switch (e) {
            case DeviceException d -> ErrorClass.OTHER;
            case IllegalStateException i -> ErrorClass.BUFFER;
            case WrongThreadException w -> ErrorClass.BUFFER;
            case IndexOutOfBoundsException i -> ErrorClass.BUFFER;
            default -> ErrorClass.INTERN;
        };
        return error(errorClass, operation, e.getMessage() + "; peer=" + peer + " tag=" + tag + " bytes=" + bytes, e);
    }

    /** Runs something, and tells the error handler if it fails. */
    void guarded(Runnable action) {
        try {
            action.run();
        } catch (MpiException e) {
            comm.errhandler().handle(comm, e);
            throw e;
        }
    }

    /** Makes an exception, and tells the communicator's error handler. */
    MpiException error(ErrorClass errorClass, String operation, String facts, Throwable cause) {
        MpiException e = new MpiException(errorClass, operation + " on " + comm.place() + ": " + facts, cause);
        comm.errhandler().handle(comm, e);
        return e;
    }
}
