package org.jadi.device.tcp;

import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;
import org.jadi.bootstrap.JobSecret;

/** The real handshake behind the SPI's type, with a version that a test may bend. */
record TestAuthenticator(JobSecret secret, String jobId, int rank, int versionShift) implements Authenticator {
    @Override
    public Session begin(boolean client, String protocol, int version, int peerRank) {
        Handshake.Role role = client ? Handshake.Role.CLIENT : Handshake.Role.SERVER;
        return new TestSession(new Handshake(secret, role, protocol, version + versionShift, jobId, rank, peerRank));
    }

    private record TestSession(Handshake handshake) implements Session {
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
