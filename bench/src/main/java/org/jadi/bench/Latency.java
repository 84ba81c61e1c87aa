package org.jadi.bench;

/** Half the round trip of one message between two ranks. */
final class Latency implements Program {

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public void run(Report report, Options options) {
        report.each(Kernel.LATENCY, "0,1-16M", point -> {
            point.print("half_round_trip", point.microsPerMessage(), "us");
        });
    }
}
