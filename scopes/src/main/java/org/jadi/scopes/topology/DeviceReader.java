package org.jadi.scopes.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Recognises devices among what hwloc shows of buses and of the operating system. */
final class DeviceReader {
    /** PCI numbers of vendors whose display controllers are processors: NVIDIA, AMD, Intel. */
    private static final Set<Integer> GPU_VENDORS = Set.of(0x10de, 0x1002, 0x8086);
    private static final int CLASS_NETWORK = 0x02;
    private static final int CLASS_DISPLAY = 0x03;
    private static final int CLASS_ACCELERATOR = 0x12;

    private DeviceReader() {}

    /** What the operating system's names of a device say about it. */
    enum Role { NETWORK, COPROCESSOR, OTHER }

    /** A device of the machine, of whatever sort; its names follow. Not safe for several threads. */
    static final class Found {
        final Part near;
        String busId = "";
        int vendor;
        int pciClass;
        String uuid;
        boolean network;
        boolean coprocessor;
        final TreeSet<String> names = new TreeSet<>();

        /** Begins with the part with CPUs at which it hangs. */
        Found(Part near) {
            this.near = near;
        }

        void name(String name, Role role) {
            names.add(name);
            network |= role == Role.NETWORK;
            coprocessor |= role == Role.COPROCESSOR;
        }

        /** Returns which device it is, or null if none that we deal with. */
        HwType type() {
            int base = pciClass >> 8;
            if (coprocessor || base == CLASS_ACCELERATOR || base == CLASS_DISPLAY && GPU_VENDORS.contains(vendor)) {
                return HwType.GPU;
            }
            return network || base == CLASS_NETWORK ? HwType.NIC : null;
        }
    }

    /** Returns the devices with their numbers, in the order of their addresses. */
    static List<Device> number(List<Found> found, Map<Part, HwObject> objects, HwObject machine) {
        List<Device> devices = new ArrayList<>();
        for (HwType type : List.of(HwType.GPU, HwType.NIC)) {
            List<Found> some = found.stream().filter(f -> f.type() == type)
                    .sorted(Comparator.comparing((Found f) -> f.busId.isEmpty()).thenComparing(f -> f.busId)
                            .thenComparing(f -> String.join(" ", f.names)))
                    .toList();
            for (int i = 0; i < some.size(); i++) {
                Found f = some.get(i);
                HwObject near = objects.getOrDefault(f.near, machine); // what it hung at may have no CPUs
                devices.add(new Device(type, i, f.busId, Optional.ofNullable(f.uuid), f.names, f.vendor, f.pciClass, near.cpus(),
                        near.nodes()));
            }
        }
        return List.copyOf(devices);
    }
}
