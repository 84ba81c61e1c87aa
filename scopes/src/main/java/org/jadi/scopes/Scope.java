package org.jadi.scopes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import org.jadi.scopes.bind.BindMode;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.group.Group;
import org.jadi.scopes.node.Claim;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Mapping;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.split.Share;
import org.jadi.scopes.split.SplitPlan;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.Distance;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.NodeSet;
import org.jadi.scopes.topology.Topology;

/**
 * Some CPUs and devices, and the group that shares them.
 *
 * <p>The operations marked <em>collective</em> are called by all members of the group, in the same order; they give the same
 * success or the same error to all. A scope belongs to one member, who calls it from one thread at a time; the accessors and
 * {@link #push} may be called from any. Scopes may be closed in any order; to close returns what was claimed, and a binding that
 * was pushed stays until it is closed itself.
 */
public final class Scope implements AutoCloseable {
    private final Scopes home;
    private final Scope parent;
    private final String name;
    private final Group group;
    private final Shape parentThen;
    private final List<ScopeListener> listeners = new CopyOnWriteArrayList<>();
    private final Loans loans;
    private volatile Shape shape;
    private volatile Claim claim; // null if this claims nothing
    private volatile String goneBecause; // null while this can be used

    Scope(Scopes home, Scope parent, String name, Group group, CpuSet cpus, List<Device> devices, Claim claim) {
        this.home = home;
        this.parent = parent;
        this.name = name;
        this.group = group;
        this.shape = new Shape(cpus, devices, 0);
        this.parentThen = parent == null ? null : parent.shape;
        this.claim = claim;
        this.loans = new Loans(this);
        if (claim != null) {
            home.watch(this, claim.id());
        }
    }

    /** Returns what it is, in words: {@code USER}, {@code USER/2 of 4}. */
    public String name() {
        return name;
    }

    /** Returns the scope of which this was made, or null. */
    public Scope parent() {
        return parent;
    }

    /** Returns the machine. */
    public Topology topology() {
        return home.topology();
    }

    /** Returns CPUs, devices and epoch as they are now. */
    public Shape shape() {
        return shape;
    }

    /** Returns the CPUs. */
    public CpuSet cpus() {
        return shape.cpus();
    }

    /** Returns the memory nodes that are near to some of its CPUs. */
    public NodeSet nodes() {
        return topology().nodesNear(cpus());
    }

    /** Returns how often this scope has changed. */
    public long epoch() {
        return shape.epoch();
    }

    /** Returns the number of objects of a type that are in it, or of its devices of that type. */
    public int count(HwType type) {
        return type.isDevice() ? devices(type).size() : topology().count(type, cpus());
    }

    /** Returns the devices of a type that belong to it. */
    public List<Device> devices(HwType type) {
        return shape.devices().stream().filter(d -> d.type() == type).toList();
    }

    /**
     * Returns a device of a type.
     *
     * @throws ScopeException NOT_FOUND if the scope has not so many
     */
    public Device device(HwType type, int index) {
        List<Device> devices = devices(type);
        if (index < 0 || index >= devices.size()) {
            throw new ScopeException(ErrorCode.NOT_FOUND, "the scope has no such device: type=" + type + " index=" + index + " devices="
                    + devices.size());
        }
        return devices.get(index);
    }

    /** Returns this member's number in the group, from 0; -1 in an empty scope. */
    public int rank() {
        return isEmpty() ? -1 : group.rank();
    }

    /** Returns the number of members; 0 in an empty scope. */
    public int size() {
        return isEmpty() ? 0 : group.size();
    }

    /** Returns the members; null in an empty scope. */
    public Group group() {
        return group;
    }

    /** Returns whether this is what a member gets that took no part in a split: no CPUs, no members. */
    public boolean isEmpty() {
        return group == null;
    }

    /** Waits, asleep, until all members are here. Collective. */
    public void barrier() {
        checkMember().barrier();
    }

    /** Waits, asleep, until all members are here or the time is over. Returns whether they are; if not, the next call goes on. */
    public boolean barrier(Duration limit) {
        return checkMember().barrier(limit);
    }

    /** Splits into pieces of whole cores; the color says which. Collective. See {@link #split(SplitSpec)}. */
    public Scope split(int pieces, Color color) {
        return split(() -> SplitSpec.into(pieces).withColor(color));
    }

    /** Splits into as many pieces as there are members, each where it is bound already if that comes out even. Collective. */
    public Scope split() {
        return split(SplitSpec.into(checkMember().size()).sharing());
    }

    /** Splits at the objects or devices of a type, which are never cut. Collective. See {@link #split(SplitSpec)}. */
    public Scope splitAt(HwType type, Color color) {
        return split(() -> SplitSpec.at(type).withColor(color));
    }

    /**
     * Divides CPUs, devices and members. Collective.
     *
     * <p>What is divided is what all members' scopes have together. The members of a piece become a group.
     *
     * @return this member's piece; an empty scope if its color is UNDEFINED
     * @throws org.jadi.scopes.error.SplitException more pieces than CPUs, or more colors than pieces; for all members
     * @throws ScopeException INVALID_ARGUMENT if members' arguments do not agree or one has a wrong one; TOPOLOGY_MISMATCH if they
     *     see different machines; STALE if a member's scope is gone; for all members
     */
    public Scope split(SplitSpec spec) {
        return split(() -> Objects.requireNonNull(spec, "spec"));
    }

    private Scope split(java.util.function.Supplier<SplitSpec> specOf) {
        checkMember();
        SplitSpec[] spec = new SplitSpec[1];
        List<String> parts = Collective.exchange(group, "split", () -> {
            checkUsable();
            spec[0] = specOf.get();
            return SplitParts.encode(this, spec[0]);
        });
        // From here on everybody calculates the same, and fails alike.
        Share share = SplitPlan.of(topology(), spec[0], SplitParts.decode(this, parts)).get(group.rank());
        Group members = group.split(share.piece(), spec[0].order());
        if (share.piece() < 0) {
            return new Scope(home, this, name + "/none", null, CpuSet.EMPTY, List.of(), null);
        }
        return new Scope(home, this, name + "/" + share.piece(), members, share.cpus(), share.devices(), null);
    }

    /** Cuts into pieces, all of which the caller gets, to hand them out. Local. */
    public List<Scope> splitAll(int pieces, CutPolicy policy) {
        return splitAll(SplitSpec.into(pieces).withCut(policy));
    }

    /** Cuts at the objects or devices of a type, and gives the caller all of them. Local. */
    public List<Scope> splitAllAt(HwType type) {
        return splitAll(SplitSpec.at(type));
    }

    private List<Scope> splitAll(SplitSpec spec) {
        checkUsable();
        Shape now = shape;
        List<Scope> pieces = new ArrayList<>();
        for (Share share : SplitPlan.pieces(topology(), spec, now.cpus(), now.devices())) {
            pieces.add(new Scope(home, this, name + "/" + share.piece(), org.jadi.scopes.group.Solo.GROUP, share.cpus(), share.devices(),
                    null));
        }
        return List.copyOf(pieces);
    }

    /**
     * Takes some of this scope for the caller alone, and claims it, so that others who ask choose something else. Local.
     *
     * @throws org.jadi.scopes.error.ResourceUnavailableException if there is not so much, or, wanted alone, not so much free
     */
    public Scope create(Request request) {
        checkUsable();
        return home.claims().create(this, request);
    }

    /** Returns where all members are: the CPUs of their own innermost scopes, which each gives. Collective. */
    public MemberMap members(Scope mine) {
        return new MemberMap(topology(), Collective.exchange(checkMember(), "members", () -> {
            checkUsable();
            topology().checkCpus(mine.cpus());
            return mine.cpus().toString();
        }).stream().map(CpuSet::parse).toList());
    }

    /** Returns how far this scope is from another on the same machine. */
    public Distance distance(Scope other) {
        return Distance.between(topology(), cpus(), other.cpus());
    }

    /** Divides for threads: each of so many gets a piece. Local; see {@link ThreadScopes}. */
    public ThreadScopes threads(int threads, Mapping mapping) {
        checkUsable();
        return new ThreadScopes(this, SplitSpec.into(threads).sharing().withMapping(mapping), threads);
    }

    /** Divides for threads at the objects of a type: cores, caches. Local; see {@link ThreadScopes}. */
    public ThreadScopes threadsAt(HwType type, int threads, Mapping mapping) {
        checkUsable();
        return new ThreadScopes(this, SplitSpec.at(type).withMapping(mapping), threads);
    }

    /**
     * Binds the calling platform thread to this scope, until the result is closed.
     *
     * @throws UnsupportedOperationException on a virtual thread
     * @throws IllegalStateException if the scope is empty
     * @throws StaleScopeException if the scope is gone
     * @throws org.jadi.scopes.error.BindException if the kernel does not bind to just these CPUs
     */
    public Binding push() {
        return push(BindMode.STRICT);
    }

    /** As {@link #push()}; the mode says what happens if the kernel does not. */
    public Binding push(BindMode mode) {
        checkUsable();
        return home.binder().push(this::cpusToBind, mode);
    }

    /** Returns a factory of threads that are bound to this scope before their code begins, whoever starts them. */
    public ThreadFactory threadFactory(String threadName) {
        checkUsable();
        return home.binder().threadFactory(threadName, this::cpusToBind);
    }

    private CpuSet cpusToBind() {
        loans.returnRecalled();
        checkUsable();
        return cpus();
    }

    /**
     * Grows, shrinks or replaces: afterwards the scope consists of what was asked for, taken from the scope of which it was made;
     * what it has is kept as far as it fits. All of it happens, or nothing. Threads that are bound to the scope follow at their
     * {@link Binding#refresh}. Collective if the scope has a group.
     *
     * @throws org.jadi.scopes.error.ResourceUnavailableException if there is not so much
     * @throws IllegalStateException if the scope was made of no other
     */
    public void resize(Request request) {
        checkMember();
        home.claims().resize(this, request);
    }

    /** Has a listener told of changes from now on. */
    public void onChange(ScopeListener listener) {
        listeners.add(listener);
    }

    /**
     * Makes a ticket by which another thread or process of the node takes this scope over. Afterwards the scope cannot be used
     * here, unless the ticket is {@link Scopes#revoke revoked} first.
     */
    public Ticket issue() {
        return issue(1, CutPolicy.WHOLE_CORES).getFirst();
    }

    /** Cuts the scope and makes a ticket for each piece; otherwise as {@link #issue()}. */
    public List<Ticket> issue(int pieces, CutPolicy policy) {
        checkUsable();
        return home.claims().issue(this, pieces, policy);
    }

    /**
     * Offers some of this scope to other processes of the node that have more work, and gives it up until it is reclaimed; by
     * whole cores. Local.
     *
     * @throws IllegalArgumentException if it is not in the scope, or is all of it
     */
    public Loan lend(CpuSet cpus) {
        checkUsable();
        return loans.lend(cpus);
    }

    /**
     * Takes what others lend, the nearest first, and makes it part of this scope. Local.
     *
     * @param most number of CPUs
     * @return what was gained; empty if nobody lends
     */
    public CpuSet borrow(int most) {
        checkUsable();
        return loans.borrow(most);
    }

    /** Gives back what its lenders have reclaimed, which {@link Binding#refresh} does too. Returns what was given back. */
    public CpuSet returnRecalled() {
        return loans.returnRecalled();
    }

    /** Gives back all that was borrowed. */
    public CpuSet returnBorrowed() {
        return loans.returnAll();
    }

    /** Returns how its CPUs are written in some formats, joined by {@code " ; "}. */
    public String describe(EnumSet<BindFormat> formats) {
        return Scopes.describe(topology(), cpus(), formats);
    }

    /** Gives back what was claimed. Does nothing the second time. Bindings to it stay until they are closed. */
    @Override
    public void close() {
        if (goneBecause == null) {
            loans.returnAll();
            gone("it is closed");
            Claim held = claim;
            if (held != null) {
                home.claims().release(held.id());
            }
            if (group != null && parent != null) {
                group.close();
            }
        }
    }

    /** Returns whether it was closed or handed over. */
    public boolean isClosed() {
        return goneBecause != null;
    }

    /** Returns name, CPUs and members. */
    @Override
    public String toString() {
        return name + " (CPUs " + cpus() + (shape.devices().isEmpty() ? "" : ", " + shape.devices()) + ", member " + rank() + " of "
                + size() + ")";
    }

    Scopes home() {
        return home;
    }

    Claim claim() {
        return claim;
    }

    void claim(Claim changed) {
        claim = changed;
    }

    void gone(String because) {
        goneBecause = because;
    }

    void back() {
        goneBecause = null;
    }

    /** Takes another shape; {@link #tell} is to follow, outside of all locks. */
    void become(CpuSet cpus, List<Device> devices) {
        shape = shape.next(cpus, devices);
    }

    /** Tells the listeners if the shape is another than it was. */
    void tell(Shape before) {
        Shape now = shape;
        if (now.epoch() != before.epoch()) {
            listeners.forEach(l -> l.onChange(this, before, now));
        }
    }

    private Group checkMember() {
        if (group == null) {
            throw new IllegalStateException("this scope is empty: its member took no part in the split");
        }
        return group;
    }

    void checkUsable() {
        checkMember();
        if (goneBecause != null) {
            throw new StaleScopeException("the scope cannot be used, because " + goneBecause + ": scope=" + name);
        }
        if (parent != null && parent.epoch() != parentThen.epoch() && epoch() == 0) {
            CpuSet lost = parentThen.cpus().andNot(parent.cpus());
            if (lost.intersects(cpus())) {
                throw new StaleScopeException("the scope cannot be used, because the one of which it was made has lost CPUs since: scope="
                        + name + " lost=" + lost.and(cpus()) + " epoch then=" + parentThen.epoch() + " now=" + parent.epoch());
            }
        }
    }
}
