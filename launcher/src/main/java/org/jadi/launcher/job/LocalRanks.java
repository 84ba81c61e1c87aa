package org.jadi.launcher.job;

import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.kvs.FenceUplink;
import org.jadi.bootstrap.kvs.KeyValueServer;
import org.jadi.launcher.output.LineRelay;
import org.jadi.launcher.program.HostResources;
import org.jadi.launcher.program.JvmFlags;

/**
 * The ranks of a job on this host: their folder in shared memory, their key-value server, their processes. All ranks of a
 * job on one host, or an agent's share of a job on several.
 *
 * <p>The kernel ties the processes to the thread that calls {@link #start}. Everything else may be called by any thread.
 */
public final class LocalRanks implements StartedRanks, AutoCloseable {
    private static final long QUIET_MILLIS = 1000;
    private static final long FLUSH_MILLIS = 100;

    private final JobPlan plan;
    private final RankLayout layout; // null if nobody asked for one
    private final BitSet members;
    private final RankTargets targets;
    private final RankListener listener;
    private final JobPlace place;
    private final KeyValueServer server;
    private final RankSpawner spawner;
    private final List<RankProcess> started = new CopyOnWriteArrayList<>();
    private final List<ProcessHandle> descendants = new CopyOnWriteArrayList<>();

    /**
     * Makes a place for ranks.
     *
     * @param folderName name of their folder, unique on this host
     * @param members which ranks
     * @param uplink where their fences are taken, or null if they are all ranks of the job
     */
    public LocalRanks(JobPlan plan, JobSecret secret, String folderName, BitSet members, RankTargets targets,
            RankListener listener, FenceUplink uplink) {
        this.plan = plan;
        this.members = members;
        this.targets = targets;
        this.listener = listener;
        layout = RankLayout.of(plan, members.cardinality());
        // Whatever else can fail comes before the folder, so that it need not be taken back.
        List<String> flags = JvmFlags.forRanks(HostResources.ofThisHost(), members.cardinality(),
                plan.archive().isEmpty() ? null : plan.archive(), plan.jvmFlags());
        place = JobPlace.create(folderName, secret);
        try {
            server = new KeyValueServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), secret, plan.jobId(), members,
                    listener, uplink);
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
        RankEnvironment environment = new RankEnvironment(plan, members.cardinality(), server.address(), place, layout);
        spawner = new RankSpawner(plan, flags, environment, layout, targets);
    }

    /**
     * Starts all. Call it on a thread that lives as long as the process.
     *
     * @param input what rank 0 reads, if it is among them
     */
    public void start(Redirect input) {
        if (layout != null) {
            layout.display(members, targets);
        }
        int localRank = 0;
        for (int rank = members.nextSetBit(0); rank >= 0; rank = members.nextSetBit(rank + 1)) {
            RankProcess process = spawner.start(rank, localRank++, input);
            started.add(process);
            listener.started(rank, process.process().pid());
            new ExitWatch(process, listener).start();
        }
        if (layout != null) {
            layout.report(started, targets);
        }
        background("jadi-sweep", place::sweepLeftovers);
    }

    /** Returns the process of a rank that was started here. */
    public Process process(int rank) {
        return find(rank).process();
    }

    /** Ends a fence that was taken to the uplink, see {@link KeyValueServer#release}. */
    public void release(byte[] pairs) {
        server.release(pairs);
    }

    /** Begins to show lines that are not finished yet when they have waited for a moment, such as questions to the user. */
    public void flushIdleOutput() {
        background("jadi-flush", this::flushForever);
    }

    /** Waits until all that the ranks have printed is on its way. Call it when no rank runs any more. */
    public void finishOutput() throws InterruptedException {
        for (RankProcess rank : started) {
            for (LineRelay relay : rank.relays()) {
                relay.finish(QUIET_MILLIS);
            }
        }
    }

    @Override
    public int size() {
        return plan.size();
    }

    @Override
    public String describe(int rank) {
        return "rank " + rank + " (pid " + find(rank).process().pid() + ")";
    }

    @Override
    public boolean isJvm(int rank) {
        return plan.program(rank).command().isJvm();
    }

    @Override
    public boolean hasJoined(int rank) {
        return server.hasJoined(rank);
    }

    @Override
    public boolean hasFinished(int rank) {
        return server.hasFinished(rank);
    }

    @Override
    public void requestState(int rank) {
        server.requestState(rank);
    }

    @Override
    public void signal(String name, BitSet ranks) {
        List<Long> pids = new ArrayList<>();
        for (RankProcess rank : started) {
            if (ranks.get(rank.rank()) && rank.process().isAlive()) {
                pids.add(rank.process().pid());
            }
        }
        Signals.send(name, pids);
    }

    @Override
    public void terminate() {
        for (RankProcess rank : started) {
            if (rank.process().isAlive()) {
                rank.process().descendants().forEach(descendants::add);
                rank.process().destroy();
            }
        }
        descendants.forEach(ProcessHandle::destroy);
    }

    @Override
    public void kill() {
        for (RankProcess rank : started) {
            if (rank.process().isAlive()) {
                rank.process().descendants().forEach(ProcessHandle::destroyForcibly);
                rank.process().destroyForcibly();
            }
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void abandon() {
        // The kernel has killed what can be killed, and tells us when it is done.
    }

    /** Ends connections, and deletes the folder. */
    @Override
    public void close() {
        server.close();
        place.close();
    }

    private RankProcess find(int rank) {
        for (RankProcess process : started) {
            if (process.rank() == rank) {
                return process;
            }
        }
        throw new IllegalArgumentException("this rank was not started here: rank=" + rank);
    }

    private void flushForever() {
        try {
            while (true) {
                Thread.sleep(FLUSH_MILLIS);
                for (RankProcess rank : started) {
                    rank.relays().forEach(relay -> relay.flushIdle(FLUSH_MILLIS * 1_000_000));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the end of one process. */
    private static final class ExitWatch extends Thread {
        private static final int STACK_BYTES = 1 << 16;
        private final RankProcess rank;
        private final RankListener listener;

        ExitWatch(RankProcess rank, RankListener listener) {
            super(null, null, "jadi-exit-".concat(Integer.toString(rank.rank())), STACK_BYTES);
            setDaemon(true);
            this.rank = rank;
            this.listener = listener;
        }

        @Override
        public void run() {
            try {
                listener.exited(rank.rank(), rank.process().waitFor());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
