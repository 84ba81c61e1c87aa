package org.jadi.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HandshakeTest {
    private static final JobSecret SECRET = JobSecret.fromHex("00112233445566778899aabbccddeeff".repeat(2));
    private static final int SERVER_RANK = Handshake.NO_RANK;

    private static Handshake client(JobSecret secret, String protocol, int version, int rank) {
        return new Handshake(secret, Handshake.Role.CLIENT, protocol, version, "job-1", rank, SERVER_RANK);
    }

    private static Handshake server(int expectedRank) {
        return new Handshake(SECRET, Handshake.Role.SERVER, "kvs", 1, "job-1", SERVER_RANK, expectedRank);
    }

    @Test
    void shouldWriteHelloAsDocumented() {
        byte[] hello = client(SECRET, "kvs", 0x0102, 3).hello();
        assertEquals(32, hello.length);
        assertEquals("4a414449" + "0201" + "00" + "00" + "03000000" + "ffffffff",
                HexFormat.of().formatHex(hello, 0, 16));
    }

    @Test
    void shouldProveAsDocumented() throws Exception {
        Handshake client = client(SECRET, "kvs", 1, 3);
        Handshake server = server(Handshake.NO_RANK);
        byte[] clientHello = client.hello();
        byte[] serverHello = server.hello();
        client.acceptHello(serverHello);
        ByteBuffer text = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        text.put("jadi/kvs/1/CLIENT/job-1".getBytes(StandardCharsets.UTF_8)).putInt(3).putInt(-1);
        text.put(clientHello, 16, 16).put(serverHello, 16, 16);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(HexFormat.of().parseHex(SECRET.toHex()), "HmacSHA256"));
        assertArrayEquals(mac.doFinal(Arrays.copyOf(text.array(), text.position())), client.proof());
    }

    @Test
    void shouldAcceptEachOther() {
        Handshake client = client(SECRET, "kvs", 1, 3);
        Handshake server = server(Handshake.NO_RANK);
        client.acceptHello(server.hello());
        server.acceptHello(client.hello());
        assertEquals(3, server.peerRank());
        assertTrue(server.verify(client.proof()));
        assertTrue(client.verify(server.proof()));
        assertFalse(server.verify(server.proof()), "a reflected proof must not pass");
    }

    @Test
    void shouldRefuseWrongSecretProtocolAndJob() {
        assertFalse(proofAccepted(client(JobSecret.random(), "kvs", 1, 3)));
        assertFalse(proofAccepted(client(SECRET, "tcp", 1, 3)));
        assertFalse(proofAccepted(new Handshake(SECRET, Handshake.Role.CLIENT, "kvs", 1, "job-2", 3, SERVER_RANK)));
    }

    private static boolean proofAccepted(Handshake client) {
        Handshake server = server(Handshake.NO_RANK);
        client.acceptHello(server.hello());
        server.acceptHello(client.hello());
        return server.verify(client.proof());
    }

    @Test
    void shouldNameBothVersions() {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> server(Handshake.NO_RANK).acceptHello(client(SECRET, "kvs", 7, 3).hello()));
        assertTrue(e.getMessage().contains("ours=1 theirs=7"), e.getMessage());
    }

    @Test
    void shouldRefuseWrongRoleRankAndGarbage() {
        assertThrows(BootstrapException.class, () -> server(Handshake.NO_RANK).acceptHello(server(1).hello()));
        assertThrows(BootstrapException.class, () -> server(2).acceptHello(client(SECRET, "kvs", 1, 3).hello()));
        assertThrows(BootstrapException.class, () -> server(2).acceptHello(new byte[32]));
        assertThrows(BootstrapException.class, () -> server(2).acceptHello(new byte[5]));
        assertThrows(IllegalStateException.class, () -> server(2).proof());
    }

    @Test
    void shouldHideSecret() {
        assertFalse(SECRET.toString().contains("00112233"));
        assertThrows(IllegalArgumentException.class, () -> JobSecret.fromHex("0011"));
    }
}
