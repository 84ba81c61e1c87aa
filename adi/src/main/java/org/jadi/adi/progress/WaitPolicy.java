package org.jadi.adi.progress;

/**
 * How an idle polling thread spends its time: it spins, then yields its CPU at every turn, then sleeps.
 *
 * @param spinNs how long it polls without giving up its CPU; 0 where ranks share CPUs
 * @param yieldNs how long it goes on polling, yielding between turns
 * @param sleepNs longest sleep between two looks, in case a ring was missed
 */
public record WaitPolicy(long spinNs, long yieldNs, long sleepNs) {
    /** Sleeps at once: for tests of the way into and out of sleep. */
    public static final WaitPolicy SLEEP_AT_ONCE = new WaitPolicy(0, 0, 50_000_000);

    /** Returns the policy for a number of ranks on a number of CPUs. */
    public static WaitPolicy forLoad(int ranks, int cpus) {
        return ranks <= cpus ? new WaitPolicy(50_000, 500_000, 20_000_000) : new WaitPolicy(0, 1_000_000, 20_000_000);
    }
}
