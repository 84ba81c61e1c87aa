package org.jadi.bench;

/** What one of the programs reports, in lines {@code name size_bytes metric value unit iterations}. */
interface Program {

    String name();

    /** Runs on rank 0. */
    void run(Report report, Options options);
}
