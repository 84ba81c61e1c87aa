package org.jadi.bootstrap.kvs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.ThreadWatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class KeyValueServerTest {
    @TempDir
    Path folder;

    @Test
    void shouldExchangeThroughFences() throws Exception {
        try (TestJob job = new TestJob(4, folder); ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int rank = 0; rank < 4; rank++) {
                Bootstrap b = job.join(rank);
                all.add(threads.submit(() -> exchange(b)));
            }
            for (Future<?> one : all) {
                one.get();
            }
            for (int rank = 0; rank < 4; rank++) {
                assertTrue(job.server.hasFinished(rank));
            }
        }
    }

    private static void exchange(Bootstrap b) {
        for (int round = 0; round < 50; round++) {
            b.put("key-" + round + "-" + b.rank(), value(round, b.rank()));
            b.fence();
            for (int r = 0; r < b.size(); r++) {
                assertArrayEquals(value(round, r), b.get("key-" + round + "-" + r));
            }
            assertNull(b.get("nobody"));
        }
        b.finish();
        b.close();
    }

    private static byte[] value(int round, int rank) {
        byte[] bytes = new byte[round % 10 == 9 ? 65536 : round];
        new Random(31L * round + rank).nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldTellOfAbortAndState() throws Exception {
        try (TestJob job = new TestJob(1, folder)) {
            Bootstrap b = job.join(0);
            assertEquals("joined 0", job.events.take());
            b.onStateRequest(() -> "in recv, source 3");
            job.server.requestState(0);
            String state = job.events.take();
            assertTrue(state.startsWith("state 0 in recv, source 3\n"), state);
            assertTrue(state.contains("KeyValueServerTest.shouldTellOfAbortAndState"), state);
            b.abort(9, "why not\nsecond line");
            assertEquals("aborted 0 9 why not\nsecond line", job.events.take());
            b.close();
            assertEquals("lost 0", job.events.take());
        }
    }

    @Test
    void shouldTellWhenLauncherIsLostOrSaysDie() throws Exception {
        CountDownLatch lost = new CountDownLatch(2);
        try (TestJob job = new TestJob(2, folder); Bootstrap a = job.join(0); Bootstrap b = job.join(1)) {
            a.onLauncherLost(lost::countDown);
            b.onLauncherLost(lost::countDown);
            job.server.die();
            assertTrue(lost.await(5, TimeUnit.SECONDS));
            BootstrapException e = assertThrows(BootstrapException.class, a::fence);
            assertTrue(e.getMessage().startsWith("the launcher is gone: rank=0"), e.getMessage());
        }
    }

    /** Rank 0 may serve the job itself, and ends its process as soon as its abort is answered: by then all have to be told. */
    @Test
    void shouldAnswerAnAbortWhenAllHaveBeenTold() throws Exception {
        try (TestJob job = new TestJob(2, folder); Socket zero = new Socket("127.0.0.1", job.port());
                Socket one = new Socket("127.0.0.1", job.port())) {
            HostileConnectionTest.prove(zero, job.secret, 0);
            HostileConnectionTest.prove(one, job.secret, 1);
            job.onAborted = () -> job.server.die("it is over");
            zero.getOutputStream().write(KvsLine.write(KvsProtocol.ABORT, KvsProtocol.CODE, "3").getBytes(StandardCharsets.US_ASCII));
            LineInput answers = new LineInput(zero.getInputStream());
            assertEquals(KvsProtocol.DIE, KvsLine.parse(answers.next()).command());
            assertTrue(one.getInputStream().available() > 0, "rank 1 has not been told before rank 0");
            assertEquals(KvsProtocol.ABORT_ACK, KvsLine.parse(answers.next()).command());
        }
    }

    @Test
    void shouldFailFenceWhenLauncherDies() throws Exception {
        TestJob job = new TestJob(2, folder);
        Bootstrap b = job.join(0);
        b.onLauncherLost(() -> { });
        FutureTask<BootstrapException> fence = new FutureTask<>(() -> assertThrows(BootstrapException.class, b::fence));
        Thread thread = Thread.ofPlatform().daemon().start(fence);
        ThreadWatch.awaitWaitingIn("KvsClient.fence", List.of(thread));
        job.close();
        String message = fence.get(20, TimeUnit.SECONDS).getMessage();
        assertTrue(message.startsWith("the launcher is gone"), message);
    }

    @Test
    void shouldRefuseSecondProcessOfSameRank() throws Exception {
        try (TestJob job = new TestJob(2, folder); Bootstrap first = job.join(0); Bootstrap second = job.join(0)) {
            second.onLauncherLost(() -> { });
            BootstrapException e = assertThrows(BootstrapException.class, second::fence);
            assertTrue(e.getMessage().contains("rank 0 has joined already"), e.getMessage());
            assertEquals(0, first.rank());
        }
    }

    @Test
    void shouldRefuseRankOutsideJob() throws Exception {
        try (TestJob job = new TestJob(2, folder); Bootstrap b = job.join(5, job.secretFile, 9)) {
            b.onLauncherLost(() -> { });
            assertThrows(BootstrapException.class, b::fence);
            assertTrue(job.events.isEmpty());
        }
    }

    @Test
    void shouldRefuseWrongSecret() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), JobSecret.random().toHex());
        try (TestJob job = new TestJob(2, folder)) {
            BootstrapException e = assertThrows(BootstrapException.class, () -> job.join(0, other, 2));
            assertTrue(e.getMessage().startsWith("the launcher refused this process: rank=0"), e.getMessage());
            assertTrue(job.events.isEmpty());
        }
    }
}
