package org.jadi.bootstrap.kvs;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.Bootstraps;
import org.jadi.bootstrap.JobSecret;

/** A server with the means to join it as any rank, from threads of the test. */
final class TestJob implements AutoCloseable {
    final JobSecret secret = JobSecret.random();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final KeyValueServer server;
    volatile Runnable onAborted = () -> { };
    private final int size;
    final Path secretFile;

    TestJob(int size, Path folder) throws Exception {
        this.size = size;
        secretFile = Files.writeString(Files.createTempFile(folder, "secret", ""), secret.toHex());
        server = new KeyValueServer(InetAddress.getLoopbackAddress(), secret, "job", size, new JobEvents() {
            @Override
            public void joined(int rank) {
                events.add("joined " + rank);
            }

            @Override
            public void finished(int rank) {
                events.add("finished " + rank);
            }

            @Override
            public void aborted(int rank, int code, String reason) {
                events.add("aborted " + rank + " " + code + " " + reason);
                onAborted.run();
            }

            @Override
            public void state(int rank, String report) {
                events.add("state " + rank + " " + report);
            }

            @Override
            public void lost(int rank) {
                events.add("lost " + rank);
            }
        });
    }

    int port() {
        return Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
    }

    Bootstrap join(int rank) {
        return join(rank, secretFile, size);
    }

    Bootstrap join(int rank, Path secretFile, int size) {
        return Bootstraps.open(Map.of("JADI_ROOT", server.address(), "JADI_RANK", "" + rank, "JADI_SIZE", "" + size,
                "JADI_JOBID", "job", "JADI_SECRET_FILE", secretFile.toString(), "JADI_PATIENCE", "20"));
    }

    @Override
    public void close() {
        server.close();
    }
}
