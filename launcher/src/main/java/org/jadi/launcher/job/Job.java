package org.jadi.launcher.job;

import java.lang.ProcessBuilder.Redirect;
import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.bootstrap.JobSecret;
import org.jadi.launcher.options.JobOptions;

/** One job on this host, from its start to its end. */
public final class Job {
    private final JobOptions options;
    private final JobPlan plan;
    private final BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();

    /** Prepares a job. */
    public Job(JobOptions options, JobPlan plan) {
        this.options = options;
        this.plan = plan;
    }

    /** Runs the job. Returns mpirun's exit code. Call it on a thread that lives as long as the process. */
    public int run() throws InterruptedException {
        Outputs outputs = new Outputs(options, plan.size(), new Runnable() {
            @Override
            public void run() {
                events.add(new JobEvent.OutputGone());
            }
        });
        BitSet members = new BitSet(plan.size());
        members.set(0, plan.size());
        // Before there is a folder, which would be left behind. The monitor takes what has been sent when it begins.
        Signals.listen(events);
        try (LocalRanks ranks = new LocalRanks(plan, JobSecret.random(), plan.jobId(), members, outputs, new Listener(events),
                null)) {
            try {
                ranks.start(Redirect.INHERIT);
                if (outputs.toTerminal()) {
                    ranks.flushIdleOutput();
                }
                return new JobMonitor(options, ranks, events).run();
            } finally {
                ranks.kill();
                ranks.finishOutput();
            }
        }
    }

    /** Passes on what happens to ranks. */
    private record Listener(BlockingQueue<JobEvent> events) implements RankListener {
        @Override
        public void started(int rank, long pid) {
            // We have started it ourselves.
        }

        @Override
        public void joined(int rank) {
            // The server itself remembers who has joined.
        }

        @Override
        public void finished(int rank) {
            // And who has finished.
        }

        @Override
        public void aborted(int rank, int code, String reason) {
            events.add(new JobEvent.Aborted(rank, code, reason));
        }

        @Override
        public void state(int rank, String report) {
            events.add(new JobEvent.StateTold(rank, report));
        }

        @Override
        public void lost(int rank) {
            // Its process ends next, and says why.
        }

        @Override
        public void exited(int rank, int code) {
            events.add(new JobEvent.Exited(rank, code));
        }
    }
}
