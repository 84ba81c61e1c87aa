package org.jadi.scopes.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jadi.scopes.topology.DeviceReader.Found;
import org.jadi.scopes.topology.DeviceReader.Role;
import org.jadi.scopes.topology.TopologyBuilder.Matrix;

/**
 * Reads the XML of hwloc 2 and of the coming hwloc 3. Objects that are no types of ours, such as instruction caches, are
 * left out and their contents moved up. Not safe for several threads.
 */
final class HwlocXmlReader {
    private static final int GREATEST_DEPTH = 256;
    private static final int BANDWIDTH = 8; // in the kind of a matrix, the same in hwloc 2 and 3

    private final XmlScanner scanner;
    private final ArrayDeque<Open> open = new ArrayDeque<>();
    private final Map<String, Part> byId = new HashMap<>();
    private final Map<Integer, Part> pus = new HashMap<>();
    private final Map<Integer, Part> numas = new HashMap<>();
    private final List<RawMatrix> matrices = new ArrayList<>();
    private TopologyBuilder builder;
    private boolean version3;

    /** An element that has begun: the part that it describes or is in, and the device likewise. */
    private record Open(String element, Part part, boolean own, Found device) {}

    /** A matrix as it stands in the text. */
    private static final class RawMatrix {
        private final Map<String, String> attributes;
        private final StringBuilder indexes = new StringBuilder();
        private final StringBuilder values = new StringBuilder();

        private RawMatrix(Map<String, String> attributes) {
            this.attributes = attributes;
        }
    }

    HwlocXmlReader(String xml) {
        scanner = new XmlScanner(xml);
    }

    /** Reads all of it; throws IllegalArgumentException for what is no such XML. */
    TopologyBuilder read() {
        while (true) {
            switch (scanner.next()) {
                case START -> start(scanner.name(), scanner.attributes());
                case END -> open.poll();
                case TEXT -> text(scanner.text());
                case FINISHED -> {
                    return finish();
                }
            }
        }
    }

    private TopologyBuilder finish() {
        if (builder == null || !open.isEmpty()) {
            throw new IllegalArgumentException("not an XML description of a machine: "
                    + (builder == null ? "there is no <object type=\"Machine\">" : "the text ends within <" + open.peek().element
                            + ">"));
        }
        matrices.forEach(this::addMatrix);
        return builder;
    }

    private void start(String element, Map<String, String> attributes) {
        Open around = open.peek();
        if (open.size() > GREATEST_DEPTH) {
            throw new IllegalArgumentException("not an XML description of a machine: more than " + GREATEST_DEPTH + " levels");
        }
        Open now = new Open(element, around == null ? null : around.part, false, around == null ? null : around.device);
        switch (element) {
            case "topology" -> startTopology(attributes);
            case "object" -> now = startObject(attributes, now);
            case "info" -> info(attributes, around);
            case "distances2", "distances2hetero" -> matrices.add(new RawMatrix(attributes));
            default -> { }
        }
        open.push(now);
    }

    private void startTopology(Map<String, String> attributes) {
        String version = attributes.getOrDefault("version", "1");
        if (!version.startsWith("2.") && !version.startsWith("3.")) {
            throw new IllegalArgumentException("the XML is of hwloc 1, which only hwloc 2 reads; convert it with lstopo of hwloc 2: "
                    + "version=" + version);
        }
        version3 = version.startsWith("3.");
    }

    private Open startObject(Map<String, String> attributes, Open now) {
        String kind = attributes.getOrDefault("type", "");
        switch (kind) {
            case "PCIDev" -> {
                return new Open("object", now.part, false, pciDevice(attributes, now.part));
            }
            case "OSDev" -> {
                return new Open("object", now.part, false, osDevice(attributes, now));
            }
            default -> { }
        }
        HwType type = kind.equals("GPU") || kind.equals("NIC") ? null : HwType.find(kind).orElse(null);
        if (type == null || now.part == null && builder != null) {
            return now;
        }
        Part part = new Part(type);
        part.subtype = attributes.getOrDefault("subtype", "");
        part.name = attributes.getOrDefault("name", "");
        part.osIndex = (int) number(attributes, "os_index", -1);
        part.memoryBytes = number(attributes, "local_memory", 0);
        part.cacheBytes = number(attributes, "cache_size", 0);
        part.cpus = CpuSet.parse(attributes.getOrDefault("cpuset", ""));
        part.nodes = NodeSet.parse(attributes.getOrDefault("nodeset", ""));
        register(part, attributes);
        if (now.part != null) {
            now.part.add(part);
        } else {
            startMachine(part, attributes);
        }
        return new Open("object", part, true, null);
    }

    private void register(Part part, Map<String, String> attributes) {
        byId.put(attributes.getOrDefault("gp_index", ""), part);
        if (part.type == HwType.PU) {
            pus.put(part.osIndex, part);
        } else if (part.type == HwType.NUMA) {
            numas.put(part.osIndex, part);
        }
    }

    private void startMachine(Part machine, Map<String, String> attributes) {
        builder = new TopologyBuilder(machine);
        String allowed = attributes.get("allowed_cpuset");
        String complete = attributes.get("complete_cpuset");
        if (allowed != null && !allowed.contains("...")) {
            builder.allowed(CpuSet.parse(allowed));
        }
        if (complete != null && !complete.contains("...")) {
            builder.complete(CpuSet.parse(complete));
        }
    }

    private Found pciDevice(Map<String, String> attributes, Part near) {
        Found device = new Found(near);
        device.busId = attributes.getOrDefault("pci_busid", "");
        String type = attributes.getOrDefault("pci_type", "");
        int bracket = type.indexOf('[');
        if (type.length() >= 4 && bracket > 0 && type.length() > bracket + 5) {
            device.pciClass = Integer.parseInt(type.substring(0, 4), 16);
            device.vendor = Integer.parseInt(type.substring(bracket + 1, bracket + 5), 16);
        }
        if (near != null) {
            builder.devices.add(device);
        }
        return device;
    }

    private Found osDevice(Map<String, String> attributes, Open around) {
        Found device = around.device;
        if (device == null) {
            device = new Found(around.part);
            builder.devices.add(device);
        }
        int type = (int) number(attributes, "osdev_type", 0);
        // hwloc 2 numbers: network 2, OpenFabrics 3, co-processor 5. hwloc 3 bits: co-processor 8, network 16, OpenFabrics 32.
        boolean network = version3 ? (type & (16 | 32)) != 0 : type == 2 || type == 3;
        boolean coprocessor = version3 ? (type & 8) != 0 : type == 5;
        String name = attributes.getOrDefault("name", "");
        // NVML and RSMI show what CUDA and OpenCL may not, as a plain GPU.
        coprocessor |= name.startsWith("nvml") || name.startsWith("rsmi");
        device.name(name, network ? Role.NETWORK : coprocessor ? Role.COPROCESSOR : Role.OTHER);
        return device;
    }

    private static void info(Map<String, String> attributes, Open around) {
        String name = attributes.getOrDefault("name", "");
        String value = attributes.getOrDefault("value", "");
        if (around == null) {
            return;
        }
        if (around.own) {
            around.part.infos.put(name, value);
        } else if (around.device != null && name.endsWith("UUID")) {
            around.device.uuid = value;
        }
    }

    private void text(String text) {
        Open around = open.peek();
        if (around != null && !matrices.isEmpty()) {
            if (around.element.equals("indexes")) {
                matrices.getLast().indexes.append(' ').append(text);
            } else if (around.element.equals("u64values")) {
                matrices.getLast().values.append(' ').append(text);
            }
        }
    }

    /** Adds a matrix whose objects are all known; one between objects that were left out is left out too. */
    private void addMatrix(RawMatrix raw) {
        if (raw.attributes.get("type") == null) {
            return; // between objects of several types
        }
        Map<?, Part> objects = switch (raw.attributes.getOrDefault("indexing", "os") + raw.attributes.get("type")) {
            case "osPU" -> pus;
            case "osNUMANode" -> numas;
            default -> byId;
        };
        String[] indexes = raw.indexes.toString().strip().split("\\s+");
        List<Part> parts = new ArrayList<>();
        for (String index : indexes) {
            Part part = objects == byId ? byId.get(index) : objects.get(Integer.parseInt(index));
            if (part == null) {
                return;
            }
            parts.add(part);
        }
        List<Long> values = Arrays.stream(raw.values.toString().strip().split("\\s+")).map(Long::parseUnsignedLong).toList();
        boolean larger = (number(raw.attributes, "kind", 0) & BANDWIDTH) != 0;
        builder.matrices.add(new Matrix(raw.attributes.getOrDefault("name", ""), parts, larger, values));
    }

    private static long number(Map<String, String> attributes, String name, long absent) {
        String text = attributes.get(name);
        try {
            return text == null ? absent : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an XML description of a machine: " + name + "=" + text, e);
        }
    }
}
