package org.jadi.launcher.job;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.JobSettings;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.hosts.ThisHost;
import org.jadi.launcher.options.LayoutOptions;
import org.jadi.launcher.output.LineTarget;
import org.jadi.launcher.program.Distribution;
import org.jadi.launcher.program.HostResources;
import org.jadi.launcher.program.JvmFlags;

/**
 * The CPUs of this host on which each of its ranks runs. Decided by the command {@code jadi-scopes} in a process of its own,
 * since the launcher knows no hardware; only where the user asked for a layout, so that nobody else waits for it. Immutable.
 */
public final class RankLayout {
    private static final String MAIN = "org.jadi.scopes.command.JadiScopes";

    /** Flags for every JVM, which are meant for the ranks; a JVM says that it has read them, and that would be part of the answer. */
    private static final List<String> JVM_OPTIONS = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    private static final long REPORT_NANOS = 5_000_000_000L;

    private final List<String> masks = new ArrayList<>();
    private final List<String> descriptions = new ArrayList<>();
    private final boolean report;
    private final boolean display;
    private final String taskset;
    private String shared = "-";
    private String note = "";

    /** Whether ranks are laid out on a machine that is not this one, where they can only count as bound. */
    private boolean trial;

    private RankLayout(JobPlan plan, int ranks) {
        report = plan.layout().contains(LayoutOptions.REPORT);
        display = plan.layout().contains(LayoutOptions.DISPLAY);
        for (String line : ask(plan, ranks)) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "machine" -> trial = words[1].equals("other");
                case "cpus" -> shared = words[1];
                case "note" -> note = line.substring("note ".length());
                case "rank" -> {
                    masks.add(words[1].equals("-") ? "" : words[1]);
                    descriptions.add(words[2]);
                }
                default -> throw new LauncherException(1, "the layout of ranks cannot be read: line=" + line);
            }
        }
        taskset = trial || masks.stream().allMatch(String::isEmpty) ? null : RankSpawner.find("taskset");
        if (taskset == null && !trial && masks.stream().anyMatch(mask -> !mask.isEmpty())) {
            throw new LauncherException(1, "ranks are bound with the command taskset, which is not on this host; install util-linux, or"
                    + " give --bind-to none");
        }
    }

    /** Returns the layout of the ranks of this host, or null if the user has asked for none. */
    static RankLayout of(JobPlan plan, int ranks) {
        return plan.layout().isEmpty() ? null : new RankLayout(plan, ranks);
    }

    /** Returns how many ranks the layout has places for on this host. */
    public static int places(JobPlan plan) {
        return new RankLayout(plan, 0).masks.size();
    }

    private static List<String> ask(JobPlan plan, int ranks) {
        List<String> words = new ArrayList<>(RankSpawner.tie("KILL"));
        words.add(java(plan));
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                "-cp", classPath(plan), MAIN, "map", "-np", Integer.toString(ranks)));
        for (String word : plan.layout()) {
            if (!word.equals(LayoutOptions.REPORT) && !word.equals(LayoutOptions.DISPLAY)) {
                words.add(word);
            }
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectInput(Redirect.from(new File("/dev/null"))).redirectErrorStream(true);
        // What the user sets for ranks, such as CPUs set aside, holds for their layout; and on other hosts nothing else is set.
        plan.programs().forEach(program -> program.environment().forEach((name, value) -> {
            if (name.startsWith("JADI_SCOPES_")) {
                builder.environment().put(name, value);
            }
        }));
        JobSettings.names().forEach(builder.environment()::remove);
        JVM_OPTIONS.forEach(builder.environment()::remove);
        List<String> lines = new ArrayList<>();
        try {
            Process process = builder.start();
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new LauncherException(code == 2 ? LauncherException.USAGE : 1, String.join("\n", lines));
            }
            return lines;
        } catch (IOException e) {
            throw new LauncherException(1, "cannot lay out ranks: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException(1, "interrupted while ranks were laid out", e);
        }
    }

    private static String java(JobPlan plan) {
        for (ProgramPlan program : plan.programs()) {
            if (program.command().isJvm()) {
                return program.command().words().getLast();
            }
        }
        return System.getProperty("java.home") + "/bin/java";
    }

    /** Our own jars; where there are none, because they came with the program, those of the program. */
    private static String classPath(JobPlan plan) {
        String home = home();
        if (home != null) {
            return new Distribution(home).classPath();
        }
        for (ProgramPlan program : plan.programs()) {
            int at = program.command().isJvm() ? program.command().jvmWords().indexOf("-cp") : -1;
            if (at >= 0) {
                return program.command().jvmWords().get(at + 1);
            }
        }
        throw new LauncherException(1, "this host has no Jadi that could lay out ranks; leave out the options that ask for it");
    }

    /** An agent is not told where Jadi is, but runs on its jars. */
    private static String home() {
        String home = System.getProperty(Distribution.HOME_PROPERTY);
        if (home != null) {
            return home;
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            File jar = new File(entry).getAbsoluteFile();
            if (jar.getName().startsWith("jadi-bootstrap") && jar.getParentFile().getName().equals("lib")) {
                return jar.getParentFile().getParent();
            }
        }
        return null;
    }

    /** Returns the words before the command of a rank that bind it, so that its JVM finds itself bound; none if it is not. */
    List<String> binding(int localRank) {
        String mask = masks.get(localRank);
        return mask.isEmpty() || trial ? List.of() : List.of(taskset, "-c", mask);
    }

    /** Returns the flags for the JVM of a rank, from its own CPUs instead of a share of the host's. */
    List<String> jvmFlags(int localRank, JobPlan plan, List<String> unbound) {
        String mask = masks.get(localRank);
        if (mask.isEmpty() || trial) {
            return unbound;
        }
        int ranks = masks.size();
        HostResources host = new HostResources(cpus(mask).cardinality() * ranks, HostResources.ofThisHost().memoryBytes());
        return JvmFlags.forRanks(host, ranks, plan.archive().isEmpty() ? null : plan.archive(), plan.jvmFlags());
    }

    /** Adds what a rank is to know of its CPUs and those of all. */
    void addTo(Map<String, String> variables, int localRank) {
        if (trial && !masks.get(localRank).isEmpty()) {
            variables.put("JADI_SCOPES_MASK", masks.get(localRank));
        }
        if (!shared.equals("-") && taskset != null) {
            variables.put("JADI_BOUND_CPUS", shared);
            variables.put("JADI_HOST_CPUS", Integer.toString(cpus(shared).cardinality()));
        }
    }

    /** Prints the layout, if the user has asked for it. */
    void display(BitSet ranks, RankTargets targets) {
        LineTarget target = targets.error(ranks.nextSetBit(0));
        if (display) {
            StringBuilder text = new StringBuilder("mpirun: ranks on ").append(ThisHost.name()).append(":\n");
            int localRank = 0;
            for (int rank = ranks.nextSetBit(0); rank >= 0; rank = ranks.nextSetBit(rank + 1)) {
                text.append(String.format("  rank %-5d %s%n", rank, descriptions.get(localRank++)));
            }
            print(target, text.toString());
        }
        if ((display || report) && !note.isEmpty()) {
            print(target, "mpirun: " + note + "\n");
        }
    }

    /** Prints where ranks run that were started, as the kernel says, if the user has asked for it. */
    void report(List<RankProcess> started, RankTargets targets) {
        if (!report) {
            return;
        }
        long deadline = System.nanoTime() + REPORT_NANOS;
        for (int i = 0; i < started.size(); i++) {
            long pid = started.get(i).process().pid();
            String wanted = masks.get(i);
            String found = allowed(pid);
            while (!trial && !wanted.isEmpty() && !found.isEmpty() && !cpus(found).equals(cpus(wanted)) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
                Thread.yield(); // The words before its command are executed one after the other; that takes milliseconds.
                found = allowed(pid);
            }
            boolean asked = trial || wanted.isEmpty() || found.isEmpty() || cpus(found).equals(cpus(wanted));
            int rank = started.get(i).rank();
            print(targets.error(rank), "[" + ThisHost.name() + ":" + pid + "] rank " + rank + " " + (asked ? descriptions.get(i)
                    : "is not bound as asked, to " + wanted) + (found.isEmpty() ? "" : " (CPUs " + found + ")") + "\n");
        }
    }

    private static void print(LineTarget target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.write(bytes, bytes.length);
    }

    /** Returns on which CPUs a process may run; empty if it has ended. */
    private static String allowed(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return line.substring("Cpus_allowed_list:".length()).strip();
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }

    private static BitSet cpus(String list) {
        BitSet cpus = new BitSet();
        for (String part : list.split(",")) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            cpus.set(first, Integer.parseInt(part.substring(dash + 1)) + 1);
        }
        return cpus;
    }
}
