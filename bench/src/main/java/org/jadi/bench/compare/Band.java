package org.jadi.bench.compare;

import java.util.List;

/** Sizes whose ratios are averaged. */
record Band(String name, int first, int last) {

    private static final Band SOCKETS = new Band("64-256 KiB", 64 << 10, 256 << 10);

    static final List<Band> ALL = List.of(
            new Band("0-64 B", 0, 64),
            new Band("128 B-2 KiB", 65, 2 << 10),
            new Band("4-64 KiB", (2 << 10) + 1, 64 << 10),
            new Band("128 KiB-16 MiB", (64 << 10) + 1, 16 << 20),
            SOCKETS);

    /** Whether the band is of interest there: one overlaps others, and has a target of its own over tcp. */
    boolean concerns(Measured.Subject subject) {
        return this != SOCKETS || subject.kernel().equals("latency") && subject.transport().equals("tcp");
    }

    /** The least ratio to the better of the libraries as installed that is aimed at besides, or 0 for none. */
    double installedTarget(Measured.Subject subject, String job) {
        return subject.kernel().equals("latency") && job.equals("jadi-shm-heap") && first > 2 << 10 ? 2 : 0;
    }

    boolean has(int size) {
        return size >= first && size <= last;
    }

    private boolean isLast() {
        return last > 64 << 10;
    }

    /**
     * The least ratio to the best C configuration that is aimed at, or 0 for none.
     *
     * @param job one of ours
     */
    double target(Measured.Subject subject, String job) {
        if (JobSpec.isUcx(subject.transport())) {
            return 0; // what is aimed at is ucx_perftest: see bench/ucx
        }
        boolean shm = subject.transport().equals("shm");
        if (subject.ranks() > 2 && !subject.kernel().startsWith("multi")) {
            return 1;
        }
        return switch (subject.kernel()) {
            case "latency" -> this == SOCKETS ? 1.5 : shm && job.endsWith("allocated") ? 0 : 1.2;
            case "rate" -> shm ? 1.5 : 0;
            case "bandwidth" -> !shm ? 0 : isLast() ? 2 : 1.1;
            case "allreduce", "bcast", "reduce", "allgather", "alltoall", "barrier" -> isLast() ? 1.5 : 1;
            default -> 0;
        };
    }
}
