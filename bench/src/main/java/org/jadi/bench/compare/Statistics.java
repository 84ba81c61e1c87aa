package org.jadi.bench.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Medians, and the bootstrap percentile interval of a geometric mean of medians. */
final class Statistics {

    private static final int RESAMPLES = 2000;
    private static final long SEED = 20260101;

    private Statistics() {}

    /** A ratio and its 95 % interval. */
    record Estimate(double value, double low, double high) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", value, low, high);
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    private static double geometricMeanOfMedians(List<double[]> samples) {
        double sum = 0;
        for (double[] sample : samples) {
            sum += Math.log(median(sample));
        }
        return Math.exp(sum / samples.size());
    }

    /** Resamples the rounds of each size by themselves. The seed is fixed: the same raw file gives the same table. */
    static Estimate estimate(List<double[]> samples) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            List<double[]> resampled = samples.stream()
                    .map(sample -> random.ints(sample.length, 0, sample.length)
                            .mapToDouble(at -> sample[at])
                            .toArray())
                    .toList();
            means[i] = geometricMeanOfMedians(resampled);
        }
        Arrays.sort(means);
        return new Estimate(
                geometricMeanOfMedians(samples),
                means[(int) (RESAMPLES * 0.025)],
                means[(int) (RESAMPLES * 0.975)]);
    }
}
