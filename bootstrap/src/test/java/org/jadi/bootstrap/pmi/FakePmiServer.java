package org.jadi.bootstrap.pmi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A PMI-1 server for ranks that connect by PMI_PORT, in the dialect of one of the engines. */
final class FakePmiServer implements AutoCloseable {
    /** How an engine writes what the protocol leaves open. */
    enum Dialect { HYDRA, SLURM, FLUX }

    final BlockingQueue<String> aborts = new LinkedBlockingQueue<>();
    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final Dialect dialect;
    private final int size;
    private final Map<String, String> pending = new ConcurrentHashMap<>();
    private final Map<String, String> visible = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Socket> arrived = new ArrayList<>();

    FakePmiServer(Dialect dialect, int size) throws IOException {
        this.dialect = dialect;
        this.size = size;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    Map<String, String> environment(int rank) {
        return Map.of("PMI_PORT", "127.0.0.1:" + listener.getLocalPort(), "PMI_ID", "" + rank, "JADI_PATIENCE", "20");
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (this) {
                    sockets.add(socket);
                }
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.length() > 1023) {
                    socket.close();
                    return;
                }
                obey(socket, line);
            }
        } catch (IOException e) {
            // The rank has gone.
        }
    }

    private void obey(Socket socket, String line) throws IOException {
        String well = dialect == Dialect.HYDRA ? "" : " rc=0";
        switch (field(line, "cmd")) {
            case "initack" -> say(socket, "cmd=initack rc=0\ncmd=set size=" + size + "\ncmd=set rank=" + field(line, "pmiid")
                    + "\ncmd=set debug=0");
            case "init" -> say(socket, "cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=0");
            case "get_maxes" -> say(socket, "cmd=maxes" + well + " kvsname_max=256 keylen_max=64 vallen_max=1024");
            case "get_my_kvsname" -> say(socket, "cmd=my_kvsname" + well + " kvsname=4.0");
            case "put" -> {
                pending.put(field(line, "key"), field(line, "value"));
                say(socket, "cmd=put_result rc=0");
            }
            case "get" -> say(socket, got(visible.get(field(line, "key")), field(line, "key")));
            case "barrier_in" -> barrier(socket);
            case "finalize" -> say(socket, "cmd=finalize_ack" + well);
            case "abort" -> aborts.add(line);
            default -> say(socket, "cmd=unknown rc=-1");
        }
    }

    private String got(String value, String key) {
        if (value != null) {
            return "cmd=get_result rc=0" + (dialect == Dialect.HYDRA ? " msg=success" : "") + " value=" + value;
        }
        return switch (dialect) {
            case HYDRA -> "cmd=get_result rc=-1 msg=key_" + key + "_not_found value=unknown";
            case SLURM -> "cmd=get_result rc=1";
            case FLUX -> "cmd=get_result rc=4";
        };
    }

    private synchronized void barrier(Socket socket) throws IOException {
        arrived.add(socket);
        if (arrived.size() == size) {
            visible.putAll(pending);
            for (Socket one : arrived) {
                say(one, "cmd=barrier_out" + (dialect == Dialect.HYDRA ? "" : " rc=0"));
            }
            arrived.clear();
        }
    }

    private static void say(Socket socket, String lines) throws IOException {
        socket.getOutputStream().write((lines + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String field(String line, String name) {
        for (String word : line.split(" ")) {
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    /** Ends all connections. */
    synchronized void stop() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
