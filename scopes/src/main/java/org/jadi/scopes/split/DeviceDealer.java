package org.jadi.scopes.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedCollection;
import java.util.stream.IntStream;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;

/** Deals devices out: each to where most of the CPUs near to it are, and among equals to who has fewest. */
final class DeviceDealer {
    private DeviceDealer() {}

    /** Returns the devices of each receiver, who is known by its CPUs; every device goes to one. */
    static List<List<Device>> deal(SequencedCollection<Device> devices, List<CpuSet> receivers) {
        List<List<Device>> dealt = new ArrayList<>();
        receivers.forEach(r -> dealt.add(new ArrayList<>()));
        if (receivers.isEmpty()) {
            return dealt;
        }
        for (HwType type : List.of(HwType.GPU, HwType.NIC)) {
            int[] had = new int[receivers.size()];
            devices.stream().filter(d -> d.type() == type).forEach(device -> {
                int best = IntStream.range(0, receivers.size()).boxed().min(Comparator
                        .comparingInt((Integer r) -> -receivers.get(r).and(device.locality()).count())
                        .thenComparingInt(r -> had[r]).thenComparingInt(r -> r)).orElseThrow();
                had[best]++;
                dealt.get(best).add(device);
            });
        }
        return dealt;
    }
}
