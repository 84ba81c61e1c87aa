package org.jadi.scopes.mpi;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jadi.adi.placement.HelperSite;
import org.jadi.adi.placement.ThreadPlacement;
import org.jadi.scopes.Scope;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.error.ResourceUnavailableException;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.place.HelperPlace;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;

/**
 * Places the helper threads of Jadi's engine by {@link HelperPlace}; those that mostly sleep get all CPUs of their rank. The
 * machine is looked at by a thread of its own, which binds the helper from outside: nobody waits for it. Any thread.
 */
public final class HelperPlacement implements ThreadPlacement {
    /** For the service loader. */
    public HelperPlacement() {}

    @Override
    public Place place(Kind kind, HelperSite site, Consumer<Decision> decided) {
        ThreadBinder binder = ThreadBinder.ofThisProcess();
        if (binder == null) {
            decided.accept(new Decision(true, "not pinned: threads cannot be bound here"));
            return () -> { };
        }
        HelperPlace.Rank rank = new HelperPlace.Rank(site.localRank(), site.localSize(), site.cpus(), binder.launchMask(),
                CpuSet.parse(site.bound()), CpuSet.parse(site.utility()));
        long thread = binder.threadId();
        if (kind == Kind.BLOCKING) {
            boolean aside = !rank.utility().isEmpty();
            CpuSet cpus = aside ? rank.utility() : rank.own();
            bind(binder, thread, new HelperPlace(cpus, false, "on CPUs " + cpus + (aside ? ", which are set aside for helpers"
                    : ", all of its rank")), rank.own(), decided);
            return () -> { };
        }
        HelperPlace simple = HelperPlace.withoutTopology(site.choice(), rank);
        if (simple != null) {
            bind(binder, thread, simple, rank.own(), decided);
            return () -> { };
        }
        Held held = new Held();
        Thread.ofPlatform().daemon().name("jadi-placement").start(() -> look(binder, thread, site.choice(), rank, held, decided));
        return held;
    }

    private static void look(ThreadBinder binder, long thread, String choice, HelperPlace.Rank rank, Held held,
            Consumer<Decision> decided) {
        try {
            Scopes scopes = Scopes.open();
            held.set(scopes::close);
            if (!scopes.topology().isThisSystem()) {
                decided.accept(new Decision(true, "not pinned: the machine is not this one, " + scopes.topology().source()));
                return;
            }
            HelperPlace place = HelperPlace.choose(scopes.topology(), choice, rank, (among, near) -> claim(scopes, among, near, held));
            bind(binder, thread, place, rank.own(), decided);
        } catch (ScopeException | IllegalArgumentException | IllegalStateException e) {
            decided.accept(new Decision(true, "not pinned: " + e.getMessage()));
        }
    }

    private static CpuSet claim(Scopes scopes, CpuSet among, CpuSet near, Held held) {
        scopes.reserveUtility(among); // a view of ours alone: this object is nobody else's
        try {
            Scope claimed = scopes.utility().create(Request.of(1, HwType.PU).closeTo(near).alone());
            held.keep(claimed);
            return claimed.cpus();
        } catch (ResourceUnavailableException e) {
            return CpuSet.EMPTY;
        }
    }

    /** Binds a thread, which inherits whatever its starter had, to its place, or to all CPUs of the rank. */
    private static void bind(ThreadBinder binder, long thread, HelperPlace place, CpuSet all, Consumer<Decision> decided) {
        CpuSet cpus = place.cpus().isEmpty() ? all : place.cpus();
        try {
            if (!binder.bound(thread).equals(cpus)) {
                binder.bind(thread, cpus);
            }
            decided.accept(new Decision(place.maySpin(), place.reason()));
        } catch (ScopeException e) {
            decided.accept(new Decision(false, "not pinned: " + e.getMessage()));
        }
    }

    /** What a placed thread holds, once it is known; given back at once if the thread has ended before. */
    private static final class Held implements Place {
        private static final Runnable ENDED = () -> { };
        private final AtomicReference<Runnable> release = new AtomicReference<>();

        @SuppressWarnings("unused") // a claim goes back when nobody can reach its scope any more
        private volatile Scope kept;

        void keep(Scope scope) {
            kept = scope;
        }

        void set(Runnable action) {
            if (!release.compareAndSet(null, action)) {
                action.run();
            }
        }

        @Override
        public void close() {
            Runnable action = release.getAndSet(ENDED);
            if (action != null) {
                action.run();
            }
        }
    }
}
