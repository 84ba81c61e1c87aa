package org.jadi.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

    private static final double FAR_ABOVE = 100;

    private final List<Slice> slices = new ArrayList<>();

    private void add(String kernel, int size, String job, int rounds, double handoff, double nanos) {
        for (int round = 0; round < rounds; round++) {
            slices.add(new Slice(round, kernel, "shm", 2, size, job, nanos, handoff, handoff));
        }
    }

    private String table() {
        return new Tables(List.of("commit: x", "loop_ns: jadi-shm-heap 8=1.0"), new Measured(slices, FAR_ABOVE)).markdown();
    }

    private void assertRow(String row) {
        String table = table();
        assertTrue(table.contains(row), table);
    }

    @Test
    void ratioIsAgainstFastestPeer() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8, "openmpi-ucx", 20, 40, 150);
        add("latency", 8, "mpich-shm", 20, 40, 300);
        assertRow("| latency | shm | 2 | near | jadi-shm-heap | 0-64 B | 1.50 [1.50, 1.50] | 1.50 at 8 B | 3.00 | - | 1.2 | yes |"
                + " 1 of 1 | 20 |");
    }

    @Test
    void withinReachOfTheRawLoopCounts() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8, "mpich-shm", 20, 40, 110);
        add("latency", 8, "limit-pipeline", 20, 40, 80);
        assertRow("1.10 at 8 B | 1.10 | 1.25 | 1.2 | limit |");
        add("latency", 8, "limit-pipeline", 20, 40, 70);
        assertRow("1.10 at 8 B | 1.10 | 1.43 | 1.2 | no |");
    }

    @Test
    void oneBadSizeSpoilsTheBand() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8, "mpich-shm", 20, 40, 300);
        add("latency", 64, "jadi-shm-heap", 20, 40, 100);
        add("latency", 64, "mpich-shm", 20, 40, 90);
        assertRow("0.90 at 64 B | 1.64 | - | 1.2 | no |");
    }

    @Test
    void librariesAsInstalledHaveATargetOfTheirOwn() {
        add("latency", 8192, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8192, "openmpi-ucx", 20, 40, 130);
        add("latency", 8192, "mpich-shm", 20, 40, 190);
        assertRow("1.30 at 8 KiB | 1.90 | - | 1.2, installed 2.0 | no |");
    }

    @Test
    void allocatedIsComparedWithHeap() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8, "jadi-shm-allocated", 20, 40, 50);
        assertRow("| latency | shm | 2 | near | 0-64 B | 2.00 [2.00, 2.00] | 2.00 at 8 B |");
    }

    @Test
    void nearAndFarAreApart() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        add("latency", 8, "openmpi-shm", 20, 180, 400);
        assertFalse(table().contains("4.00"));
        assertRow("| 8 B | far | - | 0.400 |");
    }

    @Test
    void slicesThatChangedAreLeftOut() {
        add("latency", 8, "jadi-shm-heap", 20, 40, 100);
        slices.replaceAll(slice -> slice.withAfter(180));
        add("latency", 8, "openmpi-shm", 20, 40, 150);
        assertTrue(table().contains("20 of 40 slices changed"));
    }

    @Test
    void growthOfQueuesIsShown() {
        add("posted-in-order", 64, "mpich-shm", 3, 40, 50);
        add("posted-in-order", 10_000, "mpich-shm", 3, 40, 100);
        assertRow("| posted-in-order | mpich-shm | 2.00 (near) | - | - | - |");
    }

    @Test
    void rawFileKeepsSlicesAndKeepsRunsApart(@TempDir Path folder) throws IOException {
        add("latency", 8, "jadi-shm-heap", 3, 41, 123.456);
        add("latency", 8, "mpich-shm", 3, 180, 98765432.1);
        Path file = folder.resolve("a.csv");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println("# date: today");
            out.println(RawFile.HEADER);
            RawFile.write(out, slices);
        }
        RawFile read = RawFile.read(List.of(file, file));
        assertEquals(List.of("date: today"), read.notes());
        assertEquals(12, read.slices().size());
        assertEquals(slices.get(0), read.slices().get(0));
        assertEquals(12, read.slices().stream().map(s -> s.job() + s.round()).distinct().count());
    }

    @Test
    void plotsAndPageAreComplete(@TempDir Path folder) throws IOException {
        add("bandwidth", 8, "jadi-shm-heap", 3, 40, 10);
        add("bandwidth", 4096, "jadi-shm-heap", 3, 40, 1000);
        add("barrier", 0, "jadi-shm-heap", 3, 40, 1000);
        Map<String, String> plots = new Plots(new Measured(slices, FAR_ABOVE)).all();
        assertEquals(List.of("bandwidth-shm-2.svg"), List.copyOf(plots.keySet()));
        assertTrue(plots.get("bandwidth-shm-2.svg").contains("polyline"));
        String page = Files.readString(Page.write(folder, table(), plots));
        assertTrue(page.contains("<img src=\"plots/bandwidth-shm-2.svg\""), page);
        assertTrue(page.contains("<tr><td>4 KiB</td><td>near</td><td>4.096</td></tr>"), page);
        assertTrue(Files.exists(folder.resolve("plots/bandwidth-shm-2.svg")));
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
