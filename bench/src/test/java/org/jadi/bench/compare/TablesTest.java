package org.jadi.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {

    private static final double FAR_ABOVE = 100;

    private final List<Slice> slices = new ArrayList<>();

    private void add(String job, int rounds, double before, double after, long nanosPerMessage) {
        for (int round = 0; round < rounds; round++) {
            slices.add(new Slice(round, "latency", "shm", 8, job, 50, 100, 100 * nanosPerMessage, before, after));
        }
    }

    private String table() {
        return new Tables(new RawFile(List.of("commit: x", "loop_ns: jadi-shm-heap 8=1.0"), slices), FAR_ABOVE).markdown();
    }

    @Test
    void ratioIsAgainstFastestPeer() {
        add("jadi-shm-heap", 20, 40, 40, 100);
        add("openmpi-shm", 20, 40, 40, 150);
        add("mpich-shm", 20, 40, 40, 300);
        String table = table();
        assertTrue(table.contains("| latency | near | jadi-shm-heap | 0-64 B | 1.50 [1.50, 1.50] | 1.50 at 8 B | 1 of 1 | 20 |"), table);
    }

    @Test
    void nearAndFarAreApart() {
        add("jadi-shm-heap", 20, 40, 40, 100);
        add("openmpi-shm", 20, 180, 180, 400);
        String table = table();
        assertFalse(table.contains("4.00"), table);
        assertTrue(table.contains("| 8 B | far | - | 0.400 |"), table);
    }

    @Test
    void slicesThatChangedAreLeftOut() {
        add("jadi-shm-heap", 20, 40, 180, 100);
        add("openmpi-shm", 20, 40, 40, 150);
        assertTrue(table().contains("20 of 40 slices changed"));
    }

    @Test
    void sliceSurvivesRawFile() {
        Slice slice = new Slice(3, "twoway", "tcp", 4096, "mpich-tcp", 7, 896, 123456, 41.5, 180.25);
        Slice read = Slice.parse(slice.line());
        assertEquals(slice.line(), read.line());
        assertEquals(Distance.MIXED, read.distance(FAR_ABOVE));
    }

    @Test
    void intervalHoldsMedianAndWidensWithNoise() {
        double[] quiet = {1.0, 1.01, 0.99, 1.0, 1.0, 1.02, 0.98};
        double[] noisy = {0.5, 1.5, 1.0, 2.0, 0.7, 1.0, 0.9};
        Statistics.Estimate calm = Statistics.estimate(List.of(quiet));
        Statistics.Estimate wild = Statistics.estimate(List.of(noisy));
        assertEquals(1.0, calm.value(), 1e-9);
        assertTrue(wild.low() <= wild.value() && wild.value() <= wild.high());
        assertTrue(wild.high() - wild.low() > calm.high() - calm.low());
    }

    @Test
    void medianOfEvenNumberIsBetween() {
        assertEquals(2.5, Statistics.median(new double[] {4, 1, 2, 3}));
    }
}
