package org.jadi.scopes;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.group.Group;
import org.jadi.scopes.group.Solo;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.load.Topologies;
import org.jadi.scopes.node.Usage;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * The entry: the machine, the scopes that there are without making them, and how to get others. Any thread.
 *
 * <p>Opening never fails because something is missing; {@link #support} tells what there is. Only {@code jadi.scopes.bind=required}
 * makes the absence of binding an error. To be closed when no scope of it is used any more; what it claims on the node is then
 * given back, and if the process dies, too.
 */
public final class Scopes implements AutoCloseable {
    private final Topology topology;
    private final Topologies loader;
    private final ThreadBinder binder;
    private final Claims claims;
    private volatile CpuSet utility;
    private Cleaner cleaner; // guarded by this; made with the first claim

    private Scopes(Topologies loader, ScopesOptions options) {
        this.loader = loader;
        this.topology = loader.local();
        this.binder = options.bind().equals("none") ? ThreadBinder.recording(topology, topology.allowed()) : loader.binder();
        if (options.bind().equals("required") && !binder.isReal()) {
            throw new ScopeException(ErrorCode.NOT_SUPPORTED, ScopesOptions.BIND + "=required, but threads cannot be bound: "
                    + binder.problem());
        }
        this.claims = new Claims(this, topology, options.claims());
        this.utility = options.utility().and(topology.cpus());
    }

    /** Opens with the settings of properties and environment. The machine is loaded once per process. */
    public static Scopes open() {
        ScopesOptions options = ScopesOptions.fromSystem();
        Topologies standard = Topologies.standard();
        return new Scopes(options.load().equals(LoadOptions.load()) ? standard : Topologies.of(options.load()), options);
    }

    /**
     * Opens with other settings.
     *
     * @throws org.jadi.scopes.error.TopologyLoadException if the library or machine that they name cannot be loaded
     * @throws ScopeException NOT_SUPPORTED if binding is required and not possible
     */
    public static Scopes open(ScopesOptions options) {
        return new Scopes(Topologies.of(options.load()), options);
    }

    /** Returns the machine. */
    public Topology topology() {
        return topology;
    }

    /** Returns what binds threads. */
    public ThreadBinder binder() {
        return binder;
    }

    /** Returns all CPUs, those included that programs may not use. */
    public Scope system() {
        return of(Solo.GROUP, Intrinsic.SYSTEM);
    }

    /** Returns all CPUs that programs may use. */
    public Scope user() {
        return of(Solo.GROUP, Intrinsic.USER);
    }

    /** Returns the CPUs with which this process was started. */
    public Scope process() {
        return of(Solo.GROUP, Intrinsic.PROCESS);
    }

    /** Returns the CPUs that are set aside for helper threads; none if none are. */
    public Scope utility() {
        return of(Solo.GROUP, Intrinsic.UTILITY);
    }

    /**
     * Returns an intrinsic scope for a group; each member gets its own. Collective. The members are on one node: over MPI, take
     * those of {@code splitType(SHARED)}, as {@code MpiScopes} does.
     *
     * <p>The group of PROCESS is this member alone.
     */
    public Scope of(Group group, Intrinsic intrinsic, Flag... flags) {
        List<Flag> given = Arrays.asList(flags);
        CpuSet cpus = switch (intrinsic) {
            case SYSTEM -> topology.cpus();
            case USER -> topology.allowed();
            case PROCESS -> launchMask();
            case UTILITY -> utility;
            case JOB -> Collective.exchange(group, "job scope", () -> launchMask().toString()).stream().map(CpuSet::parse)
                    .reduce(CpuSet.EMPTY, CpuSet::or);
        };
        if (intrinsic != Intrinsic.SYSTEM && intrinsic != Intrinsic.UTILITY && !given.contains(Flag.KEEP_UTILITY)) {
            CpuSet without = cpus.andNot(utility);
            cpus = without.isEmpty() ? cpus : without; // who is left with nothing else works there
        }
        CpuSet chosen = given.contains(Flag.NO_SMT) ? topology.withoutSmt(cpus) : cpus;
        List<Device> devices = Stream.of(HwType.GPU, HwType.NIC).flatMap(t -> topology.devices(t).stream())
                .filter(d -> intrinsic == Intrinsic.SYSTEM || intrinsic == Intrinsic.USER || d.locality().intersects(chosen)).toList();
        return new Scope(this, null, intrinsic.name(), intrinsic == Intrinsic.PROCESS ? Solo.GROUP : group, chosen, devices, null);
    }

    private CpuSet launchMask() {
        CpuSet mask = binder.launchMask().and(topology.cpus());
        return mask.isEmpty() ? topology.allowed() : mask;
    }

    /**
     * Sets CPUs aside for helper threads: UTILITY has them from now on, and USER, JOB and PROCESS have not. Scopes that there
     * are already stay as they are.
     */
    public void reserveUtility(CpuSet cpus) {
        if (!cpus.isEmpty()) {
            topology.checkCpus(cpus);
        }
        utility = cpus;
    }

    /** Enters the node as a worker of a service; see {@link Context}. */
    public Context attach(String service, long instance) {
        return attach(service, instance, Context.Role.WORKER);
    }

    /** Enters the node in a role of a service; see {@link Context}. */
    public Context attach(String service, long instance, Context.Role role) {
        return new Context(this, service, instance, role);
    }

    /**
     * Takes over what a ticket is for. Works once.
     *
     * @throws org.jadi.scopes.error.StaleScopeException if it was redeemed or revoked, has expired, or who issued it has ended;
     *     or if claims are not shared between the processes
     */
    public Scope redeem(Ticket ticket) {
        return claims.redeem(ticket);
    }

    /**
     * Takes back what a ticket of ours is for.
     *
     * @throws org.jadi.scopes.error.StaleScopeException if it was redeemed
     */
    public Scope revoke(Ticket ticket) {
        return claims.revoke(ticket);
    }

    /** Returns who claims what on the node now. */
    public Usage usage() {
        return claims.usage();
    }

    /** Returns what the calling platform thread is bound to. */
    public CpuSet current() {
        return binder.current();
    }

    /** Returns how the CPUs are written to which the calling platform thread is bound: {@code "L0-3 ; P0,8,1,9"}. */
    public String describe(EnumSet<BindFormat> formats) {
        return describe(topology, current(), formats);
    }

    static String describe(Topology topology, CpuSet cpus, EnumSet<BindFormat> formats) {
        List<String> texts = new ArrayList<>();
        for (BindFormat format : formats) {
            texts.add(switch (format) {
                case LOGICAL -> "L" + topology.toLogical(cpus);
                case PHYSICAL -> "P" + topology.inOrder(cpus).stream().map(String::valueOf).collect(Collectors.joining(","));
            });
        }
        return String.join(" ; ", texts);
    }

    /**
     * Makes the JVM size its common pool and its scheduler of virtual threads now. Whoever uses them first from a bound thread
     * gives them the size of its mask for ever.
     */
    public void sizePoolsNow() {
        ForkJoinPool.commonPool().submit(() -> { }).join();
        boolean interrupted = false;
        Thread virtual = Thread.ofVirtual().start(() -> { });
        while (virtual.isAlive()) {
            try {
                virtual.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what works here. */
    public Support support() {
        return new Support(loader.libraryName(), loader.refused(), topology.toString(), binder.isReal(), binder.isReal() ? ""
                : binder.problem(), claims.isShared(), claims.problem());
    }

    /** Gives back all that is claimed. Does nothing the second time. */
    @Override
    public void close() {
        claims.close();
    }

    Claims claims() {
        return claims;
    }

    CpuSet boundNow() {
        return Thread.currentThread().isVirtual() ? launchMask() : binder.current().and(topology.cpus());
    }

    long threadId() {
        return Thread.currentThread().isVirtual() ? 0 : binder.threadId();
    }

    /** Gives a claim back when nobody can reach its owner any more. */
    void watch(Object owner, long claim) {
        Cleaner c;
        synchronized (this) {
            if (cleaner == null) {
                cleaner = Cleaner.create(binder.unboundThreadFactory("jadi-scopes-cleaner"));
            }
            c = cleaner;
        }
        Claims of = claims;
        c.register(owner, () -> of.release(claim));
    }
}
