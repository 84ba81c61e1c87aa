package org.jadi.scopes.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/** Calculates a split for all members at once. A pure function of what they brought. */
public final class SplitPlan {
    private final Topology topology;
    private final SplitSpec spec;
    private final List<Member> members;
    private final List<Integer> taking; // ranks that take part
    private final CpuSet base;
    private final TreeSet<Device> devices = new TreeSet<>(Comparator.comparing(Device::type).thenComparingInt(Device::ordinal));

    private SplitPlan(Topology topology, SplitSpec spec, List<Member> members) {
        this.topology = topology;
        this.spec = spec;
        this.members = members;
        this.taking = IntStream.range(0, members.size()).filter(m -> !members.get(m).color().equals(Color.UNDEFINED)).boxed().toList();
        this.base = taking.stream().map(m -> members.get(m).cpus()).reduce(CpuSet.EMPTY, CpuSet::or);
        taking.forEach(m -> devices.addAll(members.get(m).devices()));
    }

    /**
     * Returns each member's share, by rank. Shares of different pieces have no CPU in common, unless there are more pieces than
     * CPUs.
     *
     * @param spec what all agree on; its color and order are not looked at
     * @throws SplitException if it cannot be made
     * @throws ScopeException INVALID_ARGUMENT if some colors are labels and some are AUTO
     */
    public static List<Share> of(Topology topology, SplitSpec spec, List<Member> members) {
        return new SplitPlan(topology, spec, members).shares();
    }

    /** Returns the pieces into which CPUs are split, without anybody to take them; devices are dealt to them. */
    public static List<Share> pieces(Topology topology, SplitSpec spec, CpuSet cpus, List<Device> devices) {
        SplitPlan plan = new SplitPlan(topology, spec, List.of(new Member(Color.of(0), 0, CpuSet.EMPTY, cpus, Set.copyOf(devices))));
        List<CpuSet> cut = plan.cut();
        List<List<Device>> dealt = plan.dealToPieces(cut);
        return IntStream.range(0, cut.size()).mapToObj(i -> new Share(i, cut.get(i), dealt.get(i))).toList();
    }

    private List<Share> shares() {
        List<Share> shares = new ArrayList<>();
        members.forEach(m -> shares.add(Share.NONE));
        if (taking.isEmpty()) {
            return shares;
        }
        long automatic = taking.stream().filter(m -> members.get(m).color().equals(Color.AUTO)).count();
        if (automatic != 0 && automatic != taking.size()) {
            throw new ScopeException(ErrorCode.INVALID_ARGUMENT, "either all members of a split give a color or none: with=" + (taking
                    .size() - automatic) + " without=" + automatic);
        }
        List<CpuSet> pieces = cut();
        List<List<Integer>> chosen = automatic == 0 ? byColor(pieces.size()) : Mapper.map(topology, spec.mapping(), taking.stream()
                .map(m -> members.get(m).bound()).toList(), pieces, spec.useAll());
        List<List<Device>> dealt = dealToMembers(pieces, chosen);
        for (int i = 0; i < taking.size(); i++) {
            CpuSet cpus = chosen.get(i).stream().map(pieces::get).reduce(CpuSet.EMPTY, CpuSet::or);
            shares.set(taking.get(i), new Share(chosen.get(i).getFirst(), cpus, dealt.get(i)));
        }
        return shares;
    }

    private List<CpuSet> cut() {
        if (base.isEmpty()) {
            throw new SplitException("a scope without CPUs cannot be split");
        }
        if (spec.at() != null) {
            return spec.at().isDevice() ? atDevices() : atObjects();
        }
        int pieces = spec.pieces();
        if (pieces > base.count() && !spec.allowSharing()) {
            throw new SplitException("there are more pieces than CPUs, and sharing is not allowed: pieces=" + pieces + " cpus=" + base
                    .count() + " (" + base + ")");
        }
        List<CpuSet> cut = topology.cut(base, Math.min(pieces, base.count()), spec.cut());
        return IntStream.range(0, pieces).mapToObj(i -> cut.get(i % cut.size())).toList();
    }

    /** Objects of a type, the outermost where they are nested, as far as they are in the base. */
    private List<CpuSet> atObjects() {
        List<CpuSet> all = topology.localities(spec.at());
        List<CpuSet> pieces = all.stream().filter(a -> all.stream().noneMatch(b -> !a.equals(b) && b.containsAll(a)))
                .map(a -> a.and(base)).filter(a -> !a.isEmpty()).toList();
        if (pieces.isEmpty()) {
            throw new SplitException("there is nothing of this type in the scope: type=" + spec.at() + " cpus=" + base);
        }
        return pieces;
    }

    /** A piece for each device: the CPUs near to it, divided where several devices are near to the same. */
    private List<CpuSet> atDevices() {
        List<Device> at = devicesOf(spec.at());
        if (at.isEmpty()) {
            throw new SplitException("there is no device of this type in the scope: type=" + spec.at() + " cpus=" + base);
        }
        if (at.size() < taking.size() && !spec.sharedDevices()) {
            throw new SplitException("there are fewer devices than members, and sharing is not allowed: type=" + spec.at() + " devices="
                    + at.size() + " members=" + taking.size());
        }
        CpuSet[] pieces = new CpuSet[at.size()];
        for (int i = 0; i < pieces.length; i++) {
            CpuSet locality = at.get(i).locality();
            CpuSet near = locality.and(base).isEmpty() ? base : locality.and(base);
            int[] same = IntStream.range(0, pieces.length).filter(j -> at.get(j).locality().equals(locality)).toArray();
            if (pieces[i] == null) {
                List<CpuSet> cut = topology.cut(near, Math.min(same.length, near.count()), spec.cut());
                IntStream.range(0, same.length).forEach(k -> pieces[same[k]] = cut.get(k % cut.size()));
            }
        }
        return List.of(pieces);
    }

    private List<Device> devicesOf(HwType type) {
        return devices.stream().filter(d -> d.type() == type).toList();
    }

    private List<List<Integer>> byColor(int pieces) {
        List<Integer> labels = taking.stream().map(m -> members.get(m).color().label()).toList();
        List<Integer> distinct = labels.stream().distinct().sorted().toList();
        if (distinct.size() > pieces) {
            throw new SplitException("there are more colors than pieces: colors=" + distinct.size() + " pieces=" + pieces);
        }
        boolean asTheyAre = distinct.getLast() < pieces;
        return labels.stream().map(label -> List.of(asTheyAre ? label : distinct.indexOf(label))).toList();
    }

    private List<List<Device>> dealToPieces(List<CpuSet> pieces) {
        List<List<Device>> dealt = DeviceDealer.deal(devices.stream().filter(d -> d.type() != spec.at()).toList(), pieces);
        if (spec.at() != null && spec.at().isDevice()) {
            List<Device> at = devicesOf(spec.at());
            IntStream.range(0, at.size()).forEach(i -> dealt.get(i).addFirst(at.get(i)));
        }
        return dealt;
    }

    private List<List<Device>> dealToMembers(List<CpuSet> pieces, List<List<Integer>> chosen) {
        // Only pieces that somebody has get devices, except where the pieces are the devices.
        List<Integer> used = chosen.stream().flatMap(List::stream).distinct().sorted().toList();
        boolean atDevices = spec.at() != null && spec.at().isDevice();
        List<List<Device>> all = dealToPieces(atDevices ? pieces : used.stream().map(pieces::get).toList());
        List<List<Device>> dealt = new ArrayList<>();
        chosen.forEach(c -> dealt.add(new ArrayList<>()));
        for (int i = 0; i < all.size(); i++) {
            int piece = atDevices ? i : used.get(i);
            int[] owners = IntStream.range(0, chosen.size()).filter(m -> chosen.get(m).contains(piece)).toArray();
            for (int d = 0; d < all.get(i).size() && owners.length > 0; d++) {
                Device device = all.get(i).get(d);
                if (spec.sharedDevices()) {
                    IntStream.of(owners).forEach(m -> dealt.get(m).add(device));
                } else {
                    int fewest = IntStream.of(owners).boxed().min(Comparator.comparingLong((Integer m) -> dealt.get(m).stream()
                            .filter(x -> x.type() == device.type()).count()).thenComparingInt(m -> m)).orElseThrow();
                    dealt.get(fewest).add(device);
                }
            }
        }
        return dealt.stream().map(List::copyOf).toList();
    }
}
