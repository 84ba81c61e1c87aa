package org.jadi.launcher.job;

import java.util.BitSet;

/** The ranks of a job after their start, on this host or on others, as the {@link JobMonitor} deals with them. */
public interface StartedRanks {
    /** Returns the number of ranks of the job. */
    int size();

    /** Returns what a rank is called in messages, such as {@code rank 2 (pid 4711)}. */
    String describe(int rank);

    /** Returns whether a rank is a JVM, which answers SIGQUIT with its stacks. */
    boolean isJvm(int rank);

    /** Returns whether a rank has joined the job. */
    boolean hasJoined(int rank);

    /** Returns whether a rank has said that it finished. */
    boolean hasFinished(int rank);

    /** Asks a rank for its state; the answer, if any, arrives as {@link JobEvent.StateTold}. */
    void requestState(int rank);

    /** Sends a signal, by its name without SIG, to those of some ranks that are alive. */
    void signal(String name, BitSet ranks);

    /** Asks all ranks, and what they have started, to end. */
    void terminate();

    /** Kills all ranks, and what they have started. */
    void kill();

    /** Gives up hosts that do not even answer to {@link #kill}: their ranks count as ended. */
    void abandon();
}
