package org.jadi.bench;

/** Times per message where many are matched, per call of a collective operation, or from a message to a sleeper to its answer. */
final class Times implements Program {

    private final Kernel kernel;

    Times(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return kernel.programName();
    }

    @Override
    public void run(Report report, Options options) {
        String metric = switch (kernel.shape()) {
            case POSTED, UNEXPECTED -> "per_message";
            case WAKE -> "round_trip";
            case COLLECTIVE, PING_PONG, ONE_WAY, TWO_WAY -> "per_call";
        };
        String sizes = switch (kernel.shape()) {
            case POSTED, UNEXPECTED -> "1,10,100,1000,10000";
            case WAKE -> "20000";
            case COLLECTIVE, PING_PONG, ONE_WAY, TWO_WAY -> kernel == Kernel.BARRIER ? "0" : "8-1M";
        };
        report.each(kernel, sizes, point -> point.print(metric, point.microsPerMessage(), "us"));
    }
}
