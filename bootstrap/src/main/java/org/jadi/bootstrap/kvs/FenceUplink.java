package org.jadi.bootstrap.kvs;

/** Where a server that serves only a part of a job's ranks takes a fence, when all of its own ranks have come to it. */
public interface FenceUplink {
    /**
     * All ranks of this server have come. The fence is over when {@link KeyValueServer#release} is called with the pairs of
     * all servers. Called by the server's only thread: implementations do not block.
     *
     * @param pairs what these ranks have put since the last fence, in the protocol's own lines
     */
    void arrived(byte[] pairs);
}
