package org.jadi.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Measures on rank 0 what the command line asks for, and prints it. report.c does the same in C. */
final class Report {

    private static final int BATCHES = 11;

    private final Session session;
    private final Options options;
    private String program;

    Report(Session session, Options options) {
        this.session = session;
        this.options = options;
    }

    /** The median of a few batches at one size. */
    final class Point {

        private final int size;
        private final long iterations;
        private final double nanosPerMessage;

        private Point(int size, long iterations, double nanosPerMessage) {
            this.size = size;
            this.iterations = iterations;
            this.nanosPerMessage = nanosPerMessage;
        }

        double microsPerMessage() {
            return nanosPerMessage / 1e3;
        }

        double megabytesPerSecond() {
            return size / nanosPerMessage * 1e3;
        }

        double millionMessagesPerSecond() {
            return 1e3 / nanosPerMessage;
        }

        void print(String metric, double value, String unit) {
            String line = String.format(
                    Locale.ROOT, "%s %d %s %.4f %s %d", program, size, metric, value, unit, iterations);
            System.out.println(line);
        }
    }

    void begin(String program) {
        this.program = program;
        System.out.println("# " + program + ", " + session.ranks() + " ranks, "
                + (options.allocated() ? "allocated" : "heap") + " buffers");
        System.out.println("# name size_bytes metric value unit iterations");
    }

    int pairs() {
        return session.ranks() / 2;
    }

    void each(Kernel kernel, String defaultSizes, Consumer<Point> print) {
        List<Integer> sizes = options.sizes().isEmpty() ? Options.parseSizes(defaultSizes) : options.sizes();
        for (int size : sizes) {
            if (!kernel.fits(session.ranks(), size)) {
                System.out.println("# " + program + ": no size of " + size);
                continue;
            }
            long calibrated = session.warmUp(
                    kernel, size, options.warmupSeconds(), options.warmupIterations(), options.seconds() / BATCHES);
            long iterations = options.iterations() > 0 ? options.iterations() : calibrated;
            long[] nanos = new long[BATCHES];
            for (int b = 0; b < BATCHES; b++) {
                nanos[b] = session.lead(kernel, size, iterations, iterations > 1 ? 2 : 0).nanos();
            }
            Arrays.sort(nanos);
            Point point = new Point(
                    size, iterations, (double) nanos[BATCHES / 2] / session.messages(kernel, size, iterations));
            print.accept(point);
            if (kernel.messageBytes(size) == size) {
                point.print("loop_cost", session.loopCost(size) / 1e3, "us");
            }
            if (session.errors() > 0) {
                return;
            }
        }
    }
}
