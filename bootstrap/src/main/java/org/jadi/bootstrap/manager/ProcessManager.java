package org.jadi.bootstrap.manager;

import java.time.Duration;
import java.util.function.Consumer;
import org.jadi.bootstrap.BootstrapException;

/**
 * What a foreign launcher offers to a process that it started.
 *
 * <p>One thread at a time, but {@link #abort} and {@link #close} by any. Calls throw {@link BootstrapException} when the
 * manager is gone or refuses.
 */
public interface ProcessManager extends AutoCloseable {
    /** Returns what users call it, for messages: {@code "PMI-1"}. */
    String name();

    /** Returns the rank of this process. */
    int rank();

    /** Returns the number of ranks. */
    int size();

    /** Returns the longest value in characters. */
    int maxValueChars();

    /**
     * Stores a value of this rank, for all to see after the next fence.
     *
     * @param key letters, digits and '-', at most 40
     * @param value letters, digits, '-', '_' and '.', at most {@link #maxValueChars}
     */
    void put(String key, String value);

    /** Returns a value that a rank stored before the last fence, or null. */
    String get(int rank, String key);

    /** Returns when all ranks have come; collective. */
    void fence(Duration patience);

    /** Says that this rank ends in good order. */
    void finish(Duration patience);

    /** Asks for the end of the whole job; returns within a second. */
    void abort(int code, String reason);

    /** Registers who is told, at most once and by a thread of the manager, that the manager is gone. */
    void onLost(Consumer<String> because);

    /** Releases the connection. Never throws, never waits. */
    @Override
    void close();
}
