package org.jadi.bench;

/** Small messages per second with a window in flight. */
final class Rate implements Program {

    @Override
    public String name() {
        return "rate";
    }

    @Override
    public void run(Report report, Options options) {
        report.each(Kernel.RATE, "8", point -> point.print("message_rate", point.millionMessagesPerSecond(), "M/s"));
    }
}
