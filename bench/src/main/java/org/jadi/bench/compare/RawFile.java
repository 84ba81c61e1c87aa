package org.jadi.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A finished comparison: lines that begin with #, a header, one line per slice. */
record RawFile(List<String> notes, List<Slice> slices) {

    static RawFile read(Path csv) throws IOException {
        List<String> notes = new ArrayList<>();
        List<Slice> slices = new ArrayList<>();
        for (String line : Files.readAllLines(csv)) {
            if (line.startsWith("# ")) {
                notes.add(line.substring(2));
            } else if (!line.isEmpty() && !line.equals(Slice.HEADER)) {
                slices.add(Slice.parse(line));
            }
        }
        return new RawFile(notes, slices);
    }
}
