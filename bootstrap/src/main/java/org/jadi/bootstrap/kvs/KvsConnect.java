package org.jadi.bootstrap.kvs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSettings;

/**
 * Connects a rank to its launcher. A connection that is dropped before it is proved is tried again: under a flood of
 * foreign connections the server drops the oldest unproved ones, and that may hit us.
 */
final class KvsConnect {
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_MILLIS = 50;
    private static final int CONNECT_MILLIS = 10_000;

    private KvsConnect() {
    }

    static Socket open(JobSettings settings) {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                pause(attempt);
            }
            try {
                return connectOnce(settings);
            } catch (IOException e) {
                last = e;
            }
        }
        String where = settings.host() + ":" + settings.port();
        if (last instanceof EOFException) {
            throw new BootstrapException("the launcher refused this process: rank=" + settings.rank() + " address=" + where
                    + "; job id or secret may belong to another job, or the launcher to another version of Jadi", last);
        }
        throw new BootstrapException("cannot reach the launcher: rank=" + settings.rank() + " address=" + where + " ("
                + last.getMessage() + "); the job that this environment belongs to may have ended", last);
    }

    private static Socket connectOnce(JobSettings settings) throws IOException {
        // Not a channel: an interrupt of the user's thread would close it, and end the job.
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) (2 * KvsProtocol.HANDSHAKE_MILLIS));
            prove(socket, settings);
            socket.setSoTimeout(0);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void prove(Socket socket, JobSettings settings) throws IOException {
        Handshake handshake = new Handshake(settings.secret(), Handshake.Role.CLIENT, KvsProtocol.NAME, KvsProtocol.VERSION,
                settings.jobId(), settings.rank(), Handshake.NO_RANK);
        socket.getOutputStream().write(handshake.hello());
        handshake.acceptHello(exactly(socket.getInputStream(), Handshake.HELLO_BYTES));
        socket.getOutputStream().write(handshake.proof());
        if (!handshake.verify(exactly(socket.getInputStream(), Handshake.PROOF_BYTES))) {
            throw new BootstrapException("the launcher could not prove the job's secret: address=" + settings.host() + ":"
                    + settings.port());
        }
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended in the handshake");
        }
        return bytes;
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(attempt * PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootstrapException("interrupted while joining the job", e);
        }
    }
}
