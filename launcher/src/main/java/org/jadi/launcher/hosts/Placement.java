package org.jadi.launcher.hosts;

import java.util.BitSet;
import java.util.List;

/**
 * Which ranks go to which host. Every rank of the job stands in exactly one share, and no share is empty.
 *
 * @param shares the hosts that are used, with their ranks
 */
public record Placement(List<Share> shares) {
    /**
     * The ranks of one host.
     *
     * @param host name of the host
     * @param ranks its ranks
     */
    public record Share(String host, BitSet ranks) {
    }
}
