package org.jadi.scopes;

import java.util.List;
import org.jadi.scopes.node.Claim;
import org.jadi.scopes.node.ClaimTable;
import org.jadi.scopes.node.ClaimTable.Claimant;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;

/**
 * A library's entry where nobody has given it a scope: it names itself and an instance, and meets on the node whoever named
 * the same, in whatever process; no server, no communicator. Any thread.
 *
 * <pre>{@code
 * try (Context context = scopes.attach("mpi.progress", commId);
 *         Scope spare = context.create(Request.of(1, HwType.CORE).fromTheEnd().alone())) { ... }
 * }</pre>
 */
public final class Context implements AutoCloseable {
    private final Scopes home;
    private final Role role;
    private final Claim claim;

    /** What the library's threads do. */
    public enum Role {
        /** The program's work. */
        WORKER,
        /** Something that helps it, for which other CPUs are preferred. */
        UTILITY
    }

    Context(Scopes home, String service, long instance, Role role) {
        this.home = home;
        this.role = role;
        if (service.isBlank()) {
            throw new IllegalArgumentException("a context needs the name of a service");
        }
        this.claim = table().claim(new Claimant(service, instance, home.threadId(), false, role == Role.UTILITY), u -> CpuSet.EMPTY);
        home.watch(this, claim.id());
    }

    private ClaimTable table() {
        return home.claims().table();
    }

    /** Returns the name of the service. */
    public String service() {
        return claim.name();
    }

    /** Returns the number of the instance. */
    public long instance() {
        return claim.instance();
    }

    /** Returns all contexts of this service and instance on the node, this one included, in the order in which they attached. */
    public List<Claim> members() {
        return table().usage().claims().stream().filter(c -> c.name().equals(claim.name()) && c.instance() == claim.instance())
                .sorted(java.util.Comparator.comparingLong(Claim::id)).toList();
    }

    /** Returns this context's place among the members now, from 0. It sinks when earlier ones leave. */
    public int rank() {
        return members().stream().map(Claim::id).toList().indexOf(claim.id());
    }

    /**
     * Returns where threads of this context belong: those set aside for helpers, if it is one and any are; otherwise where this
     * process belongs.
     */
    public Scope scope() {
        Scope utility = home.utility();
        return role == Role.UTILITY && !utility.cpus().isEmpty() ? utility : home.process();
    }

    /**
     * Takes some of the CPUs for this context, and claims them. A helper takes from those set aside if any are; otherwise, as a
     * worker does, from where this process belongs.
     *
     * @throws org.jadi.scopes.error.ResourceUnavailableException if there is not so much
     */
    public Scope create(Request request) {
        return scope().create(request);
    }

    /** Takes one CPU that nobody claims, or else that fewest claim. */
    public Scope create() {
        return create(Request.of(1, HwType.PU));
    }

    /** Leaves. Scopes that were created stay until they are closed. */
    @Override
    public void close() {
        home.claims().release(claim.id());
    }

    /** Returns service, instance and role. */
    @Override
    public String toString() {
        return service() + "/" + instance() + " (" + role + ")";
    }
}
