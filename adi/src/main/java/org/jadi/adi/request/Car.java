package org.jadi.adi.request;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.match.MatchNode;
import org.jadi.adi.memory.SmallCopy;

/**
 * A communication-agent request: one piece of transfer, with envelope, memory and the state of its protocol.
 *
 * <p>The memory is either one run of bytes ({@link #segment}, {@link #offset}) or described by a {@link #plan}.
 */
public class Car extends MatchNode {

    /** The request that counts this piece. */
    public final Request request;

    /** What can be done now; null before the start and after the end. */
    public Progression progression;

    /** The state for those who look; follows {@link #progression}. */
    private State state = State.INACTIVE;

    /** Context id of the communicator. */
    public int context;

    /** Send: our rank in the communicator, for the header. Receive: the wanted source there, or ANY. */
    public int source;

    /** Tag; for receives possibly ANY. */
    public int tag;

    /** World rank of the peer, or ANY for a receive from any source. */
    public int peer;

    /** Contiguous memory, or null where {@link #plan} is set. */
    public MemorySegment segment;

    /** First byte in {@link #segment}. */
    public long offset;

    /** Length of a send, capacity of a receive, in bytes. */
    public long bytes;

    /** Description of memory that is not one run of bytes, or null. */
    public PackPlan plan;

    /** The types of the message that is sent, or of the receive buffer; null where they are not to be compared. */
    public BasicTypes types;

    /** Send: send mode as {@code Engine} defines it. */
    public int mode;

    /** Bytes already moved. */
    public long moved;

    /** Bytes that will be moved in all: smaller than {@link #bytes} for a short message, or a truncated one. */
    public long expected;

    /** Our id on the wire while the peer may answer; 0 for none. */
    public long id;

    /** The peer's id for this transfer. */
    public long remoteId;

    /** Next in the peer's send queue. */
    public Car nextInQueue;

    /** Whether the device moves the data by itself: then it alone says when that has ended. */
    public boolean bulk;

    /** Data that arrived, while only the owner thread may copy it into the user's buffer. */
    public MemorySegment parked;

    /** Creates a further piece of a request. */
    public Car(Request request) {
        this.request = request;
    }

    /** For the piece that is the request itself. */
    Car() {
        this.request = (Request) this;
    }

    /** Writes the envelope, before the start: see the fields. */
    public final void address(int mode, int context, int source, int peer, int tag) {
        this.mode = mode;
        this.context = context;
        this.source = source;
        this.peer = peer;
        this.tag = tag;
        this.bulk = false;
    }

    /** Sets the memory to one run of bytes, before the start. */
    public final void setMemory(MemorySegment memory, long first, long length) {
        segment = memory;
        offset = first;
        bytes = length;
        plan = null;
    }

    /** Sets the memory to what a plan describes, before the start. */
    public final void setMemory(PackPlan described) {
        segment = null;
        plan = described;
        bytes = described.bytes();
    }

    /** Moves to the state of a progression. */
    public final void become(Progression next) {
        assert state.mayBecome(next.state()) : "illegal move: from=" + state + " to=" + next.state() + " " + this;
        state = next.state();
        progression = next;
    }

    /** Moves to a terminal state, or back to INACTIVE. */
    public final void end(State terminal) {
        assert state.mayBecome(terminal) : "illegal move: from=" + state + " to=" + terminal + " " + this;
        state = terminal;
        progression = null;
    }

    /** Returns the state. */
    public final State state() {
        return state;
    }

    /** Copies bytes {@code first} to {@code first + length} of the message into a target. */
    public final void take(long first, MemorySegment target, long targetOffset, int length) {
        if (plan == null) {
            MemorySegment.copy(segment, offset + first, target, targetOffset, length);
        } else {
            plan.pack(first, target, targetOffset, length);
        }
    }

    /** Copies arrived bytes to their place {@code first} in the message. */
    public final void put(long first, MemorySegment from, long fromOffset, int length) {
        if (plan != null) {
            plan.unpack(first, from, fromOffset, length);
        } else if (length <= SmallCopy.MOST_BYTES) {
            SmallCopy.copy(from, fromOffset, segment, offset + first, length);
        } else {
            MemorySegment.copy(from, fromOffset, segment, offset + first, length);
        }
    }

    /** Returns whether the current thread may access the memory. */
    public final boolean isAccessible() {
        MemorySegment memory = memory();
        return memory == null || memory.isAccessibleBy(Thread.currentThread());
    }

    /** Returns the memory that perhaps only one thread may access, or null. */
    public final MemorySegment memory() {
        return plan == null ? segment : plan.memory();
    }

    @Override
    public String toString() {
        return state + " peer=" + (peer < 0 ? "any" : peer) + " context=" + context + " tag=" + (tag == -1 ? "any" : tag)
                + " bytes=" + bytes + " moved=" + moved;
    }
}
