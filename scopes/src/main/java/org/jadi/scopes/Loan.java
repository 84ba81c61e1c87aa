package org.jadi.scopes;

import java.time.Duration;
import org.jadi.scopes.topology.CpuSet;

/** What a scope has lent. Belongs to the lender, who calls it from one thread at a time. */
public final class Loan {
    private final Loans loans;
    private final Loans.Offer offer;

    Loan(Loans loans, Loans.Offer offer) {
        this.loans = loans;
        this.offer = offer;
    }

    /** Returns the CPUs that are still lent or offered; none when all are back. */
    public CpuSet cpus() {
        return offer.outstanding();
    }

    /**
     * Takes the CPUs back, and makes them part of the scope again: at once where nobody has borrowed them, otherwise when the
     * borrower gives them back, which it does at its next refresh.
     *
     * @param limit how long to wait for the borrower
     * @return whether all are back; if not, call again
     */
    public boolean reclaim(Duration limit) {
        return loans.reclaim(offer, limit);
    }

    /** Returns what is lent. */
    @Override
    public String toString() {
        return "loan of CPUs " + cpus();
    }
}
