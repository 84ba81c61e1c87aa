package org.jadi.scopes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jadi.scopes.node.Claim;
import org.jadi.scopes.node.ClaimState;
import org.jadi.scopes.node.ClaimTable;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Topology;

/** What a scope has lent and borrowed, a claim for each core. Monitor: leaf, but for the table's lock. */
final class Loans {
    private static final long NAP_NS = 200_000;

    private final Scope scope;
    private final List<Claim> borrowed = new ArrayList<>(); // guarded by this

    /** What was offered at once. */
    static final class Offer {
        private final List<Claim> claims = new ArrayList<>(); // guarded by the loans

        CpuSet outstanding() {
            return claims.stream().map(Claim::slots).reduce(CpuSet.EMPTY, CpuSet::or);
        }
    }

    Loans(Scope scope) {
        this.scope = scope;
    }

    private ClaimTable table() {
        return scope.home().claims().table();
    }

    /** Runs a change under the monitor, and tells the listeners of the scope outside of it. */
    private <T> T changing(Supplier<T> change) {
        Shape before = scope.shape();
        T result;
        synchronized (this) {
            result = change.get();
        }
        scope.tell(before);
        return result;
    }

    Loan lend(CpuSet cpus) {
        return changing(() -> lendLocked(cpus));
    }

    private Loan lendLocked(CpuSet cpus) {
        CpuSet own = scope.cpus().andNot(borrowedCpus());
        if (cpus.isEmpty() || !own.containsAll(cpus) || own.equals(cpus)) {
            throw new IllegalArgumentException("a scope lends some of its own CPUs, not all: lend=" + cpus + " own=" + own);
        }
        Claim held = scope.claim();
        if (held != null) {
            scope.claim(table().replace(held.id(), usage -> held.slots().andNot(cpus)));
        }
        Offer offer = new Offer();
        for (CpuSet core : scope.topology().cores(cpus)) {
            Claim claim = table().claim(ClaimTable.Claimant.sharing(scope.name() + " (lent)"), usage -> core);
            offer.claims.add(table().offer(claim.id()));
        }
        scope.become(scope.cpus().andNot(cpus), scope.shape().devices());
        return new Loan(this, offer);
    }

    boolean reclaim(Offer offer, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!changing(() -> recall(offer))) {
            if (System.nanoTime() >= end) {
                return false;
            }
            LockSupport.parkNanos(NAP_NS);
        }
        return true;
    }

    private boolean recall(Offer offer) {
        for (Claim claim : List.copyOf(offer.claims)) {
            if (table().recall(claim.id())) {
                table().release(claim.id());
                offer.claims.remove(claim);
                Claim held = scope.claim();
                if (held != null) {
                    scope.claim(table().replace(held.id(), usage -> held.slots().or(claim.slots())));
                }
                scope.become(scope.cpus().or(claim.slots()), scope.shape().devices());
            }
        }
        return offer.claims.isEmpty();
    }

    CpuSet borrow(int most) {
        return changing(() -> borrowLocked(most));
    }

    private CpuSet borrowLocked(int most) {
        CpuSet gained = CpuSet.EMPTY;
        while (gained.count() < most) {
            int room = most - gained.count();
            CpuSet here = scope.cpus();
            Claim claim = table().borrow(offers -> offers.stream().filter(o -> o.slots().count() <= room && !o.slots().intersects(here)
                    && scope.topology().cpus().containsAll(o.slots())).min(Comparator.comparingInt((Claim o) -> span(here, o.slots()))
                            .thenComparingLong(Claim::id)).orElse(null));
            if (claim == null) {
                break;
            }
            borrowed.add(claim);
            gained = gained.or(claim.slots());
            scope.become(here.or(claim.slots()), scope.shape().devices());
        }
        return gained;
    }

    private int span(CpuSet here, CpuSet offered) {
        Topology topology = scope.topology();
        return topology.smallestEnclosing(here.or(offered)).cpus().count();
    }

    CpuSet returnRecalled() {
        return changing(() -> giveBack(borrowed.stream().filter(claim -> {
            Claim now = table().find(claim);
            return now == null || now.state() == ClaimState.RECALLED;
        }).toList()));
    }

    CpuSet returnAll() {
        return changing(() -> giveBack(List.copyOf(borrowed)));
    }

    private CpuSet giveBack(List<Claim> claims) {
        CpuSet lost = CpuSet.EMPTY;
        for (Claim claim : claims) {
            lost = lost.or(claim.slots());
            borrowed.remove(claim);
        }
        if (!lost.isEmpty()) {
            // First out of the scope, then to the lender, so that at no time both think they have them.
            scope.become(scope.cpus().andNot(lost), scope.shape().devices());
            claims.forEach(claim -> table().giveBack(claim.id()));
        }
        return lost;
    }

    private CpuSet borrowedCpus() {
        return borrowed.stream().map(Claim::slots).reduce(CpuSet.EMPTY, CpuSet::or);
    }
}
