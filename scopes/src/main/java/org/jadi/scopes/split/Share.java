package org.jadi.scopes.split;

import java.util.List;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;

/**
 * What a member of a group gets out of a split.
 *
 * @param piece number of the piece, the first one if it has several; -1 if it takes no part
 * @param cpus its CPUs
 * @param devices its devices
 */
public record Share(int piece, CpuSet cpus, List<Device> devices) {
    /** What who takes no part gets. */
    public static final Share NONE = new Share(-1, CpuSet.EMPTY, List.of());
}
