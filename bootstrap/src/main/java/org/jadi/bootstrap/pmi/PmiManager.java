package org.jadi.bootstrap.pmi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.kvs.LineInput;
import org.jadi.bootstrap.manager.ProcessManager;
import org.jadi.bootstrap.pmi.binding.InheritedSocket;

/**
 * The client of PMI-1. A request is one line {@code cmd=NAME key=value ...}, and so is the answer; {@code rc} other than 0
 * is a refusal. Nothing in a line is escaped, so values have neither spaces nor '=' nor ';' (Slurm cuts there).
 */
public final class PmiManager implements ProcessManager {
    /** Number of the inherited socket. */
    public static final String FD = "PMI_FD";
    /** Host and port, instead of the socket. */
    public static final String PORT = "PMI_PORT";

    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS = 10_000;
    /** A whole line must fit into 1024 characters (MPICH's own client, Slurm's and Flux's servers), not the value alone. */
    private static final int MOST_VALUE_CHARS = 700;
    private static final int LEAST_VALUE_CHARS = 64;
    private static final String END = "";

    /** What bytes go through. */
    private record Wire(InputStream in, OutputStream out, Runnable end, String what) {}

    private final Wire wire;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private int rank;
    private int size;
    private String space;
    private int maxValueChars = MOST_VALUE_CHARS;

    // Guarded by answers.
    private boolean over;
    private String lostBecause;
    private Consumer<String> onLost;

    private PmiManager(Wire wire) {
        this.wire = wire;
    }

    /** Returns whether an environment names such a manager. */
    public static boolean isNamed(Map<String, String> env) {
        return env.containsKey(FD) || env.containsKey(PORT);
    }

    /**
     * Joins the manager that the environment names.
     *
     * @throws BootstrapException if it cannot be reached, or does not want this process
     */
    public static PmiManager connect(Map<String, String> env) {
        PmiManager manager = new PmiManager(env.containsKey(FD) ? inherited(env.get(FD)) : dialled(env.get(PORT)));
        Thread.ofPlatform().daemon().name("jadi-pmi").start(manager::read);
        try {
            manager.begin(env);
            return manager;
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Wire inherited(String number) {
        try {
            InheritedSocket socket = new InheritedSocket(Integer.parseInt(number.strip()));
            return new Wire(socket.input(), socket.output(), socket::close, FD + "=" + number);
        } catch (NumberFormatException e) {
            throw new BootstrapException(FD + " must be the number of a descriptor: value=" + number, e);
        }
    }

    private static Wire dialled(String address) {
        int colon = address.lastIndexOf(':');
        try {
            Socket socket = new Socket(Proxy.NO_PROXY);
            try {
                int port = Integer.parseInt(address.substring(colon + 1).strip());
                socket.connect(new InetSocketAddress(address.substring(0, Math.max(0, colon)), port), CONNECT_MILLIS);
                socket.setTcpNoDelay(true);
                return new Wire(socket.getInputStream(), socket.getOutputStream(), () -> closeQuietly(socket),
                        PORT + "=" + address);
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new BootstrapException("cannot reach the launcher's PMI server: " + PORT + "=" + address + " ("
                    + e.getMessage() + ")", e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is what it should be.
        }
    }

    private void begin(Map<String, String> env) {
        if (env.containsKey(FD)) {
            rank = number(env.getOrDefault("PMI_RANK", ""), "PMI_RANK");
            size = number(env.getOrDefault("PMI_SIZE", ""), "PMI_SIZE");
        } else {
            request("cmd=initack pmiid=" + env.getOrDefault("PMI_ID", "0"), "initack", JOIN_PATIENCE);
            size = number(fields(answer(JOIN_PATIENCE, "initack")).getOrDefault("size", ""), "size");
            rank = number(fields(answer(JOIN_PATIENCE, "initack")).getOrDefault("rank", ""), "rank");
            answer(JOIN_PATIENCE, "initack"); // debug=0
        }
        if (rank < 0 || rank >= size) {
            throw new BootstrapException("the launcher's PMI server names a rank outside its job: rank=" + rank + " size=" + size);
        }
        request("cmd=init pmi_version=1 pmi_subversion=1", "response_to_init", JOIN_PATIENCE);
        Map<String, String> limits = request("cmd=get_maxes", "maxes", JOIN_PATIENCE);
        maxValueChars = Math.min(MOST_VALUE_CHARS, number(limits.getOrDefault("vallen_max", ""), "vallen_max") - 1);
        if (maxValueChars < LEAST_VALUE_CHARS) {
            throw new BootstrapException("the launcher's PMI server allows values of " + maxValueChars + " characters only");
        }
        space = request("cmd=get_my_kvsname", "my_kvsname", JOIN_PATIENCE).getOrDefault("kvsname", "");
    }

    private static int number(String text, String what) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new BootstrapException("the launcher's PMI gives no number: " + what + "=" + text, e);
        }
    }

    @Override
    public String name() {
        return "PMI-1";
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int maxValueChars() {
        return maxValueChars;
    }

    @Override
    public void put(String key, String value) {
        request("cmd=put kvsname=" + space + " key=" + key + "-" + rank + " value=" + value, "put_result", JOIN_PATIENCE);
    }

    @Override
    public String get(int owner, String key) {
        String line = "cmd=get kvsname=" + space + " key=" + key + "-" + owner;
        Map<String, String> answer = exchange(line, "get_result", JOIN_PATIENCE);
        return answer.getOrDefault("rc", "0").equals("0") ? answer.get("value") : null;
    }

    @Override
    public void fence(Duration patience) {
        request("cmd=barrier_in", "barrier_out", patience);
    }

    @Override
    public void finish(Duration patience) {
        synchronized (answers) {
            over = true; // the server may close its end right after the answer
        }
        exchange("cmd=finalize", "finalize_ack", patience);
    }

    @Override
    public void abort(int code, String reason) {
        synchronized (answers) {
            over = true;
        }
        send("cmd=abort exitcode=" + code + " message=" + reason.replaceAll("[^A-Za-z0-9_.,:/-]", "_"));
    }

    @Override
    public void onLost(Consumer<String> because) {
        String already;
        synchronized (answers) {
            onLost = because;
            already = over ? null : lostBecause;
        }
        if (already != null) {
            because.accept(already);
        }
    }

    @Override
    public void close() {
        synchronized (answers) {
            over = true;
        }
        wire.end().run();
    }

    private Map<String, String> request(String line, String expected, Duration patience) {
        Map<String, String> answer = exchange(line, expected, patience);
        if (!answer.getOrDefault("rc", "0").equals("0")) {
            throw new BootstrapException("the launcher's PMI server refused: request=" + firstWord(line) + " answer=" + answer);
        }
        return answer;
    }

    private Map<String, String> exchange(String line, String expected, Duration patience) {
        send(line);
        String text = answer(patience, firstWord(line));
        Map<String, String> answer = fields(text);
        if (!expected.equals(answer.get("cmd"))) {
            throw new BootstrapException("the launcher's PMI server answered something else: request=" + firstWord(line)
                    + " answer=" + text);
        }
        return answer;
    }

    /** Values are not shown: the job's secret is among them. */
    private static String firstWord(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? line : line.substring(0, space);
    }

    private void send(String line) {
        try {
            wire.out().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw gone(e.getMessage());
        }
    }

    private String answer(Duration patience, String request) {
        try {
            String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new BootstrapException("the launcher's PMI server did not answer within " + patience.toSeconds()
                        + " s: request=" + request + " rank=" + rank
                        + (request.contains("barrier") ? "; not all ranks came" : ""));
            }
            if (line.equals(END)) {
                answers.add(END);
                String because;
                synchronized (answers) {
                    because = lostBecause;
                }
                throw gone(because);
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootstrapException("interrupted while waiting for the launcher: rank=" + rank, e);
        }
    }

    private BootstrapException gone(String because) {
        return new BootstrapException("the launcher's PMI server is gone: " + wire.what() + " (" + because
                + "); start java itself, not a program that starts java, because only a process that the launcher starts"
                + " inherits this connection");
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String word : line.strip().split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                fields.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return fields;
    }

    private void read() {
        String because = "it closed the connection";
        try {
            LineInput lines = new LineInput(wire.in());
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    answers.add(line);
                }
            }
        } catch (IOException | RuntimeException e) {
            because = e.getMessage();
        }
        Consumer<String> tell;
        synchronized (answers) {
            lostBecause = because;
            tell = over ? null : onLost;
        }
        answers.add(END);
        if (tell != null) {
            tell.accept("the launcher is gone: " + because);
        }
    }
}
