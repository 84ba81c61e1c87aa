package org.jadi.launcher;

import java.util.ArrayList;
import java.util.List;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.launcher.job.Job;
import org.jadi.launcher.job.OneProcess;
import org.jadi.launcher.options.HelpText;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.options.OptionParser;
import org.jadi.launcher.options.ProgramSpec;
import org.jadi.launcher.program.Command;
import org.jadi.launcher.program.Distribution;
import org.jadi.launcher.program.HostResources;
import org.jadi.launcher.program.JvmFlags;
import org.jadi.launcher.program.ProgramResolver;

/** The command {@code mpirun}. */
public final class MpiRun {
    private static final String FLAGS_VARIABLE = "JADI_JVM_FLAGS";

    /** Arguments: number of ranks, main class, its arguments. */
    private static final String IN_PROCESS_MAIN = "org.jadi.mpi.launch.InProcess";
    private static final String PRINT_CONFIG_MAIN = "org.jadi.mpi.launch.PrintConfig";

    private MpiRun() {
    }

    /** Runs a job, and ends with its exit code. */
    public static void main(String[] words) throws InterruptedException {
        int code;
        try {
            code = run(OptionParser.parse(words, System.getenv()));
        } catch (LauncherException e) {
            System.err.println("mpirun: ".concat(e.getMessage()));
            code = e.exitCode();
        } catch (BootstrapException e) {
            System.err.println("mpirun: ".concat(e.getMessage()));
            code = 1;
        }
        System.exit(code);
    }

    private static int run(JobOptions options) throws InterruptedException {
        switch (options.mode()) {
            case HELP -> System.out.print(HelpText.text());
            case VERSION -> System.out.println("mpirun (Jadi) " + System.getProperty("jadi.version", "unknown") + ", Java "
                    + Runtime.version());
            case RUN -> {
                return options.printConfig() || options.inProcess() ? runOneProcess(options) : runJob(options);
            }
        }
        return 0;
    }

    private static int runJob(JobOptions options) throws InterruptedException {
        Distribution distribution = new Distribution(home());
        ProgramResolver resolver = new ProgramResolver(distribution, System.getenv());
        List<Command> commands = new ArrayList<>();
        for (ProgramSpec program : options.programs()) {
            commands.add(resolver.resolve(program));
        }
        List<String> flags = JvmFlags.forRanks(HostResources.ofThisHost(), options.size(), distribution.cache(),
                System.getenv(FLAGS_VARIABLE));
        return new Job(options, commands, flags).run();
    }

    /** What needs the library itself runs as a small main of its own: mpirun knows nothing of devices and settings. */
    private static int runOneProcess(JobOptions options) throws InterruptedException {
        Distribution distribution = new Distribution(home());
        ProgramResolver resolver = new ProgramResolver(distribution, System.getenv());
        Command command;
        if (options.printConfig()) {
            command = resolver.tool(PRINT_CONFIG_MAIN, List.of());
        } else {
            if (options.programs().size() > 1) {
                throw new LauncherException(LauncherException.USAGE, "--in-process runs one program: programs="
                        + options.programs().size());
            }
            command = resolver.inProcess(IN_PROCESS_MAIN, options.size(), resolver.resolve(options.programs().get(0)));
        }
        List<String> flags = JvmFlags.forRanks(HostResources.ofThisHost(), 1, distribution.cache(),
                System.getenv(FLAGS_VARIABLE));
        return new OneProcess(options, command, flags).run();
    }

    private static String home() {
        String home = System.getProperty(Distribution.HOME_PROPERTY);
        if (home == null) {
            throw new LauncherException(1, "the launcher does not know where Jadi is: start it with the mpirun script, or set -D"
                    + Distribution.HOME_PROPERTY);
        }
        return home;
    }
}
