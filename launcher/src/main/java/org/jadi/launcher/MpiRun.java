package org.jadi.launcher;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSettings;
import org.jadi.bootstrap.crypto.Randomness;
import org.jadi.launcher.hosts.HostSlots;
import org.jadi.launcher.hosts.HostSource;
import org.jadi.launcher.hosts.Placement;
import org.jadi.launcher.hosts.Placer;
import org.jadi.launcher.hosts.ThisHost;
import org.jadi.launcher.job.Job;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.OneProcess;
import org.jadi.launcher.job.ProgramPlan;
import org.jadi.launcher.job.RankLayout;
import org.jadi.launcher.options.HelpText;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.options.OptionParser;
import org.jadi.launcher.options.ProgramSpec;
import org.jadi.launcher.options.RemoteOptions;
import org.jadi.launcher.program.Command;
import org.jadi.launcher.program.Distribution;
import org.jadi.launcher.program.HostResources;
import org.jadi.launcher.program.JvmFlags;
import org.jadi.launcher.program.ProgramResolver;
import org.jadi.launcher.remote.RemoteJob;

/** The command {@code mpirun}. */
public final class MpiRun {
    private static final String FLAGS_VARIABLE = "JADI_JVM_FLAGS";

    /** Arguments: number of ranks, main class, its arguments. */
    private static final String IN_PROCESS_MAIN = "org.jadi.mpi.launch.InProcess";
    private static final String PRINT_CONFIG_MAIN = "org.jadi.mpi.launch.PrintConfig";

    private static final String TOPOLOGY_MAIN = "org.jadi.scopes.command.JadiScopes";

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
            case TOPOLOGY -> {
                return runTool(options, TOPOLOGY_MAIN);
            }
            case RUN -> {
                return options.printConfig() || options.inProcess() ? runOneProcess(options) : runJob(options);
            }
        }
        return 0;
    }

    private static int runJob(JobOptions options) throws InterruptedException {
        RemoteOptions remote = options.remote();
        HostSource source = HostSource.find(remote.hosts(), remote.hostFile(), System.getenv());
        Distribution distribution = new Distribution(home());
        int perHost = remote.perHost() > 0 ? remote.perHost() : options.layout().perHost();
        if (source.hosts().isEmpty() && perHost == 0) {
            settleHere(options, distribution);
            return new Job(options, plan(options, distribution, false)).run();
        }
        if (options.isUnsettled() && options.layout().saysHowMany() && perHost == 0) {
            throw new LauncherException(LauncherException.USAGE, "with several hosts the layout does not say how many ranks there are;"
                    + " give -np");
        }
        List<HostSlots> hosts = source.hosts().isEmpty() ? List.of(new HostSlots(ThisHost.name(), 0)) : source.hosts();
        options.settle(Placer.slots(hosts, perHost));
        Placement placement = Placer.bySlot(hosts, options.size(), perHost);
        if (placement.shares().size() == 1 && ThisHost.is(placement.shares().get(0).host())) {
            return new Job(options, plan(options, distribution, false)).run();
        }
        return new RemoteJob(options, plan(options, distribution, true), placement, source.slurm()).run();
    }

    /** Settles how many ranks there are on this host alone: as many as the layout has places for, else one for each CPU. */
    private static void settleHere(JobOptions options, Distribution distribution) {
        boolean ask = options.isUnsettled() && options.layout().saysHowMany();
        options.settle(ask ? RankLayout.places(plan(options, distribution, false)) : Runtime.getRuntime().availableProcessors());
    }

    /** Finds the programs. On other hosts nothing of our environment is there: what concerns Jadi, and our folder, go along. */
    private static JobPlan plan(JobOptions options, Distribution distribution, boolean elsewhere) {
        ProgramResolver resolver = new ProgramResolver(distribution, System.getenv(), options.remote().java());
        List<ProgramPlan> programs = new ArrayList<>();
        for (ProgramSpec program : options.programs()) {
            Map<String, String> variables = new LinkedHashMap<>();
            String folder = program.workingDirectory();
            if (elsewhere) {
                System.getenv().forEach((name, value) -> {
                    // But not what would make the ranks part of another job.
                    boolean ofOtherJob = JobSettings.names().contains(name) || name.startsWith("JADI_RENDEZVOUS");
                    if (name.startsWith("JADI_") && !ofOtherJob) {
                        variables.put(name, value);
                    }
                });
                // Where files are not shared, our folder means nothing: ranks begin where the remote shell does.
                folder = folder == null && options.remote().stage() ? null
                        : new File(folder == null ? "" : folder).getAbsolutePath();
            }
            variables.putAll(program.environment());
            programs.add(new ProgramPlan(program.ranks(), variables, folder, resolver.resolve(program)));
        }
        return JobPlan.of(Randomness.name("job-"), options, programs, System.getenv(FLAGS_VARIABLE), distribution.cache());
    }

    /** What needs the library itself runs as a small main of its own: mpirun knows nothing of devices and settings. */
    private static int runOneProcess(JobOptions options) throws InterruptedException {
        Distribution distribution = new Distribution(home());
        options.settle(Runtime.getRuntime().availableProcessors());
        ProgramResolver resolver = new ProgramResolver(distribution, System.getenv(), options.remote().java());
        Command command;
        if (options.printConfig()) {
            command = resolver.tool(PRINT_CONFIG_MAIN, List.of());
        } else {
            if (!options.layout().words().isEmpty()) {
                throw new LauncherException(LauncherException.USAGE, "--in-process has its ranks in one process, which cannot be laid out: "
                        + String.join(" ", options.layout().words()));
            }
            if (options.programs().size() > 1) {
                throw new LauncherException(LauncherException.USAGE, "--in-process runs one program: programs="
                        + options.programs().size());
            }
            command = resolver.inProcess(IN_PROCESS_MAIN, options.size(), resolver.resolve(options.programs().get(0)));
        }
        return runOne(options, command, distribution);
    }

    private static int runTool(JobOptions options, String main) throws InterruptedException {
        Distribution distribution = new Distribution(home());
        ProgramResolver resolver = new ProgramResolver(distribution, System.getenv(), options.remote().java());
        return runOne(options, resolver.tool(main, options.toolWords()), distribution);
    }

    private static int runOne(JobOptions options, Command command, Distribution distribution) throws InterruptedException {
        List<String> flags = JvmFlags.forRanks(HostResources.ofThisHost(), 1, distribution.cache(), System.getenv(FLAGS_VARIABLE));
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
