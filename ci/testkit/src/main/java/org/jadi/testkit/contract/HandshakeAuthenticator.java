package org.jadi.testkit.contract;

import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSecret;

/**
 * Proofs by {@link Handshake}, as the engine gives them to devices.
 *
 * @param versionShift added to the version that the device names, for a peer of another version
 */
public record HandshakeAuthenticator(JobSecret secret, String jobId, int rank, int versionShift) implements Authenticator {
    @Override
    public Session begin(boolean client, String protocol, int version, int peerRank) {
        Handshake.Role role = client ? Handshake.Role.CLIENT : Handshake.Role.SERVER;
        return new HandshakeSession(new Handshake(secret, role, protocol, version + versionShift, jobId, rank, peerRank));
    }

    private record HandshakeSession(Handshake handshake) implements Session {
        @Override
        public byte[] hello() {
            return handshake.hello();
        }

        @Override
        public void acceptHello(byte[] hello) {
            try {
                handshake.acceptHello(hello);
            } catch (BootstrapException e) {
                throw new DeviceException(e.getMessage(), e);
            }
        }

        @Override
        public byte[] proof() {
            return handshake.proof();
        }

        @Override
        public boolean verify(byte[] proof) {
            return handshake.verify(proof);
        }

        @Override
        public int peerRank() {
            return handshake.peerRank();
        }
    }
}
