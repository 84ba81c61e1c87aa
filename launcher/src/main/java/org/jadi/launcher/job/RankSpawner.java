package org.jadi.launcher.job;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.output.LineRelay;
import org.jadi.launcher.program.Command;
import org.jadi.launcher.program.JvmFlags;

/**
 * Starts the processes of ranks. The kernel ties each to mpirun's life: {@code setpriv --pdeathsig} has it killed when the
 * thread that started it ends, so this must run on a thread that lives as long as mpirun (the main thread).
 */
public final class RankSpawner {
    private static final String[] FOLDERS = {"/usr/bin", "/bin", "/usr/sbin", "/sbin"};
    private static final File NOTHING = new File("/dev/null");

    private final JobPlan plan;
    private final List<String> jvmFlags;
    private final RankEnvironment environment;
    private final RankLayout layout; // null if nobody asked for one
    private final RankTargets targets;
    private final List<String> tie = tie("KILL");

    RankSpawner(JobPlan plan, List<String> jvmFlags, RankEnvironment environment, RankLayout layout,
            RankTargets targets) {
        this.plan = plan;
        this.jvmFlags = jvmFlags;
        this.environment = environment;
        this.layout = layout;
        this.targets = targets;
    }

    /**
     * Starts one rank.
     *
     * @param localRank its place among the ranks of this host
     * @param input what rank 0 reads; the others read nothing
     */
    RankProcess start(int rank, int localRank, Redirect input) {
        ProgramPlan program = plan.program(rank);
        List<String> line = commandLine(rank, localRank, program.command());
        if (plan.verbose()) {
            System.err.println("mpirun: rank " + rank + ": " + String.join(" ", line));
        }
        List<String> words = new ArrayList<>(tie);
        if (layout != null) {
            words.addAll(layout.binding(localRank));
        }
        words.addAll(line);
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> variables = builder.environment();
        variables.putAll(program.environment());
        environment.addTo(variables, rank, localRank);
        if (program.workingDirectory() != null) {
            builder.directory(workingDirectory(program.workingDirectory()));
        }
        builder.redirectInput(rank == 0 ? input : Redirect.from(NOTHING));
        try {
            Process process = builder.start();
            return new RankProcess(rank, process, relays(rank, process));
        } catch (IOException e) {
            throw new LauncherException(LauncherException.NOT_FOUND, "cannot start rank " + rank + ": " + e.getMessage(), e);
        }
    }

    /** Returns what is executed for a rank, flags included. */
    private List<String> commandLine(int rank, int localRank, Command command) {
        if (!command.isJvm()) {
            return command.words();
        }
        List<String> words = new ArrayList<>(command.words());
        List<String> flags = layout == null ? jvmFlags : layout.jvmFlags(localRank, plan, jvmFlags);
        words.addAll(JvmFlags.beside(flags, command.jvmWords()));
        if (plan.debugPort() > 0) {
            words.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=" + (plan.debugSuspend() ? "y" : "n")
                    + ",address=127.0.0.1:" + (plan.debugPort() + rank));
        }
        if (!plan.recordingDirectory().isEmpty()) {
            words.add("-XX:StartFlightRecording=filename=" + recording(rank));
            words.add("-Xlog:jfr+startup=error");
        }
        words.addAll(command.jvmWords());
        return words;
    }

    private String recording(int rank) {
        File directory = new File(plan.recordingDirectory()).getAbsoluteFile();
        if (!directory.isDirectory() && !directory.mkdirs()) {
            throw new LauncherException(1, "cannot make the folder of the flight recordings: " + directory);
        }
        return new File(directory, "rank-".concat(Integer.toString(rank)).concat(".jfr")).getPath();
    }

    static File workingDirectory(String name) {
        File directory = new File(name);
        if (!directory.isDirectory()) {
            throw new LauncherException(1, "working directory not found: " + directory);
        }
        return directory;
    }

    private List<LineRelay> relays(int rank, Process process) {
        String name = "jadi-output-".concat(Integer.toString(rank));
        return List.of(new LineRelay(name, process.getInputStream(), targets.out(rank)),
                new LineRelay(name.concat("-error"), process.getErrorStream(), targets.error(rank)));
    }

    /**
     * Returns the words before a command that tie its life to the calling thread's; none where that is not possible.
     *
     * @param signal the name of the signal that it gets when the thread ends
     */
    public static List<String> tie(String signal) {
        String setpriv = find("setpriv");
        // Not Linux: ranks notice by the loss of their connection.
        return setpriv == null ? List.of() : List.of(setpriv, "--pdeathsig", signal, "--");
    }

    /** Returns the words before a command that take it out of the terminal's session; none where that is not possible. */
    public static List<String> session() {
        String setsid = find("setsid");
        return setsid == null ? List.of() : List.of(setsid);
    }

    static String find(String command) {
        for (String folder : FOLDERS) {
            File file = new File(folder, command);
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        return null;
    }
}
