package org.jadi.launcher.remote;

/** What a frame means. The order is the number on the wire. */
enum FrameType {
    /** Either way, to the next node only: I am alive. */
    HEARTBEAT,

    /** Down, the first one: an {@link AgentTask}. */
    START,
    /** Down, to the next node only: a piece of a staged file; an empty one after the last. */
    FILE,
    /** Down: the pairs of all ranks, which end a fence. */
    RELEASE,
    /** Down: bytes for rank 0 to read; none for the end. */
    INPUT,
    /** Down: so many bytes of output have been written. */
    OUTPUT_TAKEN,
    /** Down: signal for ranks. */
    SIGNAL,
    /** Down: ask ranks to end. */
    TERMINATE,
    /** Down: kill ranks. */
    KILL,
    /** Down: ask a rank for its state. */
    STATE,
    /** Down: no rank runs any more; send what output is left, and end. */
    END,

    /** Up, to the next node only: a piece of a staged file is asked for. */
    NEED,
    /** Up: a rank's process was started. */
    STARTED,
    /** Up: bytes of a stream of a rank. */
    OUTPUT,
    /** Up: rank 0 has taken so many bytes of input. */
    INPUT_TAKEN,
    /** Up: a rank has joined. */
    JOINED,
    /** Up: a rank has finished. */
    FINISHED,
    /** Up: a rank ends the job. */
    ABORTED,
    /** Up: the state of a rank. */
    STATE_TOLD,
    /** Up: a rank's process has ended. */
    EXITED,
    /** Up, to the next node only: the pairs of all ranks of this node and below, which have come to a fence. */
    FENCE,
    /** Up: hosts that this node was to start agents on and cannot; mpirun tries itself. */
    HANDED_BACK,
    /** Up: hosts whose agents cannot be reached any more. */
    LOST,
    /** Up: this host cannot do its part. */
    FAILED;

    private static final FrameType[] ALL = values();

    /** Returns the type with a number, or null. */
    static FrameType of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : null;
    }
}
