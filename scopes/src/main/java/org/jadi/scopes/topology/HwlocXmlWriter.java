package org.jadi.scopes.topology;

import java.util.List;

/** Writes a topology in the XML of hwloc 2, which hwloc 2 and 3 read. Not safe for several threads. */
final class HwlocXmlWriter {
    private final Topology topology;
    private final StringBuilder out = new StringBuilder();
    private int id;

    HwlocXmlWriter(Topology topology) {
        this.topology = topology;
    }

    String write() {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n");
        out.append("<topology version=\"2.0\">\n");
        object(topology.root(), "  ");
        topology.allDistances().forEach(this::distances);
        return out.append("</topology>\n").toString();
    }

    private void object(HwObject o, String indent) {
        out.append(indent).append("<object");
        attribute("type", o.type().hwlocName());
        attribute("subtype", o.subtype());
        attribute("name", o.name());
        attribute("os_index", o.osIndex() < 0 ? "" : Integer.toString(o.osIndex()));
        boolean machine = o.parent() == null;
        attribute("cpuset", o.cpus().toHex());
        attribute("complete_cpuset", (machine ? topology.complete() : o.cpus()).toHex());
        attribute("allowed_cpuset", machine ? topology.allowed().toHex() : "");
        attribute("nodeset", o.nodes().toHex());
        attribute("complete_nodeset", o.nodes().toHex());
        attribute("allowed_nodeset", machine ? o.nodes().toHex() : "");
        attribute("gp_index", Integer.toString(++id));
        attribute("local_memory", o.memoryBytes() == 0 ? "" : Long.toString(o.memoryBytes()));
        if (o.type().hwlocName().endsWith("Cache")) {
            attribute("cache_size", Long.toString(o.cacheBytes()));
            attribute("depth", o.type().hwlocName().substring(1, 2));
            attribute("cache_linesize", "64");
            attribute("cache_associativity", "0");
            attribute("cache_type", o.type() == HwType.L1 ? "1" : "0");
        }
        out.append(">\n");
        o.infos().entrySet().stream().sorted(java.util.Map.Entry.comparingByKey()).forEach(e -> info(e.getKey(), e.getValue(),
                indent + "  "));
        o.memory().forEach(m -> object(m, indent + "  "));
        o.children().forEach(c -> object(c, indent + "  "));
        topology.allDevices().stream().filter(d -> topology.near(d) == o).forEach(d -> device(d, indent + "  "));
        out.append(indent).append("</object>\n");
    }

    private void device(Device d, String indent) {
        boolean pci = !d.pciBusId().isEmpty();
        if (pci) {
            out.append(indent).append("<object");
            attribute("type", "PCIDev");
            attribute("gp_index", Integer.toString(++id));
            attribute("pci_busid", d.pciBusId());
            attribute("pci_type", String.format("%04x [%04x:0000] [0000:0000] 00", d.pciClass(), d.vendor()));
            attribute("pci_link_speed", "0.000000");
            out.append(">\n");
        }
        for (String name : d.osNames()) {
            out.append(indent).append("  <object");
            attribute("type", "OSDev");
            attribute("gp_index", Integer.toString(++id));
            attribute("name", name);
            attribute("osdev_type", d.type() == HwType.GPU ? "5" : "2");
            out.append(">\n");
            d.uuid().ifPresent(uuid -> info("UUID", uuid, indent + "    "));
            out.append(indent).append("  </object>\n");
        }
        out.append(pci ? indent + "</object>\n" : "");
    }

    private void distances(Distances d) {
        HwType type = d.objects().getFirst().type();
        if (type != HwType.PU && type != HwType.NUMA) {
            return; // would need ids that change from one text to the next
        }
        out.append("  <distances2");
        attribute("type", type.hwlocName());
        attribute("nbobjs", Integer.toString(d.objects().size()));
        attribute("kind", d.larger() ? "9" : "5");
        attribute("name", d.name());
        attribute("indexing", "os");
        out.append(">\n");
        list("indexes", d.objects().stream().map(HwObject::osIndex).toList());
        list("u64values", d.values());
        out.append("  </distances2>\n");
    }

    private void list(String element, List<? extends Number> numbers) {
        StringBuilder text = new StringBuilder();
        numbers.forEach(n -> text.append(n).append(' '));
        out.append("    <").append(element).append(" length=\"").append(text.length()).append("\">").append(text).append("</")
                .append(element).append(">\n");
    }

    private void info(String name, String value, String indent) {
        out.append(indent).append("<info");
        attribute("name", name);
        out.append(" value=\"").append(escape(value)).append("\"/>\n");
    }

    private void attribute(String name, String value) {
        if (!value.isEmpty()) {
            out.append(' ').append(name).append("=\"").append(escape(value)).append('"');
        }
    }

    private static String escape(String s) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.append(c < ' ' ? "&#" + (int) c + ";" : String.valueOf(c));
            }
        }
        return escaped.toString();
    }
}
