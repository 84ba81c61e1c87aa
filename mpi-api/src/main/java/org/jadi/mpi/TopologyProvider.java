package org.jadi.mpi;

import java.util.List;
import java.util.Optional;

/**
 * Tells on which hardware a process runs; a service that the scopes module offers. Used by
 * {@link IntraComm#splitType}. Any thread.
 */
public interface TopologyProvider {
    /** Returns the types of resources within a node, the largest first, at most 15 of them: {@code "hwloc://Package"}. */
    List<String> resourceTypes();

    /**
     * Returns the resource of a type that holds all CPUs of this process, by a name that is unique in the node; or nothing
     * if there is none, because the process may run on several, or nobody knows the type. Types may have other names than
     * those returned above, such as {@code numa}.
     */
    Optional<String> resource(String type);
}
