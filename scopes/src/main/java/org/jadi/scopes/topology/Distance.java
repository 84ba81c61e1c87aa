package org.jadi.scopes.topology;

import java.util.Comparator;
import java.util.OptionalLong;

/**
 * How far two places of a machine are from each other. Smaller is nearer: those in one core are nearer than those that share a
 * cache, these nearer than those in one package; above that, latencies between memory nodes decide where they are known.
 *
 * @param common type of the smallest object around both
 * @param span number of CPUs of that object
 * @param hops edges of the tree between the smallest objects around each
 * @param latency latency between their memory nodes, relative as hwloc tells it (10 is local), the least if there are several
 */
public record Distance(HwType common, int span, int hops, OptionalLong latency) implements Comparable<Distance> {
    private static final Comparator<Distance> ORDER = Comparator.comparingInt(Distance::span).thenComparingLong(
            d -> d.latency.orElse(0)).thenComparingInt(Distance::hops);

    @Override
    public int compareTo(Distance other) {
        return ORDER.compare(this, other);
    }

    /**
     * Measures between two sets of CPUs.
     *
     * @throws IllegalArgumentException if one is empty, or has CPUs that the machine has not
     */
    public static Distance between(Topology topology, CpuSet a, CpuSet b) {
        HwObject from = topology.smallestEnclosing(a);
        HwObject to = topology.smallestEnclosing(b);
        HwObject common = topology.smallestEnclosing(a.or(b));
        int hops = from.depth() + to.depth() - 2 * common.depth();
        return new Distance(common.type(), common.cpus().count(), hops, latency(topology, a, b));
    }

    /** Measures between two objects that have CPUs. */
    public static Distance between(Topology topology, HwObject a, HwObject b) {
        return between(topology, a.cpus(), b.cpus());
    }

    /** Measures between a device and a set of CPUs. */
    public static Distance between(Topology topology, Device device, CpuSet cpus) {
        return between(topology, device.locality().isEmpty() ? topology.cpus() : device.locality(), cpus);
    }

    private static OptionalLong latency(Topology topology, CpuSet a, CpuSet b) {
        return topology.distances("NUMALatency").stream().flatMapToLong(matrix -> matrix.objects().stream()
                .filter(from -> from.cpus().intersects(a)).flatMapToLong(from -> matrix.objects().stream()
                        .filter(to -> to.cpus().intersects(b)).mapToLong(to -> matrix.between(from, to)))).min();
    }
}
