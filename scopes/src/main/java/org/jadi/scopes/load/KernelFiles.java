package org.jadi.scopes.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.NodeSet;
import org.jadi.scopes.topology.Part;
import org.jadi.scopes.topology.Topology;
import org.jadi.scopes.topology.TopologyBuilder;

/**
 * Describes this machine from the files of Linux below /sys and /proc: packages, dies, caches, cores, memory nodes and the
 * limits of the container, but no devices. Where there are no such files, as many CPUs as the JVM sees.
 */
final class KernelFiles {
    private final Path root;
    private final Path cpus;

    private KernelFiles(Path root) {
        this.root = root;
        this.cpus = root.resolve("sys/devices/system/cpu");
    }

    /** An object that is known by its CPUs, before it has a place in the tree. */
    private record Found(HwType type, int osIndex, CpuSet cpus) {}

    /** Describes the machine whose files lie below a folder: {@code /}, or a copy of another machine's. */
    static Topology describe(Path root) {
        return new KernelFiles(root).describe();
    }

    private Topology describe() {
        CpuSet online = set(cpus.resolve("online"));
        if (online.isEmpty()) {
            online = CpuSet.range(0, Runtime.getRuntime().availableProcessors() - 1);
        }
        Set<Found> found = new LinkedHashSet<>();
        for (int cpu : online.stream().toArray()) {
            addCpu(cpu, online, found);
        }
        Part machine = new Part(HwType.MACHINE).cpus(online);
        List<Part> placed = new ArrayList<>(List.of(machine));
        found.stream().sorted(Comparator.comparingInt((Found f) -> -f.cpus.count()).thenComparing(Found::type)
                .thenComparingInt(f -> f.cpus.first())).forEach(f -> place(f, placed));
        addNodes(online, placed);
        CpuSet allowed = containerLimit().and(online);
        return new TopologyBuilder(machine).allowed(allowed.isEmpty() ? online : allowed).complete(set(cpus.resolve("possible")))
                .source("kernel files").thisSystem(root.equals(Path.of("/"))).build();
    }

    private void addCpu(int cpu, CpuSet online, Set<Found> found) {
        Path folder = cpus.resolve("cpu" + cpu);
        Path topology = folder.resolve("topology");
        add(HwType.PACKAGE, number(topology.resolve("physical_package_id")), firstSet(topology, "package_cpus_list",
                "core_siblings_list"), online, found);
        CpuSet die = set(topology.resolve("die_cpus_list"));
        if (!die.equals(set(topology.resolve("package_cpus_list")))) { // else the package is one die
            add(HwType.DIE, number(topology.resolve("die_id")), die, online, found);
        }
        add(HwType.CORE, number(topology.resolve("core_id")), firstSet(topology, "core_cpus_list", "thread_siblings_list"), online,
                found);
        found.add(new Found(HwType.PU, cpu, CpuSet.of(cpu)));
        for (int i = 0; Files.isDirectory(folder.resolve("cache/index" + i)); i++) {
            Path cache = folder.resolve("cache/index" + i);
            HwType type = text(cache.resolve("type")).equals("Instruction") ? null
                    : HwType.find("L" + text(cache.resolve("level")) + "Cache").orElse(null);
            if (type != null) {
                add(type, -1, set(cache.resolve("shared_cpu_list")), online, found);
            }
        }
    }

    private static void add(HwType type, int osIndex, CpuSet cpus, CpuSet online, Set<Found> found) {
        CpuSet here = cpus.and(online);
        if (!here.isEmpty()) {
            found.add(new Found(type, osIndex, here));
        }
    }

    /** Puts an object into the smallest one around it; what overlaps another without being inside is left out. */
    private static void place(Found f, List<Part> placed) {
        Part around = smallestAround(f.cpus, placed);
        if (around.childrenOverlap(f.cpus)) {
            return;
        }
        Part part = new Part(f.type).osIndex(f.osIndex).cpus(f.cpus);
        around.add(part);
        placed.add(part);
    }

    private static Part smallestAround(CpuSet cpus, List<Part> placed) {
        for (int i = placed.size() - 1; i > 0; i--) { // the last one placed is the innermost
            if (placed.get(i).cpus().containsAll(cpus)) {
                return placed.get(i);
            }
        }
        return placed.getFirst();
    }

    private void addNodes(CpuSet online, List<Part> placed) {
        Path folder = root.resolve("sys/devices/system/node");
        for (int node : NodeSet.parse(text(folder.resolve("online"))).stream().toArray()) {
            Path files = folder.resolve("node" + node);
            CpuSet near = set(files.resolve("cpulist")).and(online);
            Part part = new Part(HwType.NUMA).osIndex(node).cpus(near).nodes(NodeSet.of(node)).memoryBytes(memory(files));
            Part around = near.isEmpty() ? placed.getFirst() : outermostWith(near, placed);
            around.add(part);
            for (Part p : placed) {
                if (p == placed.getFirst() || p.cpus().intersects(near)) {
                    p.nodes(p.nodes().or(NodeSet.of(node)));
                }
            }
        }
    }

    /** Memory hangs at the outermost object that has just its CPUs, else at the smallest around them. */
    private static Part outermostWith(CpuSet cpus, List<Part> placed) {
        return placed.stream().filter(p -> p.cpus().equals(cpus) && p != placed.getFirst()).findFirst()
                .orElseGet(() -> placed.stream().filter(p -> p.cpus().containsAll(cpus)).min(Comparator.comparingInt(
                        p -> p.cpus().count())).orElseThrow());
    }

    private long memory(Path node) {
        try (Stream<String> lines = Files.lines(node.resolve("meminfo"))) {
            return lines.filter(l -> l.contains("MemTotal:")).map(l -> l.replaceAll(".*MemTotal:\\s*(\\d+) kB.*", "$1"))
                    .mapToLong(kib -> Long.parseLong(kib) << 10).findFirst().orElse(0);
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }

    /** The CPUs of the control group of this process, version 2 or 1; empty if there is no limit. */
    private CpuSet containerLimit() {
        for (String line : text(root.resolve("proc/self/cgroup")).split("\n")) {
            String[] parts = line.split(":", 3); // number, controllers, path
            if (parts.length == 3) {
                boolean second = parts[1].isEmpty();
                Path group = root.resolve(second ? "sys/fs/cgroup" : "sys/fs/cgroup/cpuset").resolve(parts[2].substring(1));
                CpuSet limit = set(group.resolve(second ? "cpuset.cpus.effective" : "cpuset.effective_cpus"));
                if ((second || List.of(parts[1].split(",")).contains("cpuset")) && !limit.isEmpty()) {
                    return limit;
                }
            }
        }
        return set(cpus.resolve("online"));
    }

    private CpuSet firstSet(Path folder, String... names) {
        for (String name : names) {
            CpuSet set = set(folder.resolve(name));
            if (!set.isEmpty()) {
                return set;
            }
        }
        return CpuSet.EMPTY;
    }

    private static CpuSet set(Path file) {
        try {
            return CpuSet.parse(text(file));
        } catch (IllegalArgumentException e) {
            return CpuSet.EMPTY;
        }
    }

    private static int number(Path file) {
        try {
            return Integer.parseInt(text(file));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String text(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
