package org.jadi.launcher.remote;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.launcher.job.JobEvent;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.RankTargets;
import org.jadi.launcher.job.StartedRanks;
import org.jadi.launcher.output.LineTarget;

/** The ranks of a job on other hosts, as their agents tell of them. */
final class RemoteRanks implements StartedRanks, AgentTree.Node {
    private static final long QUIET_NANOS = 5_000_000_000L;
    private static final long DRAIN_MILLIS = 2000;

    private final JobPlan plan;
    private final List<AgentSpec> hosts;
    private final int[] hostOf;
    private final BlockingQueue<JobEvent> events;
    private final LineTarget[][] targets;
    private final BlockingQueue<Frame> printing = new LinkedBlockingQueue<>();
    private final Thread printer = new Thread(this::print, "jadi-printer");
    private final AgentTree tree;
    private final InputPump input;

    /** OWNER: the printer. Whether it is just writing. */
    private volatile boolean writing;

    /** OWNER: the main thread. When the printer was last seen with something to do. */
    private long busyNanos = System.nanoTime();

    // Guarded by this.
    private final long[] pids;
    private final BitSet joined = new BitSet();
    private final BitSet finished = new BitSet();

    /**
     * Prepares the ranks.
     *
     * @param task what each agent is told; its group is all hosts
     * @param files where staged files are, or null
     * @param agentJar the agent itself, or null where hosts have it
     */
    RemoteRanks(AgentTask task, StagedFiles files, byte[] agentJar, RankTargets outputs, BlockingQueue<JobEvent> events) {
        plan = task.plan();
        hosts = task.group();
        this.events = events;
        pids = new long[plan.size()];
        hostOf = new int[plan.size()];
        targets = new LineTarget[plan.size()][];
        for (int rank = 0; rank < plan.size(); rank++) {
            targets[rank] = new LineTarget[] {outputs.out(rank), outputs.error(rank)};
        }
        hosts.forEach(host -> host.ranks().stream().forEach(rank -> hostOf[rank] = host.number()));
        tree = new AgentTree(task, this, true, files, agentJar);
        input = new InputPump(bytes -> tree.send(new Frame(FrameType.INPUT, hostOf[0], bytes)));
        printer.setDaemon(true);
        printer.start();
    }

    /** Starts all. */
    void start() {
        tree.start(hosts);
    }

    /** Ends the agents and waits until what the ranks have printed stands where it belongs. */
    void end() throws InterruptedException {
        tree.beginEnd();
        tree.awaitEnd(this::isAnythingToHear);
        printing.add(new Frame(FrameType.END, Frame.ALL));
        printer.join();
    }

    /** Agents send no more while nobody reads our output; that is not their silence. */
    private boolean isAnythingToHear() {
        long now = System.nanoTime();
        if (writing || !printing.isEmpty()) {
            busyNanos = now;
        }
        return Math.min(tree.quietNanos(), now - busyNanos) < QUIET_NANOS;
    }

    @Override
    public int size() {
        return plan.size();
    }

    @Override
    public synchronized String describe(int rank) {
        return "rank " + rank + " (" + (pids[rank] == 0 ? "" : "pid " + pids[rank] + " ") + "on "
                + hosts.get(hostOf[rank]).host() + ")";
    }

    @Override
    public boolean isJvm(int rank) {
        return plan.program(rank).command().isJvm();
    }

    @Override
    public synchronized boolean hasJoined(int rank) {
        return joined.get(rank);
    }

    @Override
    public synchronized boolean hasFinished(int rank) {
        return finished.get(rank);
    }

    @Override
    public void requestState(int rank) {
        tree.send(new Frame(FrameType.STATE, hostOf[rank], new BodyWriter().integer(rank).done()));
    }

    @Override
    public void signal(String name, BitSet ranks) {
        tree.send(new Frame(FrameType.SIGNAL, Frame.ALL, new BodyWriter().set(ranks).text(name).done()));
        if (name.equals(Agent.STOP)) {
            try {
                tree.drain(DRAIN_MILLIS); // We stop next, and the agents must not take that for our end.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void terminate() {
        tree.send(new Frame(FrameType.TERMINATE, Frame.ALL));
        tree.cancelStarts();
    }

    @Override
    public void kill() {
        tree.send(new Frame(FrameType.KILL, Frame.ALL));
    }

    @Override
    public void abandon() {
        BitSet all = new BitSet();
        all.set(0, plan.size());
        tree.destroyAll("did not end");
        events.add(new JobEvent.HostLost(all, 1, "the agents did not end"));
    }

    @Override
    public void received(Frame frame) {
        BodyReader body = new BodyReader(frame.body());
        switch (frame.type()) {
            case STARTED -> started(body.integer(), body.number());
            case OUTPUT -> printing.add(frame);
            case INPUT_TAKEN -> input.taken(body.number());
            case JOINED -> note(joined, body.integer());
            case FINISHED -> note(finished, body.integer());
            case ABORTED -> events.add(new JobEvent.Aborted(rank(body.integer()), body.integer(), body.text()));
            case STATE_TOLD -> events.add(new JobEvent.StateTold(rank(body.integer()), body.text()));
            case EXITED -> events.add(new JobEvent.Exited(rank(body.integer()), body.integer()));
            case HANDED_BACK -> tree.start(known(AgentSpec.read(body)));
            case LOST -> lost(known(AgentSpec.read(body)), body.text());
            case FAILED -> events.add(new JobEvent.HostLost(hosts.get(frame.host()).ranks(), body.integer(),
                    "host " + hosts.get(frame.host()).host() + ": " + body.text()));
            default -> { } // What a newer agent may tell.
        }
    }

    /** An agent names hosts by their numbers; what they are called, and so whom we connect to, is for us to say. */
    private List<AgentSpec> known(List<AgentSpec> told) {
        return told.stream().map(spec -> hosts.get(spec.number())).toList();
    }

    private int rank(int rank) {
        if (rank < 0 || rank >= plan.size()) {
            throw new IllegalArgumentException("an agent tells of a rank that is not there: rank=" + rank);
        }
        return rank;
    }

    private void started(int rank, long pid) {
        synchronized (this) {
            pids[rank(rank)] = pid;
        }
        if (rank == 0) {
            input.start();
        }
    }

    private synchronized void note(BitSet set, int rank) {
        set.set(rank(rank));
    }

    @Override
    public void handedBack(List<AgentSpec> group, String why) {
        throw new IllegalStateException("mpirun has nobody to hand back to");
    }

    @Override
    public void lost(List<AgentSpec> group, String why) {
        BitSet ranks = new BitSet();
        group.forEach(host -> ranks.or(host.ranks()));
        events.add(new JobEvent.HostLost(ranks, 1, why));
    }

    @Override
    public void fence(byte[] pairs) {
        tree.send(new Frame(FrameType.RELEASE, Frame.ALL, pairs));
    }

    @Override
    public void beat(boolean judging) {
        // There is no node above.
    }

    /** The only one who waits for whoever reads our output; agents stop when nothing is taken. */
    private void print() {
        try {
            for (Frame frame = printing.take(); frame.type() != FrameType.END; frame = printing.take()) {
                BodyReader body = new BodyReader(frame.body());
                LineTarget target = targets[rank(body.integer())][body.integer() & 1];
                byte[] bytes = body.bytes();
                writing = true;
                target.write(bytes, bytes.length);
                writing = false;
                tree.send(new Frame(FrameType.OUTPUT_TAKEN, frame.host(), new BodyWriter().number(bytes.length).done()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
