package org.jadi.launcher.remote;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.bootstrap.JobSecret;
import org.jadi.launcher.hosts.Placement;
import org.jadi.launcher.job.JobEvent;
import org.jadi.launcher.job.JobMonitor;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.Outputs;
import org.jadi.launcher.job.Signals;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.options.RemoteOptions;
import org.jadi.launcher.program.Distribution;

/** One job on several hosts, from its start to its end. */
public final class RemoteJob {
    private static final int FAN_OUT = 8;
    private static final String ARCHIVE = "agent.jsa";

    /** For the build and for diagnosis, as JADI_LAUNCHER_FLAGS is for mpirun itself. */
    private static final String FLAGS_VARIABLE = "JADI_AGENT_FLAGS";
    private static final String SSH = "ssh";

    /** A step that shares the CPUs of the allocation with all others, and is no MPI job for Slurm. */
    private static final String SRUN = "srun --nodes=1 --ntasks=1 --nodelist={host} --overlap --mem=0 --mpi=none"
            + " --cpu-bind=none --unbuffered sh -c";

    private final JobOptions options;
    private final JobPlan plan;
    private final Placement placement;
    private final boolean slurm;
    private final BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();

    /**
     * Prepares a job.
     *
     * @param slurm whether the hosts are Slurm's, which are then reached through it
     */
    public RemoteJob(JobOptions options, JobPlan plan, Placement placement, boolean slurm) {
        this.options = options;
        this.plan = plan;
        this.placement = placement;
        this.slurm = slurm;
    }

    /** Runs the job. Returns mpirun's exit code. */
    public int run() throws InterruptedException {
        Outputs outputs = new Outputs(options, plan.size(), () -> events.add(new JobEvent.OutputGone()));
        Signals.listen(events);
        RemoteRanks ranks = ranks(outputs);
        try {
            ranks.start();
            return new JobMonitor(options, ranks, events).run();
        } finally {
            ranks.end();
        }
    }

    private RemoteRanks ranks(Outputs outputs) {
        List<String> java = java(options.remote().java());
        JobSecret secret = JobSecret.random();
        if (!options.remote().stage()) {
            AgentTask task = new AgentTask(AgentSpec.of(placement), settings(installed(java)), secret, plan,
                    outputs.toTerminal(), List.of());
            return new RemoteRanks(task, null, null, outputs, events);
        }
        Staging staging = new Staging(System.getenv());
        JobPlan staged = staging.staged(plan);
        byte[] jar = Staging.agentJar(System.getProperty("java.class.path"));
        AgentTask task = new AgentTask(AgentSpec.of(placement), settings(Staging.agentCommand(jar, java)), secret, staged,
                outputs.toTerminal(), staging.needed());
        return new RemoteRanks(task, staging.files(), jar, outputs, events);
    }

    private TreeSettings settings(List<String> agent) {
        RemoteOptions remote = options.remote();
        String shell = remote.shell() != null ? remote.shell() : slurm ? SRUN : SSH;
        return new TreeSettings(List.of(shell.strip().split("\\s+")), agent, FAN_OUT, (int) Math.min(remote.heartbeatMillis(), Integer.MAX_VALUE),
                (int) Math.min(remote.startMillis(), Integer.MAX_VALUE), options.verbose());
    }

    /** The java of agents with its flags: as mpirun itself, an agent lives shortly and does little. */
    private static List<String> java(String java) {
        List<String> words = new ArrayList<>();
        words.add(java == null ? System.getProperty("java.home") + "/bin/java" : java);
        // Nothing but frames may go to the standard output, and a JVM has things to say of its own.
        words.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable",
                "-Xlog:all=warning,cds=off,cds+dynamic=off,class+path=off:stderr"));
        // Containers and namespaces may share /tmp and have the same pids: no files for jps there.
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m", "-XX:-UsePerfData",
                "-Djadi.version=" + System.getProperty("jadi.version", "unknown")));
        String flags = System.getenv(FLAGS_VARIABLE);
        if (flags != null && !flags.isBlank()) {
            words.addAll(List.of(flags.strip().split("\\s+")));
        }
        return words;
    }

    /** The agent of a Jadi that stands at the same place on all hosts. */
    private List<String> installed(List<String> java) {
        List<String> words = new ArrayList<>(java);
        String caches = System.getProperty(Distribution.CACHES_PROPERTY);
        File archive = new File(caches == null ? "" : caches, ARCHIVE);
        if (caches != null && archive.isFile()) {
            words.add("-XX:SharedArchiveFile=" + archive.getAbsolutePath());
        }
        words.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), Agent.class.getName()));
        return words;
    }

    private static String absolute(String classPath) {
        StringBuilder path = new StringBuilder();
        for (String entry : classPath.split(File.pathSeparator)) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(new File(entry).getAbsolutePath());
        }
        return path.toString();
    }
}
