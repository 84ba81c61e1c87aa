package org.jadi.scopes.split;

import java.util.Set;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;

/**
 * What a member of a group brings into a split.
 *
 * @param color what it says
 * @param order its wish for its rank
 * @param bound CPUs that it is bound to now
 * @param cpus CPUs of its scope
 * @param devices devices of its scope
 */
public record Member(Color color, int order, CpuSet bound, CpuSet cpus, Set<Device> devices) {}
