package org.jadi.scopes.command;

import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwObject;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** A machine as a tree in a terminal, a line for each core at most. What encloses one thing alone shares its line. */
final class TreePicture {
    private static final long KIB = 1024;

    private final Topology topology;
    private final Holders holders;
    private final StringBuilder text = new StringBuilder();

    private TreePicture(Topology topology, Holders holders) {
        this.topology = topology;
        this.holders = holders;
    }

    static String of(Topology topology, Holders holders) {
        TreePicture picture = new TreePicture(topology, holders);
        picture.object(topology.root(), "", "");
        return picture.text.toString();
    }

    private void object(HwObject object, String first, String rest) {
        StringBuilder line = new StringBuilder(name(object));
        List<HwObject> memory = new ArrayList<>(object.memory());
        List<Device> devices = new ArrayList<>(devicesAt(object));
        HwObject last = object;
        while (last.children().size() == 1 && !isLeaf(last)) {
            last = last.children().getFirst();
            line.append(" + ").append(name(last));
            memory.addAll(last.memory());
            if (!last.cpus().equals(last.parent().cpus())) {
                devices.addAll(devicesAt(last));
            }
        }
        boolean leaf = isLeaf(last);
        if (leaf) {
            line.append(pus(last));
        }
        // Where the parts of an object are held apart, they say so themselves.
        String held = leaf || last.cpus().count() == 1 ? holders.of(object.cpus()) : "";
        text.append(first).append(line).append(held.isEmpty() ? "" : "  <- " + held).append('\n');
        List<HwObject> children = leaf ? List.of() : last.children();
        int left = memory.size() + devices.size() + children.size();
        for (HwObject node : memory) {
            left--;
            text.append(rest).append(left == 0 ? "`- " : "|- ").append(name(node)).append('\n');
        }
        for (Device device : devices) {
            left--;
            text.append(rest).append(left == 0 ? "`- " : "|- ").append(device).append('\n');
        }
        for (HwObject child : children) {
            left--;
            object(child, rest + (left == 0 ? "`- " : "|- "), rest + (left == 0 ? "   " : "|  "));
        }
    }

    /** A core is shown with its CPUs in its line. */
    private static boolean isLeaf(HwObject object) {
        return object.type() == HwType.PU || object.type() == HwType.CORE;
    }

    private String pus(HwObject leaf) {
        List<Integer> cpus = topology.inOrder(leaf.cpus());
        StringBuilder line = new StringBuilder(leaf.type() == HwType.PU ? "" : " + PU ");
        if (leaf.type() != HwType.PU) {
            for (int i = 0; i < cpus.size(); i++) {
                line.append(i == 0 ? "" : ",").append('P').append(cpus.get(i));
            }
        }
        CpuSet forbidden = leaf.cpus().andNot(topology.allowed());
        return line.append(forbidden.isEmpty() ? "" : " (not allowed: " + forbidden + ")").toString();
    }

    private List<Device> devicesAt(HwObject object) {
        List<Device> devices = new ArrayList<>();
        for (HwType type : List.of(HwType.GPU, HwType.NIC)) {
            for (Device device : topology.devices(type)) {
                CpuSet place = device.locality().isEmpty() ? topology.cpus() : device.locality();
                if (place.equals(object.cpus()) && (object.parent() == null || !object.parent().cpus().equals(place))) {
                    devices.add(device);
                }
            }
        }
        return devices;
    }

    static String name(HwObject object) {
        String size = object.type() == HwType.NUMA ? bytes(object.memoryBytes()) : bytes(object.cacheBytes());
        String index = object.type() == HwType.MACHINE ? "" : object.type() == HwType.PU ? " P" + object.osIndex()
                : " #" + object.logicalIndex();
        return object.type().hwlocName() + index + (object.name().isEmpty() ? "" : " \"" + object.name() + "\"")
                + (size.isEmpty() ? "" : " (" + size + ")");
    }

    private static String bytes(long bytes) {
        if (bytes <= 0) {
            return "";
        }
        long size = bytes / KIB;
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (size >= 10 * KIB && unit < units.length - 1) {
            size /= KIB;
            unit++;
        }
        return size + " " + units[unit];
    }
}
