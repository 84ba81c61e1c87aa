package org.jadi.scopes.group;

import java.time.Duration;
import java.util.List;

/**
 * The members that share a scope, as one of them sees it. All operations but {@link #rank} and {@link #size} are collective: every
 * member calls them, in the same order.
 *
 * <p>An implementation throws {@link org.jadi.scopes.error.ScopeException} with code TRANSPORT where a member has left.
 */
public interface Group extends AutoCloseable {
    /** Returns this member's number, from 0; the member with number 0 leads, where one has to. */
    int rank();

    /** Returns the number of members. */
    int size();

    /** Gives everybody what everybody brings, by rank. */
    List<byte[]> allgather(byte[] mine);

    /**
     * Waits until all members are here. Who waits, sleeps, so that the CPUs are free for others.
     *
     * @return false if the time was over first; the next call then goes on with the same barrier
     */
    boolean barrier(Duration limit);

    /** Waits until all members are here. */
    void barrier();

    /**
     * Divides the group; those with the same color come together, ranked by key and then by rank here.
     *
     * @return the new group, or null for a negative color
     */
    Group split(int color, int key);

    /** Leaves the group; who waits for this member is told where members are threads. Does nothing the second time. */
    @Override
    void close();
}
