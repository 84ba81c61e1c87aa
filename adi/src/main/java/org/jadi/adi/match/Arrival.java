package org.jadi.adi.match;

import java.lang.foreign.MemorySegment;

/**
 * A message that has arrived, wholly or in part, before a receive asked for it. Linked for all four patterns of a
 * search. The envelope is constant while it is stored, and for ever if a probe has shown it; the data part is guarded by the
 * peer's lock while parts still come in.
 */
public final class Arrival {
    /** Where the message came from. */
    public final PeerMatch peer;

    /** Context id of the communicator. */
    public int context;

    /** Sender's rank in the communicator. */
    public int source;

    /** The message's tag. */
    public int tag;

    /** Length of the message in bytes. */
    public long bytes;

    /** Hash of the basic types of the message, or 0. */
    public int types;

    /** Eager: the data, or what of it has arrived; null for a message that waits at its sender. */
    public MemorySegment data;

    /** Eager: the device's ticket if the data lies in a packet that it retains, else -1. */
    public long ticket = -1;

    /** Eager: bytes of {@link #data} that are there. */
    public long arrived;

    /** Rendezvous: the sender's request id. */
    public long senderId;

    /** Get: the token by which the data can be fetched, or -1. */
    public long token = -1;

    /** Rendezvous: whether the sender's device can move the data by itself. */
    public boolean bulk;

    /** Memory of this object for data of messages, one after the other; null if there is none. */
    public MemorySegment room;

    /** Next of those that wait for another message; see {@link #reuse}. */
    public Arrival nextSpare;

    final Node known = new Node(this);
    final Node anySource = new Node(this);
    final Node anyTag = new Node(this);
    final Node anyBoth = new Node(this);
    boolean stored;

    /** Whether a probe has shown it to a caller, who may look at it at any time. */
    boolean shown;

    /** Creates a message that is in no queue. */
    public Arrival(PeerMatch peer, int context, int source, int tag, long bytes) {
        this.peer = peer;
        reuse(context, source, tag, bytes);
    }

    /** Takes the envelope of another message, once this one's is with its receive and nobody else can see it. */
    public void reuse(int newContext, int newSource, int newTag, long newBytes) {
        context = newContext;
        source = newSource;
        tag = newTag;
        bytes = newBytes;
        types = 0;
        data = null;
        ticket = -1;
        arrived = 0;
        senderId = 0;
        token = -1;
        bulk = false;
    }

    /** Returns whether nobody but the engine can know this object: it is in no queue, and no probe has shown it. */
    public boolean isReusable() {
        return !stored && !shown;
    }

    @Override
    public String toString() {
        return "unexpected from=" + peer.rank() + " context=" + context + " source=" + source + " tag=" + tag + " bytes="
                + bytes + (data == null ? " (rendezvous)" : " arrived=" + arrived);
    }

    /** One of the four places of an arrival. */
    static final class Node extends MatchNode {
        final Arrival arrival;

        Node(Arrival arrival) {
            this.arrival = arrival;
        }
    }
}
