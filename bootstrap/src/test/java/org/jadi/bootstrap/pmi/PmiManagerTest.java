package org.jadi.bootstrap.pmi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Bootstraps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class PmiManagerTest {
    @ParameterizedTest
    @EnumSource
    void shouldExchangeThroughFences(FakePmiServer.Dialect dialect) throws Exception {
        Set<String> identities = ConcurrentHashMap.newKeySet();
        try (FakePmiServer server = new FakePmiServer(dialect, 3); ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> all = new ArrayList<>();
            for (int rank = 0; rank < 3; rank++) {
                Map<String, String> env = server.environment(rank);
                all.add(threads.submit(() -> exchange(Bootstraps.open(env), identities)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertEquals(1, identities.size(), "one job, one secret: " + identities);
    }

    private static void exchange(Bootstrap b, Set<String> identities) {
        identities.add(b.jobId() + " " + b.secret().toHex());
        assertEquals(3, b.size());
        for (int round = 0; round < 4; round++) {
            b.put("key=" + round + ";" + b.rank(), value(round, b.rank()));
            b.fence();
            for (int rank = 0; rank < 3; rank++) {
                assertArrayEquals(value(round, rank), b.get("key=" + round + ";" + rank));
            }
            assertNull(b.get("nobody"));
        }
        b.finish();
        b.close();
    }

    /** Short, longer than what fits into one value of the protocol, and the longest that is allowed. */
    private static byte[] value(int round, int rank) {
        byte[] bytes = new byte[new int[] {0, 600, 5000, 65536}[round]];
        new Random(31L * round + rank).nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldTellWhenServerIsLost() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (FakePmiServer server = new FakePmiServer(FakePmiServer.Dialect.HYDRA, 1);
                Bootstrap b = Bootstraps.open(server.environment(0))) {
            b.onLauncherLost(lost::countDown);
            server.stop();
            assertTrue(lost.await(10, TimeUnit.SECONDS));
            BootstrapException e = assertThrows(BootstrapException.class, b::fence);
            assertTrue(e.getMessage().startsWith("the launcher's PMI server is gone: PMI_PORT=127.0.0.1:"), e.getMessage());
        }
    }

    @Test
    void shouldNotTellOfTheServersEndAfterFinish() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (FakePmiServer server = new FakePmiServer(FakePmiServer.Dialect.SLURM, 1);
                Bootstrap b = Bootstraps.open(server.environment(0))) {
            b.onLauncherLost(lost::countDown);
            b.finish();
            List<Thread> readers = Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("jadi-pmi")).toList();
            server.stop();
            // What it tells, it tells before it ends.
            assertTrue(!readers.isEmpty());
            for (Thread reader : readers) {
                assertTrue(reader.join(Duration.ofSeconds(20)), "reads on: " + reader);
            }
            assertEquals(1, lost.getCount());
        }
    }

    @Test
    void shouldAskForTheEndOfTheJobInOneLineWithoutSpaces() throws Exception {
        try (FakePmiServer server = new FakePmiServer(FakePmiServer.Dialect.HYDRA, 1);
                Bootstrap b = Bootstraps.open(server.environment(0))) {
            b.abort(9, "why not\nrc=0 cmd=finalize");
            assertEquals("cmd=abort exitcode=9 message=why_not_rc_0_cmd_finalize", server.aborts.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldSayThatRanksAreMissing() throws Exception {
        try (FakePmiServer server = new FakePmiServer(FakePmiServer.Dialect.FLUX, 2)) {
            Map<String, String> env = new java.util.HashMap<>(server.environment(0));
            env.put("JADI_PATIENCE", "1");
            BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(env));
            assertEquals("the launcher's PMI server did not answer within 1 s: request=cmd=barrier_in rank=0; not all ranks came",
                    e.getMessage());
        }
    }

    @Test
    void shouldNameADescriptorThatIsNotThere() {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> Bootstraps.open(Map.of("PMI_FD", "9999", "PMI_RANK", "0", "PMI_SIZE", "2")));
        assertTrue(e.getMessage().startsWith("the launcher's PMI server is gone: PMI_FD=9999"
                + " (descriptor 9999 is not open in this process); start java itself"), e.getMessage());
    }

    @Test
    void shouldNameAServerThatIsNotThere() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> Bootstraps.open(Map.of("PMI_PORT", "127.0.0.1:" + port, "PMI_ID", "0")));
        assertTrue(e.getMessage().startsWith("cannot reach the launcher's PMI server: PMI_PORT=127.0.0.1:" + port), e.getMessage());
    }
}
