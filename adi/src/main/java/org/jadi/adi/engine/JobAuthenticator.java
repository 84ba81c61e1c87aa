package org.jadi.adi.engine;

import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.Handshake;

/** Proofs under the secret of the job, for devices. */
final class JobAuthenticator implements Authenticator {
    private final Bootstrap bootstrap;

    JobAuthenticator(Bootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public Session begin(boolean client, String protocol, int version, int peerRank) {
        Handshake handshake = new Handshake(bootstrap.secret(), client ? Handshake.Role.CLIENT : Handshake.Role.SERVER,
                protocol, version, bootstrap.jobId(), bootstrap.rank(), peerRank);
        return new HandshakeSession(handshake, bootstrap.size());
    }

    private record HandshakeSession(Handshake handshake, int size) implements Session {
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
            if (handshake.peerRank() < 0 || handshake.peerRank() >= size) {
                throw new DeviceException("hello from a rank outside the job: rank=" + handshake.peerRank() + " size=" + size);
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
