package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Medians by size as SVG, one picture per subject; near solid, far dashed. */
final class Plots {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 62;
    private static final int RIGHT = 165;
    private static final int TOP = 30;
    private static final int BOTTOM = 45;
    private static final Map<String, String> COLOURS = Map.ofEntries(
            Map.entry("jadi-shm-heap", "#d62728"), Map.entry("jadi-tcp-heap", "#d62728"), Map.entry("jadi-start", "#d62728"),
            Map.entry("jadi-shm-allocated", "#ff9896"), Map.entry("jadi-tcp-allocated", "#ff9896"),
            Map.entry("openmpi-shm", "#1f77b4"), Map.entry("openmpi-tcp", "#1f77b4"), Map.entry("openmpi", "#1f77b4"),
            Map.entry("jadi-ucx-posix-heap", "#d62728"), Map.entry("jadi-ucx-tcp-heap", "#d62728"),
            Map.entry("jadi-ucx-posix-allocated", "#ff9896"), Map.entry("jadi-ucx-tcp-allocated", "#ff9896"),
            Map.entry("openmpi-ucx-posix", "#17becf"), Map.entry("openmpi-ucx-tcp", "#17becf"),
            Map.entry("openmpi-ucx", "#17becf"), Map.entry("mpich-shm", "#2ca02c"), Map.entry("mpich-tcp", "#2ca02c"),
            Map.entry("mpich", "#2ca02c"), Map.entry("limit-copy", "#bbbbbb"), Map.entry("limit-pipeline", "#888888"),
            Map.entry("limit-futex", "#888888"), Map.entry("limit-socket", "#888888"));

    private final Measured measured;

    Plots(Measured measured) {
        this.measured = measured;
    }

    /** Returns pictures by file name, of all subjects with more than one size. */
    Map<String, String> all() {
        Map<String, String> pictures = new LinkedHashMap<>();
        for (Measured.Subject subject : measured.subjects()) {
            if (measured.sizes(subject).size() > 1 && !subject.kernel().equals("idle")) {
                pictures.put(
                        subject.kernel() + "-" + subject.transport() + "-" + subject.ranks() + ".svg", new Picture(subject).svg());
            }
        }
        return pictures;
    }

    private record Dot(double x, double y) {}

    /** One set of axes: sizes as powers of two side by side, values on a logarithmic scale. */
    private final class Picture {
        private final Measured.Subject subject;
        private final Unit unit;
        private final List<Integer> sizes;
        private final StringBuilder out = new StringBuilder();
        private double low = Double.POSITIVE_INFINITY;
        private double high = Double.NEGATIVE_INFINITY;

        Picture(Measured.Subject subject) {
            this.subject = subject;
            this.unit = Unit.of(subject.kernel());
            this.sizes = measured.sizes(subject).stream()
                    .filter(size -> unit != Unit.GIGABYTES || size > 0)
                    .toList();
        }

        String svg() {
            for (String job : measured.jobs(subject)) {
                for (Distance distance : List.of(Distance.NEAR, Distance.FAR)) {
                    for (Dot dot : values(job, distance)) {
                        low = Math.min(low, dot.y());
                        high = Math.max(high, dot.y());
                    }
                }
            }
            low = Math.floor(Math.log10(low) * 3) / 3;
            high = Math.max(low + 0.5, Math.ceil(Math.log10(high) * 3) / 3);
            add("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='11'>%n",
                    WIDTH, HEIGHT);
            add("<rect width='%d' height='%d' fill='#fff'/>%n", WIDTH, HEIGHT);
            add("<text x='%d' y='18' font-size='14'>%s: %s%s</text>%n", LEFT, subject, unit.text(),
                    unit.lessIsBetter() ? " (less is better)" : " (more is better)");
            axes();
            lines();
            return out.append("</svg>\n").toString();
        }

        private void add(String format, Object... values) {
            out.append(String.format(Locale.ROOT, format, values));
        }

        private List<Dot> values(String job, Distance distance) {
            List<Dot> dots = new ArrayList<>();
            for (int i = 0; i < sizes.size(); i++) {
                Measured.Point point = measured.point(subject, sizes.get(i), distance);
                if (point.has(job)) {
                    dots.add(new Dot(i, unit.value(sizes.get(i), point.median(job))));
                }
            }
            return dots;
        }

        private double x(double at) {
            return LEFT + (WIDTH - LEFT - RIGHT) * at / Math.max(1, sizes.size() - 1);
        }

        private double y(double value) {
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (Math.log10(value) - low) / (high - low);
        }

        private void axes() {
            int every = Math.max(1, sizes.size() / 9);
            for (int i = 0; i < sizes.size(); i += every) {
                add("<path d='M%.0f %dV%d' stroke='#ddd'/>", x(i), TOP, HEIGHT - BOTTOM);
                add("<text x='%.0f' y='%d' text-anchor='middle'>%s</text>%n", x(i), HEIGHT - BOTTOM + 16,
                        Unit.size(subject.kernel(), sizes.get(i)).replace(" messages", ""));
            }
            for (int exponent = (int) Math.floor(low); exponent <= high; exponent++) {
                for (int digit : new int[] {1, 2, 5}) {
                    double value = digit * Math.pow(10, exponent);
                    if (Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9) {
                        add("<path d='M%d %.0fH%d' stroke='#ddd'/>", LEFT, y(value), WIDTH - RIGHT);
                        add("<text x='%d' y='%.0f' text-anchor='end'>%s</text>%n", LEFT - 5, y(value) + 4,
                                value < 1 ? String.format(Locale.ROOT, "%." + -exponent + "f", value)
                                        : String.format(Locale.ROOT, "%.0f", value));
                    }
                }
            }
            add("<text x='%d' y='%d'>near: solid, far: dashed</text>%n", WIDTH - RIGHT + 12, HEIGHT - BOTTOM);
        }

        private void lines() {
            int row = 0;
            for (String job : measured.jobs(subject)) {
                String colour = COLOURS.getOrDefault(job, "#9467bd");
                for (Distance distance : List.of(Distance.NEAR, Distance.FAR)) {
                    List<Dot> dots = values(job, distance);
                    if (dots.isEmpty()) {
                        continue;
                    }
                    StringBuilder points = new StringBuilder();
                    for (Dot dot : dots) {
                        points.append(String.format(Locale.ROOT, "%.0f,%.1f ", x(dot.x()), y(dot.y())));
                    }
                    add("<polyline points='%s' fill='none' stroke='%s' stroke-width='%s'%s/>%n", points.toString().strip(),
                            colour, JobSpec.isJadi(job) ? "2.5" : "1.5",
                            distance == Distance.FAR ? " stroke-dasharray='6 4'" : "");
                    if (dots.size() == 1) {
                        add("<circle cx='%.0f' cy='%.1f' r='3' fill='%s'/>%n", x(dots.get(0).x()), y(dots.get(0).y()), colour);
                    }
                }
                int at = TOP + 12 + 17 * row++;
                add("<path d='M%d %dh18' stroke='%s' stroke-width='3'/>", WIDTH - RIGHT + 12, at - 4, colour);
                add("<text x='%d' y='%d'>%s</text>%n", WIDTH - RIGHT + 36, at, job);
            }
        }
    }
}
