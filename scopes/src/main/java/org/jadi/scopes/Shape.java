package org.jadi.scopes;

import java.util.List;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;

/**
 * What a scope consists of at one time. Immutable.
 *
 * @param cpus its CPUs
 * @param devices its devices, by type and ordinal
 * @param epoch how often it has changed
 */
public record Shape(CpuSet cpus, List<Device> devices, long epoch) {
    /** Copies the list. */
    public Shape {
        devices = List.copyOf(devices);
    }

    Shape next(CpuSet changed, List<Device> changedDevices) {
        return new Shape(changed, changedDevices, epoch + 1);
    }
}
