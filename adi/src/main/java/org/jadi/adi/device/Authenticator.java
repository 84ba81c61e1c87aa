package org.jadi.adi.device;

/**
 * Gives devices the proof with which each connection must begin, so that only processes of this job are heard. Both
 * sides send a hello; the client then sends its proof, the server checks it and answers with its own. Nothing else may
 * be parsed before {@link Session#verify} returned true. Any thread.
 */
public interface Authenticator {
    /**
     * Begins the proof for one connection.
     *
     * @param client true on the side that connected
     * @param protocol the device's name
     * @param version version of the device's wire protocol, 0 to 65535
     * @param peerRank who must be at the other end, or -1 for any rank of the job
     */
    Session begin(boolean client, String protocol, int version, int peerRank);

    /** The proof for one connection; one thread at a time. */
    interface Session {
        /** Length of a hello in bytes. */
        int HELLO_BYTES = 32;

        /** Length of a proof in bytes. */
        int PROOF_BYTES = 32;

        /** Returns our hello. */
        byte[] hello();

        /**
         * Takes the other's hello.
         *
         * @throws DeviceException if it is malformed, of another version, or of an unexpected rank
         */
        void acceptHello(byte[] hello);

        /** Returns our proof. */
        byte[] proof();

        /** Returns whether the other's proof is right. */
        boolean verify(byte[] proof);

        /** Returns the other's rank. */
        int peerRank();
    }
}
