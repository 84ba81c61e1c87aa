package org.jadi.scopes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Member;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** What members tell each other for a split, as text. */
final class SplitParts {
    private static final String SEPARATOR = "\n";

    private SplitParts() {}

    static String encode(Scope scope, SplitSpec spec) {
        return String.join(SEPARATOR, machine(scope.topology()), spec.common(), Integer.toString(spec.color().label()),
                Integer.toString(spec.order()), scope.home().boundNow().toString(), scope.cpus().toString(),
                scope.shape().devices().stream().map(d -> d.type() + ":" + d.ordinal()).collect(Collectors.joining(" ")));
    }

    static List<Member> decode(Scope scope, List<String> parts) {
        List<Member> members = new ArrayList<>();
        String[] first = parts.getFirst().split(SEPARATOR, -1);
        for (int rank = 0; rank < parts.size(); rank++) {
            String[] part = parts.get(rank).split(SEPARATOR, -1);
            if (!part[0].equals(first[0])) {
                throw new ScopeException(ErrorCode.TOPOLOGY_MISMATCH, "members see different machines: rank 0 sees " + first[0] + ", rank "
                        + rank + " sees " + part[0] + "; split over one node only, with one setting of jadi.scopes.hwloc and"
                        + " jadi.scopes.topology");
            }
            if (!part[1].equals(first[1])) {
                throw new ScopeException(ErrorCode.INVALID_ARGUMENT, "members ask for different splits: rank 0 for " + first[1] + ", rank "
                        + rank + " for " + part[1]);
            }
            members.add(new Member(new Color(Integer.parseInt(part[2])), Integer.parseInt(part[3]), CpuSet.parse(part[4]),
                    CpuSet.parse(part[5]), devices(scope.topology(), part[6])));
        }
        return members;
    }

    /** Machine and devices: who finds other devices than the others would calculate something else. */
    private static String machine(Topology topology) {
        return topology.fingerprint() + " with " + topology.devices(HwType.GPU).size() + " GPUs and " + topology.devices(HwType.NIC)
                .size() + " NICs";
    }

    private static Set<Device> devices(Topology topology, String text) {
        Set<Device> devices = new HashSet<>();
        for (String device : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = device.indexOf(':');
            devices.add(topology.devices(HwType.valueOf(device.substring(0, colon))).get(Integer.parseInt(device.substring(colon + 1))));
        }
        return devices;
    }
}
