package org.jadi.launcher.remote;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The way to one agent, and through it to those below it: a remote shell and its streams. What the shell prints before the
 * agent's hello (greetings, start files that talk) is skipped.
 */
final class AgentLink {
    /** What an agent prints first, followed by a space, the version of Jadi and the end of the line. */
    static final String HELLO = "JADI-AGENT 1";

    /** What a shell prints that wants the agent itself first. */
    private static final String NEED = "JADI-NEED";

    private static final int MOST_NOISE_BYTES = 1 << 16;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_ERROR_CHARS = 2000;
    private static final long END_MILLIS = 2000;

    /** Who has started the agent. Called by the link's reader. */
    interface Owner {
        /** The agent has said hello. */
        void up(AgentLink link);

        /** The agent, or one below it, has sent a frame. */
        void received(AgentLink link, Frame frame);

        /** The link has ended; the last call. */
        void ended(AgentLink link, String why);
    }

    private final String host;
    private final Owner owner;
    private final boolean verbose;
    private final Process process;
    private final Frame first;
    private final byte[] agentJar;
    private final StringBuilder errors = new StringBuilder();
    private final long startedNanos = System.nanoTime();
    private volatile long heardNanos = startedNanos;
    private volatile long toldNanos = startedNanos;
    private volatile FrameSender sender;
    private volatile String reason;

    /**
     * Starts a remote shell.
     *
     * @param first what is sent when the agent has said hello
     * @param agentJar what is sent if the shell wants it, or null
     * @throws IOException if the remote shell cannot be executed
     */
    AgentLink(String host, List<String> command, Frame first, byte[] agentJar, Owner owner, boolean verbose)
            throws IOException {
        this.host = host;
        this.first = first;
        this.agentJar = agentJar;
        this.owner = owner;
        this.verbose = verbose;
        process = new ProcessBuilder(command).start();
    }

    /** Begins to listen; from now on the owner is told of everything. */
    void begin() {
        Thread errorReader = new Thread(this::readErrors, "jadi-agent-errors-".concat(host));
        errorReader.setDaemon(true);
        errorReader.start();
        Thread reader = new Thread(() -> read(errorReader), "jadi-agent-".concat(host));
        reader.setDaemon(true);
        reader.start();
    }

    boolean isUp() {
        return sender != null;
    }

    /** Returns when the agent was last heard of, in nanoseconds; at first, when it was started. */
    long heardNanos() {
        return heardNanos;
    }

    /** Returns when the agent last said more than that it is alive. */
    long toldNanos() {
        return toldNanos;
    }

    /** Sends a frame; drops it if the agent is not up. */
    void send(Frame frame) {
        FrameSender to = sender;
        if (to != null) {
            to.send(frame);
        }
    }

    /** Waits until what was sent is on its way, for so long at most. */
    void drain(long millis) throws InterruptedException {
        FrameSender to = sender;
        if (to != null) {
            to.drain(millis);
        }
    }

    /** Ends the link at once; an agent that can hear it takes it for the loss of its launcher. */
    void destroy(String why) {
        reason = why;
        process.destroyForcibly();
    }

    private void read(Thread errorReader) {
        String why = null;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES))) {
            String noise = awaitHello(in);
            if (noise == null) {
                heardNanos = System.nanoTime();
                sender = new FrameSender("jadi-agent-sender-".concat(host), process.getOutputStream());
                sender.send(first);
                owner.up(this);
                for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                    heardNanos = System.nanoTime();
                    if (frame.type() != FrameType.HEARTBEAT) {
                        toldNanos = heardNanos;
                        owner.received(this, frame);
                    }
                }
            } else if (!noise.isBlank()) {
                why = "it printed: " + noise.strip();
            }
        } catch (IOException | RuntimeException e) {
            why = e.toString();
        }
        owner.ended(this, ending(why, errorReader));
    }

    /** Returns null when the hello has come, or what came instead. */
    private String awaitHello(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        StringBuilder noise = new StringBuilder();
        for (int c = in.read(); c >= 0 && noise.length() < MOST_NOISE_BYTES; c = in.read()) {
            line.append((char) c);
            if (c == '\n') {
                if (line.indexOf(HELLO.concat(" ")) == 0) {
                    return null;
                }
                if (agentJar != null && line.indexOf(NEED) == 0) {
                    process.getOutputStream().write(agentJar);
                    process.getOutputStream().flush();
                } else {
                    noise.append(line);
                }
                line.setLength(0);
            }
        }
        return noise.append(line).toString();
    }

    private String ending(String why, Thread errorReader) {
        FrameSender to = sender;
        if (to != null) {
            to.close(1);
        }
        String code = "did not end";
        try {
            if (process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                code = "ended with code " + process.exitValue();
            } else {
                process.destroyForcibly();
            }
            errorReader.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (reason != null) {
            return reason;
        }
        String said;
        synchronized (errors) {
            said = errors.toString().strip().replace("\n", "; ");
        }
        return code + (why == null ? "" : ", " + why) + (said.isEmpty() ? "" : ": " + said);
    }

    private void readErrors() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getErrorStream(),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (verbose) {
                    System.err.println(host + ": " + line);
                }
                synchronized (errors) {
                    errors.append(line).append('\n');
                    errors.delete(0, Math.max(0, errors.length() - MOST_ERROR_CHARS));
                }
            }
        } catch (IOException e) {
            // Closed is what it becomes.
        }
    }
}
