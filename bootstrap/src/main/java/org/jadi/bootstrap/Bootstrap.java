package org.jadi.bootstrap;

import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * A process's place in its job, and the means to exchange a few small facts with the others before they can send
 * messages.
 *
 * <p>Safe for use by many threads. Implementations: Jadi's own key-value server (environment {@code JADI_*}), a rendezvous
 * that needs no launcher, the process managers of other launchers (PMIx, PMI-1), the singleton (size 1), and one for ranks
 * that are threads of one process.
 */
public interface Bootstrap extends AutoCloseable {
    /** Returns the rank of this process in the job: 0 to {@code size() - 1}. */
    int rank();

    /** Returns the number of ranks in the job: 1 or more. */
    int size();

    /** Returns the identity of the job: 1 to 64 characters out of {@code [A-Za-z0-9_.-]}; safe as a file name. */
    String jobId();

    /** Returns the secret that every process of the job shares. */
    JobSecret secret();

    /**
     * Stores a value. It is seen by others after a {@link #fence} that both sides have called.
     *
     * @param key printable ASCII without spaces, at most 128 characters
     * @param value at most 65536 bytes
     */
    void put(String key, byte[] value);

    /**
     * Returns a value that was put before the last fence.
     *
     * @return the value, or null where nobody stored one
     */
    byte[] get(String key);

    /** Collective over all ranks: returns when all have called it; what was put before is then seen by all. */
    void fence();

    /**
     * Tells the launcher that this rank has finished its use of the library in good order; a process that ends without
     * having said so is an error of the job. Does not wait for other ranks, except on rank 0 of a job without a launcher,
     * which serves the key-value space: that returns when all ranks have finished.
     */
    void finish();

    /**
     * Ends the whole job. Returns when the launcher has been told, within a second at most; the caller then ends its own
     * process.
     *
     * @param code exit code of the job, 1 to 255
     * @param reason one line for the user
     */
    void abort(int code, String reason);

    /**
     * Registers what is answered when the launcher asks this rank for its state (at a time limit, or on request). The
     * supplier is called by a thread of the bootstrap and must not block for long.
     */
    void onStateRequest(Supplier<String> state);

    /** Registers what runs when the connection to the launcher is lost, so that no rank survives its launcher. */
    void onLauncherLost(Runnable action);

    /** Returns the objects that the ranks of an in-process job share, or null where every rank is a process. */
    default ConcurrentMap<String, Object> local() {
        return null;
    }

    /** Returns how long blocking calls wait for the launcher before they fail. */
    default Duration patience() {
        return Duration.ofSeconds(120);
    }

    /** Releases the connection. Never throws, never waits for another rank. */
    @Override
    void close();
}
