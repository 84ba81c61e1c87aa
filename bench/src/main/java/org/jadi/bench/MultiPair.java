package org.jadi.bench;

/** All ranks at once, rank i with rank i + size/2: latency of small messages, then rate and bandwidth of all pairs together. */
final class MultiPair implements Program {

    @Override
    public String name() {
        return "multipair";
    }

    @Override
    public void run(Report report, Options options) {
        report.each(Kernel.MULTILATENCY, "8", point -> {
            point.print("half_round_trip", point.microsPerMessage() * report.pairs(), "us");
        });
        report.each(Kernel.MULTIPAIR, "8-1M", point -> {
            point.print("one_way", point.megabytesPerSecond(), "MB/s");
            point.print("message_rate", point.millionMessagesPerSecond(), "M/s");
        });
    }
}
