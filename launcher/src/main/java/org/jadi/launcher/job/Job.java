package org.jadi.launcher.job;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.Randomness;
import org.jadi.bootstrap.kvs.JobEvents;
import org.jadi.bootstrap.kvs.KeyValueServer;
import org.jadi.launcher.options.JobOptions;
import org.jadi.launcher.options.ProgramSpec;
import org.jadi.launcher.program.Command;

/** One job from its start to its end: place, key-value server, processes. */
public final class Job {
    private static final long QUIET_MILLIS = 1000;
    private static final long FLUSH_MILLIS = 100;

    private final JobOptions options;
    private final List<Command> commands;
    private final List<String> jvmFlags;
    private final BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();

    /**
     * Prepares a job.
     *
     * @param commands one for each program of the options
     */
    public Job(JobOptions options, List<Command> commands, List<String> jvmFlags) {
        this.options = options;
        this.commands = commands;
        this.jvmFlags = jvmFlags;
    }

    /** Runs the job. Returns mpirun's exit code. Call it on a thread that lives as long as the process. */
    public int run() throws InterruptedException {
        JobSecret secret = JobSecret.random();
        String jobId = Randomness.name("job-");
        try (JobPlace place = JobPlace.create(jobId, secret);
                KeyValueServer server = new KeyValueServer(InetAddress.getLoopbackAddress(), secret, jobId, options.size(),
                        new Listener(events))) {
            // Before the first rank, which may be the one that makes somebody send a signal.
            Signals.listen(events);
            Outputs outputs = new Outputs(options, options.size(), new Runnable() {
                @Override
                public void run() {
                    events.add(new JobEvent.OutputGone());
                }
            });
            RankEnvironment environment = new RankEnvironment(options, options.size(), server.address(), jobId, place);
            RankSpawner spawner = new RankSpawner(options, jvmFlags, environment, outputs);
            List<RankProcess> ranks = new ArrayList<>();
            try {
                startAll(spawner, ranks);
                background("jadi-sweep", place::sweepLeftovers);
                if (outputs.toTerminal()) {
                    background("jadi-flush", () -> flushForever(ranks));
                }
                return new JobMonitor(options, server, ranks, events).run();
            } finally {
                JobKiller.killNow(ranks);
                finishOutput(ranks);
            }
        }
    }

    private void startAll(RankSpawner spawner, List<RankProcess> ranks) {
        List<ProgramSpec> programs = options.programs();
        for (int i = 0; i < programs.size(); i++) {
            for (int n = 0; n < programs.get(i).ranks(); n++) {
                if (options.verbose()) {
                    System.err.println("mpirun: rank " + ranks.size() + ": "
                            + String.join(" ", spawner.commandLine(ranks.size(), commands.get(i))));
                }
                RankProcess rank = spawner.start(ranks.size(), programs.get(i), commands.get(i));
                ranks.add(rank);
                new ExitWatch(rank, events).start();
            }
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void flushForever(List<RankProcess> ranks) {
        try {
            while (true) {
                Thread.sleep(FLUSH_MILLIS);
                for (RankProcess rank : ranks) {
                    rank.relays().forEach(relay -> relay.flushIdle(FLUSH_MILLIS * 1_000_000));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void finishOutput(List<RankProcess> ranks) throws InterruptedException {
        for (RankProcess rank : ranks) {
            for (var relay : rank.relays()) {
                relay.finish(QUIET_MILLIS);
            }
        }
    }

    /** Waits for the end of one process. */
    private static final class ExitWatch extends Thread {
        private static final int STACK_BYTES = 1 << 16;
        private final RankProcess rank;
        private final BlockingQueue<JobEvent> events;

        ExitWatch(RankProcess rank, BlockingQueue<JobEvent> events) {
            super(null, null, "jadi-exit-".concat(Integer.toString(rank.rank())), STACK_BYTES);
            setDaemon(true);
            this.rank = rank;
            this.events = events;
        }

        @Override
        public void run() {
            try {
                events.add(new JobEvent.Exited(rank.rank(), rank.process().waitFor()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Passes on what the key-value server hears. */
    private record Listener(BlockingQueue<JobEvent> events) implements JobEvents {
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
    }
}
