package org.jadi.bootstrap.rendezvous;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.JobSettings;
import org.jadi.bootstrap.crypto.Randomness;
import org.jadi.bootstrap.kvs.KvsClient;

/**
 * A rank of a job without a launcher. Rank 0 serves the key-value space; every rank, rank 0 too, is its client. All ranks
 * die with any of them, and within a bounded time of silence.
 */
public final class RendezvousBootstrap implements Bootstrap {
    private static final String HOST_KEY = "jadi.host.";
    private static final String DNS_NEGATIVE = "networkaddress.cache.negative.ttl";
    private static final String DNS_NEGATIVE_DEFAULT = "10";
    private static final int CONNECT_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 100;
    private static final int MOST_REFUSALS = 10;

    private final KvsClient client;
    private final HostedJob hosted;
    private final Path card;
    private boolean announced;

    private RendezvousBootstrap(KvsClient client, HostedJob hosted, Path card) {
        this.client = client;
        this.hosted = hosted;
        this.card = card;
    }

    /**
     * Joins the job.
     *
     * @throws BootstrapException if rank 0 is not found, or does not accept this process, within the patience
     */
    public static RendezvousBootstrap join(RendezvousSettings settings) {
        RendezvousBootstrap b = settings.rank() == 0 ? host(settings) : seek(settings);
        b.client.put(HOST_KEY.concat(Integer.toString(settings.rank())), hostName().getBytes(StandardCharsets.UTF_8));
        return b;
    }

    private static RendezvousBootstrap host(RendezvousSettings s) {
        String jobId = s.jobId() == null ? Randomness.name("job-") : s.jobId();
        JobSecret secret = s.secret() == null ? JobSecret.random() : s.secret();
        HostedJob hosted = new HostedJob(s.port(), secret, jobId, s.size(), s.silence());
        try {
            if (s.card() != null) {
                new Card(jobId, secret, hosted.port(), Card.addressesOfThisHost()).write(s.card());
            }
            KvsClient client = KvsClient.connect(settings(s, InetAddress.getLoopbackAddress().getHostAddress(), hosted.port(),
                    jobId, secret));
            return new RendezvousBootstrap(client, hosted, s.card());
        } catch (RuntimeException e) {
            hosted.close();
            throw e;
        }
    }

    private static JobSettings settings(RendezvousSettings s, String host, int port, String jobId, JobSecret secret) {
        return new JobSettings(s.rank(), s.size(), host, port, jobId, secret, null, s.patience());
    }

    private static RendezvousBootstrap seek(RendezvousSettings s) {
        forgetUnknownHostsAtOnce();
        long deadline = System.nanoTime() + s.patience().toNanos();
        String why = "not tried";
        for (int refusals = 0; System.nanoTime() - deadline < 0 && refusals < MOST_REFUSALS;) {
            try {
                Card found = s.card() == null ? new Card(s.jobId(), s.secret(), s.port(), resolved(s.host())) : Card.read(s.card());
                if (found == null) {
                    why = "rank 0 has not written " + s.card() + "; is the folder shared by all hosts?";
                } else {
                    String host = firstThatAnswers(found);
                    return new RendezvousBootstrap(
                            KvsClient.connect(settings(s, host, found.port(), found.jobId(), found.secret())), null, null);
                }
            } catch (UnknownHostException e) {
                why = "the host name is not known: " + s.host();
            } catch (IOException e) {
                why = e.getMessage();
            } catch (BootstrapException e) {
                why = e.getMessage();
                refusals++;
                pause(refusals * PAUSE_MILLIS);
            }
            pause(PAUSE_MILLIS);
        }
        throw new BootstrapException("rank " + s.rank() + " of " + s.size() + " does not find rank 0 at "
                + (s.card() == null ? s.host() + ":" + s.port() : s.card()) + ": " + why);
    }

    /**
     * A name that is not there yet would be taken for unknown for ten seconds more. Only the default is replaced, and only
     * in processes that look for rank 0.
     */
    private static void forgetUnknownHostsAtOnce() {
        String current = Security.getProperty(DNS_NEGATIVE);
        if (current == null || current.equals(DNS_NEGATIVE_DEFAULT)) {
            Security.setProperty(DNS_NEGATIVE, "0");
        }
    }

    private static List<String> resolved(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host)).stream().map(InetAddress::getHostAddress).toList();
    }

    /** Returns the first address on which something listens; whether it is rank 0, the handshake will show. */
    private static String firstThatAnswers(Card card) throws IOException {
        StringBuilder failed = new StringBuilder();
        for (String address : card.addresses()) {
            try (Socket socket = new Socket(Proxy.NO_PROXY)) {
                socket.connect(new InetSocketAddress(address, card.port()), CONNECT_MILLIS);
                return address;
            } catch (IOException e) {
                failed.append(failed.isEmpty() ? "" : "; ").append(address).append(" port ").append(card.port()).append(": ")
                        .append(e.getMessage());
            }
        }
        throw new IOException(failed.toString());
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootstrapException("interrupted while looking for rank 0", e);
        }
    }

    /** Names this host, for messages to people; never asks a name server. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", "localhost");
        }
    }

    @Override
    public int rank() {
        return client.rank();
    }

    @Override
    public int size() {
        return client.size();
    }

    @Override
    public String jobId() {
        return client.jobId();
    }

    @Override
    public JobSecret secret() {
        return client.secret();
    }

    @Override
    public Duration patience() {
        return client.patience();
    }

    @Override
    public void put(String key, byte[] value) {
        client.put(key, value);
    }

    @Override
    public byte[] get(String key) {
        return client.get(key);
    }

    @Override
    public void fence() {
        try {
            client.fence();
        } catch (BootstrapException e) {
            String missing = hosted == null ? "" : hosted.missing();
            throw missing.isEmpty() ? e
                    : new BootstrapException(e.getMessage() + "; ranks that never came: " + missing, e);
        }
        if (hosted != null && !announced) {
            announced = true;
            hosted.hosts(this::hostOf);
            removeCard();
        }
    }

    private String hostOf(int rank) {
        byte[] name = client.get(HOST_KEY.concat(Integer.toString(rank)));
        return name == null ? null : new String(name, StandardCharsets.UTF_8);
    }

    /** All have joined: nobody needs the file any more, and it holds the secret. */
    private void removeCard() {
        if (card != null) {
            try {
                Files.deleteIfExists(card);
            } catch (IOException e) {
                System.err.println("jadi: cannot remove " + card + ", which holds the secret of this job: " + e);
            }
        }
    }

    @Override
    public void finish() {
        client.finish();
        if (hosted != null) {
            hosted.awaitEnd();
        }
    }

    @Override
    public void abort(int code, String reason) {
        client.abort(code, reason);
    }

    @Override
    public void onStateRequest(Supplier<String> state) {
        client.onStateRequest(state);
    }

    @Override
    public void onLauncherLost(Runnable action) {
        client.onLauncherLost(() -> {
            if (hosted == null) { // rank 0 has said it
                System.err.println("jadi: rank " + rank() + ": rank 0 has ended the job, or is gone: " + client.lostBecause());
            }
            action.run();
        });
    }

    @Override
    public void close() {
        if (hosted != null) {
            hosted.leave();
        }
        client.close();
        if (hosted != null) {
            hosted.close();
            removeCard();
        }
    }
}
