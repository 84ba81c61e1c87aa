package org.jadi.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Where and with what a comparison ran: the head of its raw file. */
final class Machine {

    private Machine() {}

    static List<String> description(String commit, boolean mpich, boolean openMpi) {
        List<String> lines = new ArrayList<>();
        lines.add("date: " + LocalDate.now(ZoneOffset.UTC));
        lines.add("commit: " + commit);
        lines.add("cpu: " + cpuModel() + ", " + Runtime.getRuntime().availableProcessors() + " usable");
        lines.add("kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        lines.add("jdk: " + System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"));
        if (openMpi) {
            lines.add("openmpi: " + firstLine("mpirun.openmpi", "--version"));
        }
        if (mpich) {
            lines.add("mpich: " + firstLine("mpichversion"));
        }
        return lines;
    }

    private static String cpuModel() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String firstLine(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("unknown").replaceAll("\\s+", " ").strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Bytes that went over the loopback interface: the proof that a job uses tcp, or does not. */
    static long loopbackBytes() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/sys/class/net/lo/statistics/tx_bytes")).strip());
        } catch (IOException e) {
            return 0;
        }
    }
}
