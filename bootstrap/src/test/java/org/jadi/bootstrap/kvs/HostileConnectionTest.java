package org.jadi.bootstrap.kvs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSecret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What strangers send must end their connection and nothing else: each test ends with a fence of the honest ranks. */
@Timeout(30)
class HostileConnectionTest {
    @TempDir
    Path folder;
    private TestJob job;
    private Bootstrap a;
    private Bootstrap b;

    @BeforeEach
    void join() throws Exception {
        job = new TestJob(3, folder);
        a = job.join(0);
        b = job.join(1);
    }

    @AfterEach
    void fenceStillWorks() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3); Bootstrap c = job.join(2)) {
            List<Future<?>> fences = new ArrayList<>();
            for (Bootstrap one : List.of(a, b, c)) {
                one.put("last" + one.rank(), new byte[] {7});
                fences.add(threads.submit(one::fence));
            }
            for (Future<?> fence : fences) {
                fence.get();
            }
            assertArrayEquals(new byte[] {7}, a.get("last2"));
        }
        a.close();
        b.close();
        job.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", job.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void assertEnds(Socket socket) {
        try (socket) {
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("reset"), e.getMessage());
        }
    }

    @Test
    void shouldDropGarbage() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            Socket socket = connect();
            byte[] garbage = new byte[1 + random.nextInt(5000) + Handshake.HELLO_BYTES];
            random.nextBytes(garbage);
            socket.getOutputStream().write(garbage);
            assertEnds(socket);
        }
        Socket browser = connect();
        browser.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEnds(browser);
    }

    @Test
    void shouldDropHalfHandshakeAfterFiveSeconds() throws Exception {
        Socket half = connect();
        half.getOutputStream().write("JAD".getBytes(StandardCharsets.US_ASCII));
        Socket noProof = connect();
        noProof.getOutputStream().write(hello(JobSecret.random(), 1).hello());
        long begin = System.nanoTime();
        assertEnds(half);
        assertEnds(noProof);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis > 4000 && millis < 8000, "after " + millis + " ms");
    }

    @Test
    void shouldDropWrongProof() throws Exception {
        Socket socket = connect();
        Handshake stranger = hello(JobSecret.random(), 1);
        socket.getOutputStream().write(stranger.hello());
        stranger.acceptHello(socket.getInputStream().readNBytes(Handshake.HELLO_BYTES));
        socket.getOutputStream().write(stranger.proof());
        assertEnds(socket);
    }

    @Test
    void shouldDropOtherVersion() throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write(new Handshake(job.secret, Handshake.Role.CLIENT, "kvs", 99, "job", 2,
                Handshake.NO_RANK).hello());
        assertEnds(socket);
    }

    @Test
    void shouldSurviveFloodOfConnections() throws Exception {
        List<Socket> flood = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.add(connect());
            if (i % 3 == 0) {
                flood.get(i).getOutputStream().write(new byte[1 + i % 31]);
            }
        }
        // The fence after each test joins rank 2 while these are still open.
        fenceStillWorks();
        for (Socket socket : flood) {
            socket.close();
        }
        join();
    }

    @Test
    void shouldDropProvedRankThatSendsNonsense() throws Exception {
        for (String nonsense : List.of("hello\n", "cmd=sing\n", "cmd=put key= value=\n", "cmd=put key=a value=!!\n",
                "cmd=put key=a value=" + "A".repeat(100_000) + "\n", "x".repeat(200_000))) {
            try (TestJob other = new TestJob(2, folder.resolve(".").normalize())) {
                Socket socket = new Socket("127.0.0.1", other.port());
                prove(socket, other.secret, 1);
                assertEquals("joined 1", other.events.take());
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(nonsense.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // Dropped while it was still talking.
                }
                assertEnds(socket);
                assertEquals("lost 1", other.events.take());
            }
        }
    }

    private static Handshake hello(JobSecret secret, int rank) {
        return new Handshake(secret, Handshake.Role.CLIENT, "kvs", 1, "job", rank, Handshake.NO_RANK);
    }

    static void prove(Socket socket, JobSecret secret, int number) throws IOException {
        Handshake rank = hello(secret, number);
        socket.getOutputStream().write(rank.hello());
        rank.acceptHello(socket.getInputStream().readNBytes(Handshake.HELLO_BYTES));
        socket.getOutputStream().write(rank.proof());
        assertTrue(rank.verify(socket.getInputStream().readNBytes(Handshake.PROOF_BYTES)));
        socket.setSoTimeout(10_000);
    }
}
