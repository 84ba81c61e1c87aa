package org.jadi.adi.match;

/** A link in a bin: a posted receive, or one of the four places of an unexpected message. Guarded by the bin's lock. */
public class MatchNode {
    MatchNode next;
    MatchNode previous;
    Bin bin;

    /** Order among the receives of one queue, or among arrivals. */
    long sequence;

    /** Value of the wildcard counter when a receive was posted. */
    long stamp;

    /** Creates a node that is in no bin. */
    protected MatchNode() {}
}
