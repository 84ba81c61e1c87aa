package org.jadi.launcher.job;

import java.util.BitSet;

/** Something that happened, for the main thread: every other thread only reports. */
public sealed interface JobEvent {
    /** A process has ended. */
    record Exited(int rank, int code) implements JobEvent {
    }

    /** A rank has ended the job. */
    record Aborted(int rank, int code, String reason) implements JobEvent {
    }

    /** A rank has told its state. */
    record StateTold(int rank, String report) implements JobEvent {
    }

    /** Ranks cannot be reached any more, or never could; they count as ended. */
    record HostLost(BitSet ranks, int exitCode, String reason) implements JobEvent {
    }

    /** mpirun was sent a signal. */
    record Signalled(String name, int number) implements JobEvent {
    }

    /** Nobody reads mpirun's output any more. */
    record OutputGone() implements JobEvent {
    }
}
