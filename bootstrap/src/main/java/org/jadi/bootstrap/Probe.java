package org.jadi.bootstrap;

/**
 * The smallest rank: joins its job, meets the others once, and leaves. The build starts it to record the classes that
 * every rank needs at its start; a user can, to see whether ranks reach their launcher at all.
 */
public final class Probe {
    private Probe() {
    }

    /** Runs as one rank. */
    public static void main(String[] args) {
        try (Bootstrap job = Bootstraps.open()) {
            job.put("probe-".concat(Integer.toString(job.rank())), new byte[] {1});
            job.fence();
            boolean complete = true;
            for (int rank = 0; rank < job.size(); rank++) {
                complete &= job.get("probe-".concat(Integer.toString(rank))) != null;
            }
            System.out.println("rank ".concat(Integer.toString(job.rank())).concat(complete ? " met all" : " missed some"));
            job.finish();
        }
    }
}
