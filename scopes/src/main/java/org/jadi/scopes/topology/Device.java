package org.jadi.scopes.topology;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.Collections;

/**
 * A graphics processor, accelerator or network interface. Immutable. Any thread.
 *
 * <p>What the operating system and the vendors' libraries show under several names is one device here, recognised by its
 * address on the PCI bus: {@code cuda0} and {@code nvml0}, or {@code ib0} and {@code mlx5_0}.
 *
 * @param type {@link HwType#GPU} or {@link HwType#NIC}
 * @param ordinal number among the devices of its type in this topology, from 0, by PCI address
 * @param pciBusId {@code 0000:3b:00.0} (domain, bus, device, function), or empty text for a device that is not on a PCI bus
 * @param uuid the vendor's identity of the device, where a vendor's library told it
 * @param osNames names of the operating system and of the vendors' libraries, sorted
 * @param vendor PCI number of the vendor, 0 if not known
 * @param pciClass PCI class, {@code 0x0302}; 0 if not known
 * @param locality CPUs near to it: those of the nearest object around it that has any
 * @param nodes memory nodes near to it
 */
public record Device(HwType type, int ordinal, String pciBusId, Optional<String> uuid, SortedSet<String> osNames, int vendor,
        int pciClass, CpuSet locality, NodeSet nodes) {
    /** Checks that it is a device. */
    public Device {
        if (!type.isDevice()) {
            throw new IllegalArgumentException("a device is a GPU or a NIC: type=" + type);
        }
        osNames = Collections.unmodifiableSortedSet(new TreeSet<>(osNames));
    }

    /** Returns type, ordinal, and the first of address and names that there is: {@code GPU#0 0000:3b:00.0}. */
    @Override
    public String toString() {
        return type + "#" + ordinal + (pciBusId.isEmpty() ? osNames.isEmpty() ? "" : " " + osNames.first() : " " + pciBusId);
    }
}
