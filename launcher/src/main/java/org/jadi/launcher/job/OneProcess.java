package org.jadi.launcher.job;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jadi.bootstrap.JobSettings;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.program.Command;

/** A single JVM that is no rank of a job, with mpirun's own streams: ranks as threads, or a tool of the library. */
public final class OneProcess {
    /** What its shutdown hooks get. */
    private static final long GRACE_MILLIS = 500;

    private final JobOptions options;
    private final Command command;
    private final List<String> jvmFlags;

    /** Prepares the process. */
    public OneProcess(JobOptions options, Command command, List<String> jvmFlags) {
        this.options = options;
        this.command = command;
        this.jvmFlags = jvmFlags;
    }

    /** Runs it. Returns its exit code. Call it on a thread that lives as long as the process. */
    public int run() throws InterruptedException {
        List<String> words = new ArrayList<>(RankSpawner.tie("KILL"));
        words.addAll(command.words());
        words.addAll(jvmFlags);
        words.addAll(command.jvmWords());
        if (options.verbose()) {
            System.err.println("mpirun: " + String.join(" ", words));
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectInput(Redirect.INHERIT).redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        Map<String, String> variables = builder.environment();
        // Within a rank of another job, its variables would make this process that rank.
        for (String name : JobSettings.names()) {
            variables.remove(name);
        }
        variables.remove(RankEnvironment.SHM_FOLDER);
        if (!options.programs().isEmpty()) {
            variables.putAll(options.programs().get(0).environment());
            if (options.programs().get(0).workingDirectory() != null) {
                builder.directory(RankSpawner.workingDirectory(options.programs().get(0).workingDirectory()));
            }
        }
        variables.putAll(JobPlan.settings(options));
        try {
            return await(builder.start());
        } catch (IOException e) {
            throw new LauncherException(LauncherException.NOT_FOUND, "cannot start: " + e.getMessage(), e);
        }
    }

    private int await(Process process) throws InterruptedException {
        if (options.timeoutMillis() == 0) {
            return process.waitFor();
        }
        if (process.waitFor(options.timeoutMillis(), TimeUnit.MILLISECONDS)) {
            return process.exitValue();
        }
        System.err.println("mpirun: the time limit is over; what each thread is doing:");
        Signals.send("QUIT", List.of(process.pid()));
        process.waitFor(StateSurvey.DUMP_MILLIS, TimeUnit.MILLISECONDS);
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        Ending ending = Ending.timedOut(options.timeoutMillis());
        System.err.println("mpirun: " + ending.message());
        return ending.exitCode();
    }
}
