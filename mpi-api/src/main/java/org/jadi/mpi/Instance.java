package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jadi.adi.config.Config;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.request.RequestPool;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.mpi.collective.Selection;

/** One rank's open library: the engine and what goes with it. Several may live in one JVM. */
final class Instance {
    private static final int MOST_EXIT_CODE = 255;

    final Bootstrap bootstrap;
    final Engine engine;
    final ObjectCodec objects;
    /** The buffer of the rank, for communicators that have none of their own. */
    final BufferedSends buffer;
    final ArrayViews views = new ArrayViews();
    final RequestPool requests = new RequestPool();

    /** All buffers that are attached. */
    final Queue<BufferedSends> buffers = new ConcurrentLinkedQueue<>();
    final Contexts contexts;
    final ErrorCodes errorCodes = new ErrorCodes();
    final Selection selection;
    final Boards boards;

    /** Whether to tell which algorithm a collective operation takes. */
    final boolean tellsAlgorithms;

    /** Name of the node as which this rank is placed, or empty. */
    final String placementNode;
    /** Whether collective calls are compared by an exchange before they begin. */
    final boolean checksFully;

    /** Whether messages carry their types, and receives compare them. */
    final boolean comparesTypes;

    /** Whether every rank is a process, so that ending the rank means to end the JVM. */
    final boolean isProcess;

    /** Requests that nobody holds any more, and what is to be done when they are complete. */
    private final Queue<Detached> detached = new ConcurrentLinkedQueue<>();
    private final Thread stranger = Thread.ofPlatform().unstarted(() -> {});
    private volatile boolean open = true;

    private record EngineTraffic(Engine engine) implements Contexts.Traffic {
        @Override
        public boolean hasPosted(int context) {
            return engine.hasPosted(context);
        }

        @Override
        public void discard(int context) {
            engine.discard(context);
        }
    }

    private record Detached(org.jadi.adi.request.Request request, Runnable end) {}

    Instance(Bootstrap bootstrap, Config config) {
        this.bootstrap = bootstrap;
        this.isProcess = bootstrap.local() == null;
        this.objects = new ObjectCodec(config);
        this.selection = MpiConfig.selection(config);
        this.placementNode = config.text(MpiConfig.PLACEMENT_NODE);
        this.checksFully = MpiConfig.checksFully(config);
        this.comparesTypes = config.flag(MpiConfig.COMPARE_TYPES);
        this.tellsAlgorithms = config.flag(MpiConfig.COLLECTIVES_VERBOSE);
        this.engine = Engine.open(config, bootstrap);
        this.boards = new Boards(engine, config);
        this.buffer = new BufferedSends(this);
        this.contexts = new Contexts(new EngineTraffic(engine), config.integer(MpiConfig.COMMUNICATORS, 16, Contexts.MOST));
    }

    boolean isOpen() {
        return open;
    }

    void checkOpen(String operation) {
        if (!open) {
            throw new MpiException(ErrorClass.OTHER, operation + ": the library was closed; no call may follow Mpi.close()");
        }
    }

    /** Refuses further calls. */
    void shut() {
        open = false;
    }

    boolean isConfined(MemorySegment segment) {
        return !segment.isAccessibleBy(stranger);
    }

    // -------------------------------------------------------- given-up requests

    /** Keeps an active request whose handle was freed, so that finalize can wait for it. */
    void detach(org.jadi.adi.request.Request request) {
        sweep();
        detached.add(new Detached(request, () -> {}));
    }

    /** Runs something when a request is complete: now, or at a later call. */
    void whenDone(org.jadi.adi.request.Request request, Runnable end) {
        if (request == null || request.isComplete()) {
            end.run();
        } else {
            sweep();
            detached.add(new Detached(request, end));
        }
    }

    private void sweep() {
        for (Detached d : detached) {
            // Several threads may sweep: only the one that removes an entry runs its end.
            if (d.request().isComplete() && detached.remove(d)) {
                d.end().run();
            }
        }
    }

    /** Works until everything that this rank sends is out. */
    void flush(long deadlineNs) {
        buffers.forEach(b -> b.flush(deadlineNs));
        for (Detached d = detached.poll(); d != null; d = detached.poll()) {
            // A receive that was given up need not find a message any more, and what the user completes may never be.
            String operation = d.request().operation;
            if (!operation.contains("recv") && !operation.equals(GeneralizedRequest.OPERATION)) {
                engine.await(d.request(), deadlineNs);
            }
        }
        engine.flush(deadlineNs);
    }

    // -------------------------------------------------------------------- ends

    /** Ends the job. Returns only for ranks that are threads, with an exception. */
    void abort(int code, String reason) {
        int exit = code >= 1 && code <= MOST_EXIT_CODE ? code : 1;
        bootstrap.abort(exit, "rank " + bootstrap.rank() + ": " + reason);
        if (isProcess) {
            System.out.flush();
            Runtime.getRuntime().halt(exit);
        }
        throw new MpiException(ErrorClass.OTHER, "the job was aborted: code=" + exit + " reason=" + reason);
    }
}
