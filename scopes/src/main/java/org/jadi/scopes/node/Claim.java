package org.jadi.scopes.node;

import org.jadi.scopes.topology.CpuSet;

/**
 * A claim as it was in the table. Immutable.
 *
 * @param id its number, never used again
 * @param state what is the matter with it
 * @param pid process that holds it
 * @param lenderPid process that lent it; 0 if it is not lent
 * @param exclusive whether nobody else may have its slots
 * @param utility whether it is for helper threads rather than for work
 * @param name who claims, in words; for contexts the name of the service
 * @param instance number beside the name
 * @param thread the kernel's number of the thread that claims, 0 if it does not matter
 * @param slots CPUs by their numbers; devices follow
 */
public record Claim(long id, ClaimState state, long pid, long lenderPid, boolean exclusive, boolean utility, String name, long instance,
        long thread, CpuSet slots) {
    /** Returns who and what, for messages. */
    @Override
    public String toString() {
        return name + (instance == 0 ? "" : "/" + instance) + " of process " + pid + (exclusive ? " alone on " : " on ") + slots;
    }
}
