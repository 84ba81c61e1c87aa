package org.jadi.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Measures between slices how long a cache line takes from one CPU to the other, with limits/handoff.c. */
final class Handoff implements AutoCloseable {

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    Handoff(String program, double millis) throws IOException {
        process = new ProcessBuilder(program, "--serve", Double.toString(millis)).start();
        commands = process.outputWriter(StandardCharsets.US_ASCII);
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    double nanos() throws IOException {
        commands.write("go\n");
        commands.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("handoff ended");
        }
        return Double.parseDouble(line.substring("@ handoff ".length()));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
