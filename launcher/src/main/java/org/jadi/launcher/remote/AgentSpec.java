package org.jadi.launcher.remote;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jadi.launcher.hosts.Placement;

/**
 * What an agent is to look after.
 *
 * @param number number of the host in the job, 0 or more
 * @param host name of the host
 * @param ranks the ranks on it
 */
record AgentSpec(int number, String host, BitSet ranks) {
    static List<AgentSpec> of(Placement placement) {
        List<AgentSpec> specs = new ArrayList<>();
        for (Placement.Share share : placement.shares()) {
            specs.add(new AgentSpec(specs.size(), share.host(), share.ranks()));
        }
        return specs;
    }

    static void write(List<AgentSpec> specs, BodyWriter out) {
        out.integer(specs.size());
        for (AgentSpec spec : specs) {
            out.integer(spec.number).text(spec.host).set(spec.ranks);
        }
    }

    static List<AgentSpec> read(BodyReader in) {
        List<AgentSpec> specs = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            specs.add(new AgentSpec(in.integer(), in.text(), in.set()));
        }
        return specs;
    }
}
