package org.jadi.bootstrap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jadi.bootstrap.crypto.Randomness;

/**
 * The proof with which every connection of a job begins. It does no input or output: the caller moves the bytes.
 *
 * <p>Both sides send a hello (32 bytes) at once. Having the other's hello, the client sends its proof (32 bytes); the
 * server checks it and answers with its own. Nothing else is read from a connection before that.
 *
 * <pre>
 *  hello, little-endian
 *  offset 0        4         6      7      8         12        16                32
 *         +--------+---------+------+------+---------+---------+-----------------+
 *         | "JADI" | version | role | zero | from    | to      | nonce           |
 *         +--------+---------+------+------+---------+---------+-----------------+
 * </pre>
 *
 * A proof is HMAC-SHA-256 over role, protocol, job, both ranks and both nonces. An instance serves one connection and
 * one thread at a time.
 */
public final class Handshake {
    /** Length of a hello in bytes. */
    public static final int HELLO_BYTES = 32;

    /** Length of a proof in bytes. */
    public static final int PROOF_BYTES = 32;

    /** Rank of a party that is no rank of the job (the launcher's servers), or that is not known yet. */
    public static final int NO_RANK = -1;

    /** Which side of the connection we are. */
    public enum Role {
        /** The side that connected; it proves itself first. */
        CLIENT,
        /** The side that accepted. */
        SERVER
    }

    private static final int MAGIC = 'J' | 'A' << 8 | 'D' << 16 | 'I' << 24;
    private static final int NONCE_BYTES = 16;

    private final JobSecret secret;
    private final Role role;
    private final String protocol;
    private final int version;
    private final String jobId;
    private final int myRank;
    private final byte[] myNonce = new byte[NONCE_BYTES];
    private final byte[] peerNonce = new byte[NONCE_BYTES];
    private int peerRank;
    private boolean greeted;

    /**
     * Begins a handshake.
     *
     * @param protocol name of what is spoken afterwards, so that a proof for one service is none for another
     * @param version version of that protocol, 0 to 65535
     * @param peerRank the rank that must be at the other end, or {@link #NO_RANK} to accept any rank's hello
     */
    public Handshake(JobSecret secret, Role role, String protocol, int version, String jobId, int myRank, int peerRank) {
        this.secret = secret;
        this.role = role;
        this.protocol = protocol;
        this.version = version;
        this.jobId = jobId;
        this.myRank = myRank;
        this.peerRank = peerRank;
        Randomness.fill(myNonce);
    }

    /** Returns our hello. */
    public byte[] hello() {
        ByteBuffer b = ByteBuffer.allocate(HELLO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(MAGIC).putShort((short) version).put((byte) role.ordinal()).put((byte) 0).putInt(myRank).putInt(peerRank);
        b.put(myNonce);
        return b.array();
    }

    /**
     * Takes the other side's hello.
     *
     * @throws BootstrapException if it is not one, speaks another version, or comes from an unexpected rank
     */
    public void acceptHello(byte[] hello) {
        ByteBuffer b = ByteBuffer.wrap(hello).order(ByteOrder.LITTLE_ENDIAN);
        if (hello.length != HELLO_BYTES || b.getInt() != MAGIC) {
            throw new BootstrapException("not a Jadi peer: the connection does not begin with a Jadi hello");
        }
        int theirs = b.getShort() & 0xffff;
        if (theirs != version) {
            throw new BootstrapException("peer speaks another version of protocol " + protocol + ": ours=" + version
                    + " theirs=" + theirs + "; use the same Jadi version on all ranks");
        }
        if (b.get() == role.ordinal() || b.get() != 0) {
            throw new BootstrapException("malformed hello: wrong role");
        }
        int from = b.getInt();
        int to = b.getInt();
        if (peerRank != NO_RANK && from != peerRank || to != NO_RANK && to != myRank) {
            throw new BootstrapException("hello from an unexpected rank: from=" + from + " to=" + to + " expectedFrom="
                    + peerRank + " me=" + myRank);
        }
        peerRank = from;
        b.get(peerNonce);
        greeted = true;
    }

    /** Returns our proof; only after {@link #acceptHello}. */
    public byte[] proof() {
        return proofOf(role);
    }

    /** Returns whether the other side's proof is right, in constant time; only after {@link #acceptHello}. */
    public boolean verify(byte[] proof) {
        Role other = role == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        return MessageDigest.isEqual(proofOf(other), proof);
    }

    /** Returns the other side's rank as its hello said (proved only once {@link #verify} returned true). */
    public int peerRank() {
        return peerRank;
    }

    private byte[] proofOf(Role prover) {
        if (!greeted) {
            throw new IllegalStateException("no hello was accepted yet");
        }
        boolean iAmClient = role == Role.CLIENT;
        byte[] text = ("jadi/" + protocol + "/" + version + "/" + prover + "/" + jobId).getBytes(StandardCharsets.UTF_8);
        ByteBuffer b = ByteBuffer.allocate(text.length + 8 + 2 * NONCE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(text).putInt(iAmClient ? myRank : peerRank).putInt(iAmClient ? peerRank : myRank);
        b.put(iAmClient ? myNonce : peerNonce).put(iAmClient ? peerNonce : myNonce);
        return secret.hmac(b.array());
    }
}
