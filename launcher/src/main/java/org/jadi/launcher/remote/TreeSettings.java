package org.jadi.launcher.remote;

import java.util.List;

/**
 * How agents are started and watched; the same in all nodes of a tree.
 *
 * @param shell words of the remote shell, see {@link RemoteShell}
 * @param agent words that start an agent, the absolute path of a java first
 * @param fanOut how many agents a node starts at most
 * @param heartbeatMillis how long a node may be silent, or 0 for as long as it likes
 * @param startMillis for how long mpirun tries to reach a host
 * @param verbose whether each start is told
 */
record TreeSettings(List<String> shell, List<String> agent, int fanOut, int heartbeatMillis, int startMillis,
        boolean verbose) {
    void write(BodyWriter out) {
        out.texts(shell).texts(agent).integer(fanOut).integer(heartbeatMillis).integer(startMillis).flag(verbose);
    }

    static TreeSettings read(BodyReader in) {
        return new TreeSettings(in.texts(), in.texts(), in.integer(), in.integer(), in.integer(), in.flag());
    }
}
