package org.jadi.bench;

/** Bytes per second with a window of messages in flight, one way or, with {@code --two-way}, both ways at once. */
final class Bandwidth implements Program {

    @Override
    public String name() {
        return "bandwidth";
    }

    @Override
    public void run(Report report, Options options) {
        Kernel kernel = options.twoWay() ? Kernel.TWOWAY : Kernel.BANDWIDTH;
        report.each(kernel, "1-16M", point -> {
            point.print(options.twoWay() ? "two_way" : "one_way", point.megabytesPerSecond(), "MB/s");
        });
    }
}
