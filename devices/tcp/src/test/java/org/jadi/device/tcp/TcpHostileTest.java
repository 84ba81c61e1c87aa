package org.jadi.device.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jadi.adi.device.Authenticator.Session;
import org.jadi.adi.device.Endpoint;
import org.jadi.bootstrap.JobSecret;
import org.jadi.testkit.contract.HandshakeAuthenticator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers at the listening socket, and peers that speak nonsense. */
@Timeout(60)
class TcpHostileTest {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

    private final TestRank.Job job = new TestRank.Job(3);
    private final List<Socket> sockets = new ArrayList<>();
    private TestRank a;
    private TestRank b;

    @BeforeEach
    void open() {
        a = new TestRank(job, 0, Map.of("tcp.handshakeTimeout", "300ms"));
        b = new TestRank(job, 1, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        for (Socket s : sockets) {
            s.close();
        }
        a.close();
        b.close();
    }

    @Test
    void shouldDropGarbageWithoutHarm() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[random.nextInt(2000)];
            random.nextBytes(garbage);
            Socket s = stranger();
            try {
                s.getOutputStream().write(garbage);
            } catch (IOException e) {
                continue;
            }
        }
        assertPeersAreWell();
    }

    @Test
    void shouldEndHalfHandshakesInTime() throws IOException {
        Socket silent = stranger();
        Socket half = stranger();
        Session session = new HandshakeAuthenticator(job.secret(), "job", 1, 0).begin(true, "tcp", TcpFrame.VERSION, 0);
        half.getOutputStream().write(session.hello(), 0, 20);
        Socket unproved = stranger();
        unproved.getOutputStream().write(session.hello());
        for (Socket s : List.of(silent, half, unproved)) {
            s.setSoTimeout(5000);
            assertEquals(Session.HELLO_BYTES, s.getInputStream().readAllBytes().length);
        }
        assertPeersAreWell();
    }

    @Test
    void shouldServePeersDuringAFlood() throws IOException {
        for (int i = 0; i < 300; i++) {
            stranger();
        }
        assertPeersAreWell();
    }

    @Test
    void shouldRefuseAWrongProofAndAnImpossibleRank() throws IOException {
        for (HandshakeAuthenticator liar : List.of(new HandshakeAuthenticator(JobSecret.random(), "job", 1, 0),
                new HandshakeAuthenticator(job.secret(), "other", 1, 0), new HandshakeAuthenticator(job.secret(), "job", 77, 0),
                new HandshakeAuthenticator(job.secret(), "job", -5, 0), new HandshakeAuthenticator(job.secret(), "job", 0, 0))) {
            Socket s = stranger();
            s.setSoTimeout(5000);
            prove(s, liar);
            assertEquals(-1, s.getInputStream().read());
        }
        assertEquals(Map.of(), a.failures);
        assertPeersAreWell();
    }

    @Test
    void shouldReportAPeerThatSendsAnOversizedLength() throws IOException {
        Socket s = authenticated(2);
        s.getOutputStream().write(frame(1 << 30, 0));
        TestRank.until("failed", () -> a.failures.containsKey(2), a);
        assertTrue(a.failures.get(2).contains("payloadLength=1073741824 maxPayloadBytes=65408"), a.failures.get(2));
        assertPeersAreWell();
    }

    @Test
    void shouldReportAPeerThatSkipsAPacket() throws IOException {
        Socket s = authenticated(2);
        s.getOutputStream().write(frame(0, 0));
        s.getOutputStream().write(frame(0, 2));
        TestRank.until("failed", () -> a.failures.containsKey(2), a);
        assertTrue(a.failures.get(2).contains("sequence=2 expectedSequence=1"), a.failures.get(2));
        assertEquals(1, a.packets.size());
        a.packets.clear();
        assertPeersAreWell();
    }

    @Test
    void shouldReportAPeerThatDiesInTheMiddleOfAPacket() throws IOException {
        Socket s = authenticated(2);
        s.getOutputStream().write(frame(1000, 0));
        s.close();
        TestRank.until("failed", () -> a.failures.containsKey(2), a);
        assertTrue(a.failures.get(2).contains("in the middle of a packet"), a.failures.get(2));
    }

    private void assertPeersAreWell() {
        Endpoint to = b.device.connect(0);
        TestRank.until("sent", () -> to.trySend(42, 0, 0, 0, NONE, 0, 0) == Endpoint.SENT, a, b);
        TestRank.until("arrived", () -> a.packets.size() == 1, a, b);
        assertEquals(42, a.packets.peek().h0());
        assertEquals(Map.of(), b.failures);
        assertTrue(a.lines.stream().noneMatch(l -> l.startsWith("warn")), a.lines.toString());
    }

    private Socket stranger() throws IOException {
        Socket s = new Socket(InetAddress.ofLiteral("127.0.0.1"), a.port());
        sockets.add(s);
        return s;
    }

    private Socket authenticated(int rank) throws IOException {
        Socket s = stranger();
        prove(s, new HandshakeAuthenticator(job.secret(), "job", rank, 0));
        byte[] answer = s.getInputStream().readNBytes(Session.PROOF_BYTES + TcpHandshake.VERDICT_BYTES);
        assertEquals(TcpHandshake.ACCEPT_VERDICT, answer[Session.PROOF_BYTES]);
        return s;
    }

    private static void prove(Socket s, HandshakeAuthenticator who) throws IOException {
        Session session = who.begin(true, "tcp", TcpFrame.VERSION, 0);
        InputStream in = s.getInputStream();
        s.getOutputStream().write(session.hello());
        session.acceptHello(in.readNBytes(Session.HELLO_BYTES));
        s.getOutputStream().write(session.proof());
    }

    private static byte[] frame(int length, int sequence) {
        return ByteBuffer.allocate(TcpFrame.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).putInt(sequence).array();
    }
}
