package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * The packets of one peer, looked at where they lie: the shortest way for a message that is being waited for. A packet that
 * is not taken here is handed on by {@link Device#progress}, in its turn.
 *
 * <p>Shows packets that are whole messages only: those whose third header word is the length of their payload, and whose
 * fourth is 0. For the thread that may call {@link Device#progress}.
 */
public abstract class Inlet {
    /** Nothing has arrived. */
    public static final int NOTHING = -1;

    /** Something else has arrived: progress takes it. */
    public static final int OTHER = -2;

    /** For subclasses. */
    protected Inlet() {}

    /**
     * Looks for the next packet.
     *
     * @param looks how often, 1 or more; ends with the first that finds something
     * @return bytes of its payload, {@link #NOTHING} or {@link #OTHER}
     */
    public abstract int next(int looks);

    /** Returns the first word of the header of the packet that {@link #next} has found. */
    public abstract long h0();

    /** Returns the second word. */
    public abstract long h1();

    /** Returns the memory that holds its payload. */
    public abstract MemorySegment memory();

    /** Returns where its payload begins there. */
    public abstract long offset();

    /** Takes the packet: its payload has been read, and what comes after it is next. */
    public abstract void take();
}
