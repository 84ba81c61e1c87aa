package org.jadi.bench.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One or more finished comparisons: lines that begin with #, a header, and a line for all slices of one job at one point, so
 * that a whole run stays below half a megabyte.
 */
record RawFile(List<String> notes, List<Slice> slices) {

    static final String HEADER = "kernel,transport,ranks,size,job,round:value:handoff_before_ns:handoff_after_ns ...";

    /** Rounds of different files never happened at the same time. */
    private static final int ROUNDS_OF_A_FILE = 10_000;

    static RawFile read(List<Path> files) throws IOException {
        Set<String> notes = new LinkedHashSet<>();
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            for (String line : Files.readAllLines(files.get(i))) {
                if (line.startsWith("# ")) {
                    notes.add(line.substring(2));
                } else if (!line.isEmpty() && !line.equals(HEADER)) {
                    int first = i * ROUNDS_OF_A_FILE;
                    parse(line).forEach(slice -> slices.add(slice.withRound(first + slice.round())));
                }
            }
        }
        return new RawFile(List.copyOf(notes), slices);
    }

    static List<Slice> parse(String line) {
        String[] place = line.split(",", 6);
        List<Slice> slices = new ArrayList<>();
        for (String figures : place[5].split(" ")) {
            slices.add(Slice.parse(place, figures));
        }
        return slices;
    }

    /** The slices of one point: a line for each job. */
    static void write(PrintWriter raw, List<Slice> slices) {
        Map<String, String> lines = slices.stream().collect(Collectors.groupingBy(
                Slice::place, LinkedHashMap::new, Collectors.mapping(Slice::figures, Collectors.joining(" "))));
        lines.forEach((place, figures) -> raw.println(place + figures));
        raw.flush();
    }
}
