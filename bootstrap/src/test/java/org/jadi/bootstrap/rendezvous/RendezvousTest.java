package org.jadi.bootstrap.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Bootstraps;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.ThreadWatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class RendezvousTest {
    @TempDir
    Path folder;

    private Map<String, String> byAddress(int rank, int size, int port) throws Exception {
        Path secret = folder.resolve("secret");
        if (!Files.exists(secret)) {
            Files.writeString(secret, JobSecret.random().toHex());
        }
        return new HashMap<>(Map.of("JADI_RENDEZVOUS", "localhost:" + port, "JOB_COMPLETION_INDEX", "" + rank, "JADI_SIZE",
                "" + size, "JADI_SECRET_FILE", secret.toString(), "JADI_PATIENCE", "30"));
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void shouldMeetAtAnAddressThatComesUpLate() throws Exception {
        int port = freePort();
        exchange(List.of(byAddress(0, 3, port), byAddress(1, 3, port), byAddress(2, 3, port)));
    }

    @Test
    void shouldMeetByAFileThatOnlyTheUserMayRead() throws Exception {
        Path card = folder.resolve("sub").resolve("card");
        List<Map<String, String>> all = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            all.add(Map.of("JADI_RENDEZVOUS", card.toString(), "JADI_RANK", "" + rank, "JADI_SIZE", "3", "JADI_PATIENCE", "30"));
        }
        exchange(all);
        assertFalse(Files.exists(card), "it holds the secret");
    }

    private static void exchange(List<Map<String, String>> environments) throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<FutureTask<?>> all = new ArrayList<>();
        for (int rank = environments.size() - 1; rank >= 0; rank--) {
            Map<String, String> env = environments.get(rank);
            FutureTask<?> task = new FutureTask<>(() -> exchange(env), null);
            if (rank == 0) { // the others have looked for it in vain before it is there
                ThreadWatch.awaitWaitingIn("RendezvousBootstrap.pause", threads);
            }
            threads.add(Thread.ofPlatform().daemon().start(task));
            all.add(task);
        }
        for (FutureTask<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private static void exchange(Map<String, String> env) {
        try (Bootstrap b = Bootstraps.open(env)) {
            b.put("k" + b.rank(), new byte[] {(byte) b.rank()});
            b.fence();
            for (int rank = 0; rank < b.size(); rank++) {
                assertArrayEquals(new byte[] {(byte) rank}, b.get("k" + rank));
            }
            b.finish();
        }
    }

    @Test
    void shouldRefuseAFileThatOthersMayRead() throws Exception {
        Path card = folder.resolve("card");
        new Card("job", JobSecret.random(), 1, List.of("127.0.0.1")).write(card);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(card)));
        Files.setPosixFilePermissions(card, PosixFilePermissions.fromString("rw-r--r--"));
        BootstrapException e = assertThrows(BootstrapException.class, () -> Card.read(card));
        assertTrue(e.getMessage().startsWith("the file of the rendezvous may be read or written by others"), e.getMessage());
    }

    @Test
    void shouldNameWhatIsMissing() throws Exception {
        Map<String, String> env = byAddress(1, 2, 1);
        env.remove("JADI_SECRET_FILE");
        assertRefused(env, "JADI_RENDEZVOUS is set, but not JADI_SECRET_FILE");
        env = byAddress(1, 2, 1);
        env.remove("JOB_COMPLETION_INDEX");
        assertRefused(env, "JADI_RENDEZVOUS is set, but nothing says the rank of this process");
        env.put("JADI_RANK", "2");
        assertRefused(env, "JADI_RANK must be between 0 and 1: value=2");
        env.put("JADI_RENDEZVOUS", "nowhere");
        env.put("JADI_RANK", "1");
        assertRefused(env, "JADI_RENDEZVOUS must be host:port of rank 0, or the absolute path of a file: value=nowhere");
    }

    @Test
    void shouldSayWhereRankZeroWasLookedFor() throws Exception {
        Map<String, String> env = byAddress(1, 2, freePort());
        env.put("JADI_PATIENCE", "1");
        assertRefused(env, "rank 1 of 2 does not find rank 0 at localhost:");
        env.put("JADI_RENDEZVOUS", "no.such.host.invalid:7077");
        BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(env));
        assertTrue(e.getMessage().endsWith("the host name is not known: no.such.host.invalid"), e.getMessage());
    }

    private static void assertRefused(Map<String, String> env, String message) {
        BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(env));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void shouldNameRanksThatNeverCame() throws Exception {
        Map<String, String> env = byAddress(0, 3, freePort());
        env.put("JADI_PATIENCE", "1");
        try (Bootstrap b = Bootstraps.open(env)) {
            BootstrapException e = assertThrows(BootstrapException.class, b::fence);
            assertTrue(e.getMessage().endsWith("; ranks that never came: 1,2"), e.getMessage());
        }
    }

    @Test
    void shouldEndAllWhenOneIsLost() throws Exception {
        int port = freePort();
        CountDownLatch told = new CountDownLatch(2);
        Bootstrap zero = Bootstraps.open(byAddress(0, 3, port));
        Bootstrap one = Bootstraps.open(byAddress(1, 3, port));
        zero.onLauncherLost(told::countDown);
        one.onLauncherLost(told::countDown);
        Bootstraps.open(byAddress(2, 3, port)).close(); // without finish
        assertTrue(told.await(20, TimeUnit.SECONDS));
        one.close();
        zero.close();
    }

    @Test
    void shouldGiveUpARankThatIsSilent() throws Exception {
        int port = freePort();
        CountDownLatch told = new CountDownLatch(1);
        Map<String, String> env = byAddress(0, 2, port);
        env.put("JADI_SILENCE", "1");
        try (Bootstrap zero = Bootstraps.open(env)) {
            zero.onLauncherLost(told::countDown);
            String jobId = zero.jobId();
            JobSecret secret = JobSecret.fromHex(Files.readString(folder.resolve("secret")));
            try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Handshake handshake = new Handshake(secret, Handshake.Role.CLIENT, "kvs", 1, jobId, 1, Handshake.NO_RANK);
                mute.getOutputStream().write(handshake.hello());
                handshake.acceptHello(mute.getInputStream().readNBytes(Handshake.HELLO_BYTES));
                mute.getOutputStream().write(handshake.proof());
                assertTrue(told.await(30, TimeUnit.SECONDS), "a rank that answers nothing must be noticed");
            }
        }
    }

    @Test
    void shouldGiveUpARankZeroThatIsSilent() throws Exception {
        JobSecret secret = JobSecret.random();
        Path file = Files.writeString(folder.resolve("mute-secret"), secret.toHex());
        try (ServerSocket mute = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            Map<String, String> env = byAddress(1, 2, mute.getLocalPort());
            env.put("JADI_SECRET_FILE", file.toString());
            env.put("JADI_JOBID", "job");
            Thread.ofPlatform().daemon().start(() -> serveOnePing(mute, secret));
            CountDownLatch told = new CountDownLatch(1);
            try (Bootstrap one = Bootstraps.open(env)) {
                one.onLauncherLost(told::countDown);
                assertTrue(told.await(30, TimeUnit.SECONDS), "a rank 0 that says nothing must be noticed");
            }
        }
    }

    private static void serveOnePing(ServerSocket listener, JobSecret secret) {
        List<Socket> open = new ArrayList<>();
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Handshake handshake = new Handshake(secret, Handshake.Role.SERVER, "kvs", 1, "job", Handshake.NO_RANK,
                        Handshake.NO_RANK);
                socket.getOutputStream().write(handshake.hello());
                byte[] hello = socket.getInputStream().readNBytes(Handshake.HELLO_BYTES);
                if (hello.length == Handshake.HELLO_BYTES) { // the first connection only asks whether somebody is there
                    handshake.acceptHello(hello);
                    socket.getInputStream().readNBytes(Handshake.PROOF_BYTES);
                    socket.getOutputStream().write(handshake.proof());
                    socket.getOutputStream().write("cmd=ping limit_ms=300\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
            }
        } catch (java.io.IOException e) {
            // The test is over.
        }
    }

    @Test
    void shouldReadATaskOfSlurm() {
        Map<String, String> task = Map.of("SLURM_PROCID", "2", "SLURM_STEP_NUM_TASKS", "4", "SLURM_JOB_ID", "17", "SLURM_STEP_ID",
                "3");
        RendezvousSettings s = RendezvousSettings.fromSlurm(task);
        assertEquals(2, s.rank());
        assertEquals(4, s.size());
        assertTrue(s.card().endsWith(Path.of(".jadi", "rendezvous", "slurm-17-3-0")), s.card().toString());
        assertEquals(null, RendezvousSettings.fromSlurm(Map.of("SLURM_JOB_ID", "17", "SLURM_NTASKS", "4")));
    }
}
