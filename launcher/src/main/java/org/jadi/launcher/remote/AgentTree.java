package org.jadi.launcher.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jadi.launcher.hosts.ThisHost;
import org.jadi.launcher.job.RankSpawner;

/**
 * The agents that a node (mpirun, or an agent itself) has started, each with those below it. Starts them, routes frames to
 * them, gathers their fences, and watches whether they are alive.
 *
 * <p>mpirun tries a host again, with growing pauses, until its time is over; an agent tries once and hands back what it
 * cannot start, because hosts often reach each other less well than the one that mpirun runs on.
 */
final class AgentTree implements AgentLink.Owner {
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5000;
    private static final long HELLO_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 200;
    private static final int BEATS_PER_LIMIT = 5;
    private static final long SLOWEST_BEAT_NANOS = 2_000_000_000L;

    /** What a shell answers that does not find the agent's java. */
    private static final String NOT_FOUND = "ended with code 127";

    /** The node that a tree hangs on. Called by several threads: implementations do not block. */
    interface Node {
        /** An agent below has sent a frame that is not for this node's tree. */
        void received(Frame frame);

        /** Agents cannot be started from here. */
        void handedBack(List<AgentSpec> group, String why);

        /** Agents are gone for good. */
        void lost(List<AgentSpec> group, String why);

        /** All ranks of this node and below have come to a fence. */
        void fence(byte[] pairs);

        /**
         * It is time to show the node above that this one is alive.
         *
         * @param judging whether to judge the other's silence too; not when we were stopped for a while ourselves
         */
        void beat(boolean judging);
    }

    /** Agents that are reached by one link: the first of the group, and those that it starts in its turn. */
    private static final class Branch {
        private final List<AgentSpec> group;
        private final int attempt;
        private AgentLink link;
        private byte[] fence;

        Branch(List<AgentSpec> group, int attempt) {
            this.group = group;
            this.attempt = attempt;
        }

        AgentSpec head() {
            return group.get(0);
        }
    }

    private final AgentTask task;
    private final Node node;
    private final boolean root;
    private final StagedFiles files;
    private final byte[] agentJar;
    private final long deadlineNanos;
    private final Starter starter = new Starter();

    /** Not KILL: a shell that only executes what follows becomes the agent itself, which has to tidy up. */
    private final List<String> tie = RankSpawner.tie("TERM");

    /** A session of its own, or Ctrl-C on the terminal would end the remote shells before the ranks. */
    private final List<String> session = RankSpawner.session();

    // Guarded by this.
    private final List<Branch> branches = new ArrayList<>();
    private final Map<Integer, Branch> routes = new HashMap<>();
    private byte[] ownFence;
    private boolean ending;

    /**
     * Prepares a tree.
     *
     * @param task what each agent is told, but for its group
     * @param root whether the node is mpirun, which has no ranks of its own
     * @param files where staged files are, or null where nothing is staged
     * @param agentJar the agent itself, or null where hosts have it
     */
    AgentTree(AgentTask task, Node node, boolean root, StagedFiles files, byte[] agentJar) {
        this.task = task;
        this.node = node;
        this.root = root;
        this.files = files;
        this.agentJar = agentJar;
        this.deadlineNanos = System.nanoTime() + task.settings().startMillis() * 1_000_000L;
        Thread thread = new Thread(this::beatForever, "jadi-heartbeat");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts agents, the first ones from here and the others through them. */
    synchronized void start(List<AgentSpec> specs) {
        List<AgentSpec> remote = new ArrayList<>();
        for (AgentSpec spec : specs) {
            if (isHere(spec)) {
                add(new Branch(List.of(spec), 0), 0);
            } else {
                remote.add(spec);
            }
        }
        int groups = Math.min(task.settings().fanOut(), remote.size());
        for (int i = 0; i < groups; i++) {
            int from = (int) ((long) remote.size() * i / groups);
            int to = (int) ((long) remote.size() * (i + 1) / groups);
            add(new Branch(List.copyOf(remote.subList(from, to)), 0), 0);
        }
    }

    private boolean isHere(AgentSpec spec) {
        return root && ThisHost.is(spec.host());
    }

    private void add(Branch branch, long delayMillis) {
        branches.add(branch);
        branch.group.forEach(spec -> routes.put(spec.number(), branch));
        starter.start(delayMillis, () -> open(branch));
    }

    /** Starts a remote shell, on the starter's thread and not under our lock: it may take long, and hearts go on beating. */
    private void open(Branch branch) {
        TreeSettings settings = task.settings();
        AgentSpec head = branch.head();
        synchronized (this) {
            if (!branches.contains(branch)) {
                starter.settled();
                return;
            }
        }
        List<String> command = command(head, settings);
        if (settings.verbose()) {
            System.err.println("mpirun: agent " + head.number() + " on " + head.host() + ": " + String.join(" ", command));
        }
        AgentLink link;
        try {
            link = new AgentLink(head.host(), command, new Frame(FrameType.START, head.number(), task.with(branch.group).encode()),
                    agentJar, this, settings.verbose());
        } catch (IOException e) {
            starter.settled();
            failed(branch, e.getMessage());
            return;
        }
        synchronized (this) {
            if (branches.contains(branch)) {
                branch.link = link;
            }
        }
        if (branch.link == link) {
            link.begin();
        } else {
            link.destroy("was not needed any more");
            starter.settled();
        }
    }

    /** An agent here is not tied to us: it ends with its input, and tidies up before. A remote shell would live on. */
    private List<String> command(AgentSpec spec, TreeSettings settings) {
        boolean here = isHere(spec);
        List<String> command = new ArrayList<>(here ? List.of() : tie);
        command.addAll(session);
        command.addAll(here ? settings.agent() : RemoteShell.command(settings.shell(), spec.host(), settings.agent()));
        return command;
    }

    @Override
    public void up(AgentLink link) {
        starter.settled();
    }

    @Override
    public void received(AgentLink link, Frame frame) {
        if (frame.type() == FrameType.NEED) {
            link.send(piece(frame));
            return;
        }
        if (frame.type() != FrameType.FENCE) {
            node.received(frame);
            return;
        }
        synchronized (this) {
            Branch branch = branchOf(link);
            if (branch != null) {
                branch.fence = frame.body();
                completeFence();
            }
        }
    }

    private Frame piece(Frame request) {
        BodyReader body = new BodyReader(request.body());
        try {
            return new Frame(FrameType.FILE, request.host(), files.piece(body.text(), body.number()));
        } catch (IOException e) {
            // As if the file ended here; the agent sees that it is not what it should be, and says so.
            return new Frame(FrameType.FILE, request.host());
        }
    }

    @Override
    public void ended(AgentLink link, String why) {
        Branch branch;
        boolean wasUp = link.isUp();
        boolean expected;
        synchronized (this) {
            branch = branchOf(link);
            expected = ending;
            if (branch != null && (wasUp || ending)) {
                remove(branch);
            }
            notifyAll();
        }
        if (!wasUp) {
            starter.settled();
        }
        if (branch == null || expected) {
            return;
        }
        if (wasUp) {
            node.lost(branch.group, "lost host " + branch.head().host() + ": " + why);
        } else {
            failed(branch, why);
        }
    }

    /** An agent could not be started. */
    private void failed(Branch branch, String why) {
        List<AgentSpec> head = List.of(branch.head());
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(branch.attempt, 10));
        boolean again = root && Transience.of(why) && System.nanoTime() + pause * 1_000_000 - deadlineNanos < 0;
        synchronized (this) {
            if (!root) {
                node.handedBack(branch.group, why); // before a fence goes up, which the root would take for one of all
            }
            remove(branch);
            if (again) {
                add(new Branch(head, branch.attempt + 1), pause);
            }
            if (root && branch.group.size() > 1) {
                start(branch.group.subList(1, branch.group.size()));
            }
            if (!root && !ending) {
                completeFence();
            }
        }
        if (root && !again) {
            node.lost(head, "cannot start on host " + branch.head().host() + ": " + why + (why.startsWith(NOT_FOUND)
                    ? "; is there no Java at that path? (--java PATH)" : ""));
        }
    }

    /** The node's own ranks have come to a fence. */
    synchronized void arrived(byte[] pairs) {
        ownFence = pairs;
        completeFence();
    }

    private void completeFence() {
        int length = 0;
        for (Branch branch : branches) {
            if (branch.fence == null) {
                return;
            }
            length += branch.fence.length;
        }
        if (!root && ownFence == null) {
            return;
        }
        byte[] all = ownFence == null ? new byte[length] : Arrays.copyOf(ownFence, length + ownFence.length);
        int at = all.length - length;
        for (Branch branch : branches) {
            System.arraycopy(branch.fence, 0, all, at, branch.fence.length);
            at += branch.fence.length;
            branch.fence = null;
        }
        ownFence = null;
        node.fence(all);
    }

    /** Sends a frame to its host, or to all. */
    synchronized void send(Frame frame) {
        if (frame.host() == Frame.ALL) {
            for (Branch branch : branches) {
                sendTo(branch, frame);
            }
        } else if (routes.containsKey(frame.host())) {
            sendTo(routes.get(frame.host()), frame);
        }
    }

    /** Waits until what was sent is on its way, for so long at most to each agent. */
    void drain(long millis) throws InterruptedException {
        List<Branch> all;
        synchronized (this) {
            all = List.copyOf(branches);
        }
        for (Branch branch : all) {
            if (branch.link != null) {
                branch.link.drain(millis);
            }
        }
    }

    private static void sendTo(Branch branch, Frame frame) {
        if (branch.link != null) {
            branch.link.send(frame);
        }
    }

    /** Gives up agents that have not said hello yet; they count as lost. */
    void cancelStarts() {
        List<Branch> cancelled = new ArrayList<>();
        synchronized (this) {
            for (Branch branch : List.copyOf(branches)) {
                if (branch.link == null || !branch.link.isUp()) {
                    remove(branch);
                    cancelled.add(branch);
                }
            }
        }
        for (Branch branch : cancelled) {
            if (branch.link != null) {
                branch.link.destroy("was not needed any more");
            }
            node.lost(branch.group, "host " + branch.head().host() + " was not started yet");
        }
    }

    /** Asks all agents to end. */
    void beginEnd() {
        cancelStarts();
        synchronized (this) {
            ending = true;
            send(new Frame(FrameType.END, Frame.ALL));
        }
    }

    /** Waits for the end of all agents, as long as a condition holds; then ends what is left. */
    void awaitEnd(BooleanSupplier goOn) {
        try {
            while (goOn.getAsBoolean()) {
                synchronized (this) {
                    if (branches.isEmpty()) {
                        return;
                    }
                    wait(LOOK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        destroyAll("did not end");
    }

    /** Ends all links at once. */
    void destroyAll(String why) {
        List<Branch> left;
        synchronized (this) {
            ending = true;
            left = List.copyOf(branches);
        }
        for (Branch branch : left) {
            if (branch.link != null) {
                branch.link.destroy(why);
            }
        }
    }

    /** Returns for how long no agent has told anything but that it is alive. */
    synchronized long quietNanos() {
        long now = System.nanoTime();
        long least = Long.MAX_VALUE;
        for (Branch branch : branches) {
            if (branch.link != null) {
                least = Math.min(least, now - branch.link.toldNanos());
            }
        }
        return least;
    }

    private Branch branchOf(AgentLink link) {
        for (Branch branch : branches) {
            if (branch.link == link) {
                return branch;
            }
        }
        return null;
    }

    private void remove(Branch branch) {
        if (branches.remove(branch)) {
            branch.group.forEach(spec -> routes.remove(spec.number(), branch));
        }
    }

    private void beatForever() {
        boolean limited = task.settings().heartbeatMillis() > 0;
        long limit = limited ? task.settings().heartbeatMillis() * 1_000_000L : Long.MAX_VALUE;
        long pause = Math.min(SLOWEST_BEAT_NANOS, Math.max(1_000_000, limit / BEATS_PER_LIMIT));
        long judgeFrom = System.nanoTime();
        long due = judgeFrom;
        try {
            while (true) {
                due += pause;
                Thread.sleep(Math.max(0, due - System.nanoTime()) / 1_000_000);
                long now = System.nanoTime();
                if (now - due > pause) {
                    // We were late ourselves: stopped, or without a CPU. What the others have sent meanwhile has to be read first.
                    judgeFrom = now + limit;
                    due = now;
                }
                boolean judging = limited && now - judgeFrom >= 0;
                node.beat(judging);
                watch(limit, judging);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(long limitNanos, boolean judging) {
        List<Branch> all;
        synchronized (this) {
            all = List.copyOf(branches);
        }
        long helloNanos = Math.min(task.settings().startMillis(), HELLO_MILLIS) * 1_000_000L;
        for (Branch branch : all) {
            AgentLink link = branch.link;
            if (link == null) {
                continue;
            }
            link.send(new Frame(FrameType.HEARTBEAT, branch.head().number()));
            long silence = System.nanoTime() - link.heardNanos();
            if (link.isUp() && silence > limitNanos && judging) {
                link.destroy("it has fallen silent, nothing was heard of it for " + seconds(limitNanos));
            } else if (!link.isUp() && silence > helloNanos) {
                link.destroy("the remote shell did not answer within " + seconds(helloNanos));
            }
        }
    }

    private static String seconds(long nanos) {
        long millis = nanos / 1_000_000;
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
