package org.jadi.mpi;

import java.time.Duration;
import org.jadi.bootstrap.LocalBootstrap;

/**
 * The orderly end of a rank, after {@link Mpi#close}. That method must not wait for a peer, because it also runs while an
 * exception leaves the block; so a thread of ours sees to it that what was sent gets out, waits until the program's own
 * thread has ended, and says goodbye if it ended well. SPEC: MPI 4.1 §11.2.2 (finalize).
 */
final class Finalizer {
    private static final long GOODBYE_NS = Duration.ofSeconds(10).toNanos();
    private static final long HOOK_NS = Duration.ofSeconds(4).toNanos();

    private final Instance instance;
    private final Thread starter;

    // guarded by this
    private Thread thread;
    private boolean failed;
    private boolean ended;

    Finalizer(Instance instance) {
        this.instance = instance;
        this.starter = Thread.currentThread();
        if (instance.isProcess) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "jadi-shutdown-" + instance.bootstrap.rank()));
        }
    }

    /** Called by close; a second call does nothing. */
    synchronized void begin() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon(false).name("jadi-finalizer-" + instance.bootstrap.rank()).start(this::run);
        }
    }

    /** The rank has failed: no goodbye, so that the launcher sees it. */
    synchronized void fail() {
        failed = true;
    }

    private void run() {
        try {
            instance.flush(Long.MAX_VALUE);
            // A daemon may live as long as the JVM; the JVM is kept by us. Ranks that are threads end by their own rules.
            if (!starter.isDaemon() || !instance.isProcess) {
                starter.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(GOODBYE_NS);
        }
    }

    /** System.exit after close: the program's thread never ends, so this is its orderly end. */
    private void onShutdown() {
        synchronized (this) {
            if (thread == null || failed || ended) {
                return;
            }
        }
        instance.flush(System.nanoTime() + HOOK_NS);
        end(HOOK_NS);
    }

    private void end(long limitNs) {
        boolean well;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            well = !failed && !(instance.bootstrap instanceof LocalBootstrap local && local.aborted() != null);
        }
        try {
            if (well) {
                instance.boards.retire();
                instance.engine.awaitRelayed(Long.MAX_VALUE);
                instance.engine.sayGoodbye();
                instance.engine.flush(System.nanoTime() + limitNs);
                instance.bootstrap.finish();
            }
        } finally {
            try {
                instance.boards.close();
            } finally {
                try {
                    instance.engine.close();
                } finally {
                    instance.bootstrap.close();
                }
            }
        }
    }
}
