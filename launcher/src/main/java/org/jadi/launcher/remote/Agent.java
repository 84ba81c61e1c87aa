package org.jadi.launcher.remote;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.launcher.LauncherException;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.LocalRanks;
import org.jadi.launcher.job.ProgramPlan;
import org.jadi.launcher.job.RankListener;
import org.jadi.launcher.job.RankTargets;
import org.jadi.launcher.output.LineTarget;
import org.jadi.launcher.program.Caches;

/**
 * mpirun's deputy on a host: starts the host's ranks and further agents, carries what they print, and ends with its
 * standard input, taking all that it has started with it.
 */
public final class Agent implements AgentTree.Node, RankListener, RankTargets {
    /** The signal after which mpirun stops too, and nothing is heard of it until it goes on. */
    static final String STOP = "STOP";
    static final long OUTPUT_WINDOW_BYTES = 1 << 18;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final long LAST_WORDS_MILLIS = 2000;

    private final DataInputStream in;
    private final FrameSender uplink;
    private final AgentTask task;
    private final AgentSpec me;
    private final StagedFiles files;
    private final AgentTree tree;
    private final Window output = new Window(OUTPUT_WINDOW_BYTES);
    private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();

    /** Whether the end is one in good order; empty while there is none. */
    private final BlockingQueue<Boolean> end = new ArrayBlockingQueue<>(2);
    private volatile LocalRanks ranks;
    private volatile boolean stopped;
    private volatile boolean listening;
    private volatile long heardNanos = System.nanoTime();

    private Agent(DataInputStream in, OutputStream out, AgentTask task) throws IOException {
        this.in = in;
        this.task = task;
        this.me = task.group().get(0);
        this.uplink = new FrameSender("jadi-uplink", out);
        if (task.files().isEmpty()) {
            this.files = null;
            this.tree = new AgentTree(task, this, false, null, null);
        } else {
            Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
            this.files = new StagedFiles(jar.getParent());
            this.tree = new AgentTree(task, this, false, files, Files.readAllBytes(jar));
        }
    }

    /** Runs an agent on this process's standard input and output. */
    public static void main(String[] words) throws IOException, InterruptedException {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err); // Nothing but frames may go that way.
        out.write((AgentLink.HELLO + " " + System.getProperty("jadi.version", "unknown") + "\n")
                .getBytes(StandardCharsets.US_ASCII));
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in),
                BUFFER_BYTES));
        Frame first = Frame.read(in);
        if (first != null && first.type() == FrameType.START) {
            new Agent(in, out, AgentTask.decode(first.body())).run();
        }
        Runtime.getRuntime().halt(0);
    }

    private void run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::removeAll, "jadi-cleaner"));
        try {
            JobPlan plan = task.plan();
            if (files != null) {
                for (String name : task.files()) {
                    files.fetch(name, this::ask);
                }
                plan = Staging.placed(plan, files.folder());
            }
            // The others first: they take longer. They get their files from us, so after we have them.
            tree.start(task.group().subList(1, task.group().size()));
            startRanks(cached(plan));
        } catch (IOException e) {
            tell(FrameType.FAILED, new BodyWriter().integer(1).text("cannot take the job's files: " + e));
        } catch (LauncherException e) {
            tell(FrameType.FAILED, new BodyWriter().integer(e.exitCode()).text(e.getMessage()));
        } catch (BootstrapException e) {
            tell(FrameType.FAILED, new BodyWriter().integer(1).text(e.getMessage()));
        }
        heardNanos = System.nanoTime();
        listening = true;
        daemon("jadi-downlink", this::readFrames);
        if (end.take()) {
            tree.beginEnd();
            if (ranks != null) {
                ranks.finishOutput();
            }
            // However long: what is printed waits for whoever reads mpirun's output. Only mpirun's end is ours.
            tree.awaitEnd(end::isEmpty);
        }
        removeAll();
        uplink.close(LAST_WORDS_MILLIS);
    }

    /** Asks the node above for a piece of a file, before anything else runs here. */
    private byte[] ask(String name, long offset) throws IOException {
        tell(FrameType.NEED, new BodyWriter().text(name).number(offset));
        for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
            heardNanos = System.nanoTime();
            if (frame.type() == FrameType.FILE) {
                return frame.body();
            }
            if (frame.type() != FrameType.HEARTBEAT) {
                break;
            }
        }
        end.offer(false);
        throw new IOException("the job has ended");
    }

    /** Returns the plan without a cache of classes that is not good for what stands on this host. */
    private static JobPlan cached(JobPlan plan) {
        boolean current = !plan.archive().isEmpty();
        for (ProgramPlan program : plan.programs()) {
            if (current && program.command().isJvm()) {
                List<String> words = program.command().jvmWords();
                String classPath = words.get(words.indexOf("-cp") + 1);
                current = Caches.areCurrent(plan.archive(), program.command().words().get(0),
                        List.of(classPath.split(File.pathSeparator)));
            }
        }
        return current ? plan : plan.withoutArchive();
    }

    private void startRanks(JobPlan plan) {
        LocalRanks local = new LocalRanks(plan, task.secret(), plan.jobId() + "." + me.number(), me.ranks(), this, this,
                tree::arrived);
        ranks = local;
        local.start(me.ranks().get(0) ? Redirect.PIPE : Redirect.INHERIT);
        if (task.interactive()) {
            local.flushIdleOutput();
        }
        if (me.ranks().get(0)) {
            daemon("jadi-input", () -> feed(local.process(0).getOutputStream()));
        }
    }

    /** Ends all that was started here; also when a signal ends the agent. Who comes second waits, and does not halt meanwhile. */
    private synchronized void removeAll() {
        tree.destroyAll("the agent above has ended");
        LocalRanks local = ranks;
        if (local != null) {
            local.kill();
            local.close();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void tell(FrameType type, BodyWriter body) {
        uplink.send(new Frame(type, me.number(), body.done()));
    }

    // From above.

    private void readFrames() {
        try {
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                heardNanos = System.nanoTime();
                if (frame.host() == Frame.ALL || frame.host() == me.number()) {
                    obey(frame);
                }
                // The end goes on when we have begun with ours.
                if (frame.host() != me.number() && frame.type() != FrameType.END) {
                    tree.send(frame);
                }
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("agent: cannot read frames: " + e);
        }
        endAlone();
    }

    /** Nobody is above any more: nothing printed is taken from now on, and nobody shall wait for that. */
    private void endAlone() {
        end.offer(false);
        output.give(Integer.MAX_VALUE);
    }

    private void obey(Frame frame) {
        LocalRanks local = ranks;
        if (frame.type() == FrameType.END) {
            end.offer(true);
            return;
        }
        if (local == null) {
            return; // They could not be started, as we have told.
        }
        BodyReader body = new BodyReader(frame.body());
        switch (frame.type()) {
            case RELEASE -> local.release(frame.body());
            case INPUT -> input.add(frame.body());
            case OUTPUT_TAKEN -> output.give(body.number());
            case SIGNAL -> {
                BitSet chosen = body.set();
                chosen.and(me.ranks());
                String name = body.text();
                local.signal(name, chosen);
                stopped = name.equals(STOP);
            }
            case TERMINATE -> {
                local.terminate();
                tree.cancelStarts();
            }
            case KILL -> local.kill();
            case STATE -> local.requestState(body.integer());
            default -> { } // Heartbeats, and what a newer mpirun may tell.
        }
    }

    private void feed(OutputStream rank) {
        try (rank) {
            for (byte[] bytes = input.take(); bytes.length > 0; bytes = input.take()) {
                rank.write(bytes);
                rank.flush();
                tell(FrameType.INPUT_TAKEN, new BodyWriter().number(bytes.length));
            }
        } catch (IOException e) {
            // The rank reads no more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // From the ranks here.

    @Override
    public LineTarget out(int rank) {
        return (bytes, count) -> carry(rank, 0, bytes, count);
    }

    @Override
    public LineTarget error(int rank) {
        return (bytes, count) -> carry(rank, 1, bytes, count);
    }

    private void carry(int rank, int stream, byte[] bytes, int count) {
        try {
            if (count > 0) {
                output.take(count);
                tell(FrameType.OUTPUT, new BodyWriter().integer(rank).integer(stream).bytes(bytes, count));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void started(int rank, long pid) {
        tell(FrameType.STARTED, new BodyWriter().integer(rank).number(pid));
    }

    @Override
    public void joined(int rank) {
        tell(FrameType.JOINED, new BodyWriter().integer(rank));
    }

    @Override
    public void finished(int rank) {
        tell(FrameType.FINISHED, new BodyWriter().integer(rank));
    }

    @Override
    public void aborted(int rank, int code, String reason) {
        tell(FrameType.ABORTED, new BodyWriter().integer(rank).integer(code).text(reason));
    }

    @Override
    public void state(int rank, String report) {
        tell(FrameType.STATE_TOLD, new BodyWriter().integer(rank).text(report));
    }

    @Override
    public void lost(int rank) {
        // Its process ends next, and says why.
    }

    @Override
    public void exited(int rank, int code) {
        tell(FrameType.EXITED, new BodyWriter().integer(rank).integer(code));
    }

    // From the agents below.

    @Override
    public void received(Frame frame) {
        uplink.send(frame);
    }

    @Override
    public void handedBack(List<AgentSpec> group, String why) {
        BodyWriter body = new BodyWriter();
        AgentSpec.write(group, body);
        tell(FrameType.HANDED_BACK, body.text(why));
    }

    @Override
    public void lost(List<AgentSpec> group, String why) {
        BodyWriter body = new BodyWriter();
        AgentSpec.write(group, body);
        tell(FrameType.LOST, body.text(why));
    }

    @Override
    public void fence(byte[] pairs) {
        uplink.send(new Frame(FrameType.FENCE, me.number(), pairs));
    }

    @Override
    public void beat(boolean judging) {
        uplink.send(new Frame(FrameType.HEARTBEAT, me.number()));
        if (judging && listening && !stopped && System.nanoTime() - heardNanos > task.settings().heartbeatMillis() * 1_000_000L) {
            endAlone(); // And the end of the stream may never come.
        }
    }
}
