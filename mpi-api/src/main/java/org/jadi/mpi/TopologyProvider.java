package org.jadi.mpi;

import java.util.List;
import java.util.Optional;

/**
 * Tells on which hardware a process runs; a service that the scopes module offers. Used by
 * {@link IntraComm#splitType}. Any thread.
 */
public interface TopologyProvider {
    /** Returns the types of resources within a node, the largest first, at most 7 of them: {@code "package"}, {@code "l3cache"}. */
    List<String> resourceTypes();

    /**
     * Returns the resource of a type that holds all CPUs of this process, by a name that is unique in the node; or nothing
     * if there is none, because the process may run on several.
     */
    Optional<String> resource(String type);
}
