package org.jadi.scopes;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ResourceUnavailableException;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.group.Solo;
import org.jadi.scopes.node.Claim;
import org.jadi.scopes.node.ClaimTable;
import org.jadi.scopes.node.ClaimTable.Claimant;
import org.jadi.scopes.node.NodeFolder;
import org.jadi.scopes.node.Usage;
import org.jadi.scopes.split.Chooser;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.Device;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Scopes that claim: made by request, resized, handed over. The table is opened when it is first needed. Slots are the CPUs by
 * their numbers, then the GPUs, then the NICs. Any thread.
 */
final class Claims implements AutoCloseable {
    private static final Duration TICKET_LIFE = Duration.ofHours(24);

    private final Scopes home;
    private final Topology topology;
    private final String setting;
    private final int cpuSlots;
    private final SecureRandom random = new SecureRandom();
    private ClaimTable table; // guarded by this
    private String problem = ""; // guarded by this
    private boolean closed; // guarded by this

    /** What was chosen for a request. */
    private record Choice(CpuSet cpus, List<Device> devices) {}

    Claims(Scopes home, Topology topology, String setting) {
        this.home = home;
        this.topology = topology;
        this.setting = setting;
        this.cpuSlots = topology.complete().last() + 1;
    }

    synchronized ClaimTable table() {
        if (closed) {
            throw new IllegalStateException("the scopes are closed");
        }
        if (table == null) {
            int slots = cpuSlots + topology.devices(HwType.GPU).size() + topology.devices(HwType.NIC).size();
            try {
                table = setting.equals("process") ? ClaimTable.ofProcess(slots)
                        : NodeFolder.open(setting, folder -> ClaimTable.open(folder.resolve("claims-" + topology.fingerprint()
                                .substring(0, 8) + "-" + slots), slots, topology.fingerprint()));
                problem = setting.equals("process") ? ScopesOptions.CLAIMS + "=process" : "";
            } catch (IOException e) {
                // Who asked for a folder wants that one; otherwise scopes work on, within this process.
                if (!setting.equals("auto")) {
                    throw new ScopeException(ErrorCode.IO, "claims cannot be shared: " + e.getMessage(), e);
                }
                problem = e.getMessage();
                table = ClaimTable.ofProcess(slots);
            }
        }
        return table;
    }

    synchronized boolean isShared() {
        return table != null && table.isShared();
    }

    synchronized String problem() {
        return problem;
    }

    Usage usage() {
        return table().usage();
    }

    void release(long claim) {
        synchronized (this) {
            if (table == null || closed) {
                return;
            }
        }
        table.release(claim);
    }

    Scope create(Scope parent, Request request) {
        Claimant who = new Claimant(parent.name(), 0, home.threadId(), request.exclusive(), false);
        Choice[] choice = new Choice[1];
        Claim claim = table().claim(who, usage -> slots(choice[0] = choose(parent.shape(), request, usage, CpuSet.EMPTY)));
        return new Scope(home, parent, parent.name() + "+" + request.count() + request.type(), Solo.GROUP, choice[0].cpus(),
                choice[0].devices(), claim);
    }

    /** Chooses on rank 0, so that all have the same, and tells the others. */
    void resize(Scope scope, Request request) {
        String mine = Integer.toString(scope.group().rank());
        List<String> wishes = Collective.exchange(scope.group(), "resize", () -> {
            scope.checkUsable();
            if (scope.parent() == null) {
                throw new IllegalStateException("a scope that was made of no other has nothing to take from: scope=" + scope.name());
            }
            return request + "\n" + scope.parent().cpus();
        });
        List<String> results = Collective.exchange(scope.group(), "resize result", () -> {
            String wish = request.toString();
            if (wishes.stream().anyMatch(w -> !w.substring(0, w.indexOf('\n')).equals(wish))) {
                throw new IllegalArgumentException("members ask for different sizes: " + wishes);
            }
            return mine.equals("0") ? encode(chosenFor(scope, request, wishes)) : "";
        });
        Choice choice = decode(results.getFirst());
        Shape before = scope.shape();
        scope.become(choice.cpus(), choice.devices());
        scope.tell(before);
    }

    private Choice chosenFor(Scope scope, Request request, List<String> wishes) {
        CpuSet pool = wishes.stream().map(w -> CpuSet.parse(w.substring(w.indexOf('\n') + 1))).reduce(CpuSet.EMPTY, CpuSet::or);
        Shape from = new Shape(pool, scope.parent().shape().devices(), 0);
        CpuSet has = scope.cpus();
        Choice[] choice = new Choice[1];
        Function<Usage, CpuSet> choose = usage -> slots(choice[0] = choose(from, request, usage, has));
        if (scope.claim() != null) {
            scope.claim(table().replace(scope.claim().id(), choose));
        } else if (request.exclusive()) {
            scope.claim(table().claim(new Claimant(scope.name(), 0, home.threadId(), true, false), choose));
            home.watch(scope, scope.claim().id());
        } else {
            choose.apply(usage());
        }
        return choice[0];
    }

    /** Chooses, and throws if there is not enough; CPUs that the scope has already come first. */
    private Choice choose(Shape from, Request request, Usage usage, CpuSet has) {
        int[] counts = usage.counts(cpuSlots);
        CpuSet alone = usage.exclusive();
        if (request.type().isDevice()) {
            return chooseDevices(from, request, usage);
        }
        has.stream().forEach(cpu -> counts[cpu] = request.exclusive() ? counts[cpu] : counts[cpu] - cpuSlots);
        Request near = request.near().isEmpty() && !has.isEmpty() ? request.closeTo(has) : request;
        Chooser.Choice chosen = Chooser.choose(topology, from.cpus(), near, counts, alone);
        if (chosen.objects().size() < request.atLeast()) {
            throw unavailable(request, chosen.objects().size(), usage.of(request.exclusive() ? from.cpus() : from.cpus().and(alone)));
        }
        return new Choice(chosen.cpus(), List.of());
    }

    private Choice chooseDevices(Shape from, Request request, Usage usage) {
        List<Device> candidates = from.devices().stream().filter(d -> d.type() == request.type())
                .filter(d -> !usage.exclusive().contains(slot(d)))
                .filter(d -> !request.exclusive() || !usage.claimed().contains(slot(d)))
                .sorted(java.util.Comparator.comparingInt((Device d) -> usage.of(CpuSet.of(slot(d))).size())
                        .thenComparingInt(d -> -d.locality().and(request.near()).count()).thenComparingInt(Device::ordinal)).toList();
        if (candidates.size() < request.atLeast()) {
            throw unavailable(request, candidates.size(), usage.of(slots(new Choice(CpuSet.EMPTY, from.devices()))));
        }
        List<Device> chosen = candidates.subList(0, Math.min(request.count(), candidates.size()));
        CpuSet near = chosen.stream().map(Device::locality).reduce(CpuSet.EMPTY, CpuSet::or).and(from.cpus());
        return new Choice(near, chosen);
    }

    private static ResourceUnavailableException unavailable(Request request, int available, List<Claim> holders) {
        return new ResourceUnavailableException("not so many of " + request.type() + (request.exclusive() ? " are free" : " are there"),
                request.atLeast(), available, holders.stream().map(Claim::toString).toList());
    }

    /** A device's slots alone are claimed, so that a scope of devices does not take the CPUs near to them. */
    private CpuSet slots(Choice choice) {
        CpuSet devices = CpuSet.of(choice.devices().stream().mapToInt(this::slot));
        return choice.devices().isEmpty() ? choice.cpus() : devices;
    }

    private int slot(Device device) {
        return cpuSlots + device.ordinal() + (device.type() == HwType.NIC ? topology.devices(HwType.GPU).size() : 0);
    }

    private String encode(Choice choice) {
        return choice.cpus() + ";" + CpuSet.of(choice.devices().stream().mapToInt(this::slot));
    }

    private Choice decode(String text) {
        int semicolon = text.indexOf(';');
        return new Choice(CpuSet.parse(text.substring(0, semicolon)), devices(CpuSet.parse(text.substring(semicolon + 1))));
    }

    private List<Device> devices(CpuSet slots) {
        return java.util.stream.Stream.of(HwType.GPU, HwType.NIC).flatMap(t -> topology.devices(t).stream())
                .filter(d -> slots.contains(slot(d))).toList();
    }

    List<Ticket> issue(Scope scope, int pieces, CutPolicy policy) {
        List<CpuSet> cut = pieces == 1 ? List.of(scope.cpus()) : topology.cut(scope.cpus(), pieces, policy);
        boolean exclusive = scope.claim() != null && scope.claim().exclusive();
        List<Device> devices = scope.shape().devices();
        List<CpuSet> parts = IntStream.range(0, pieces).mapToObj(i -> i > 0 ? cut.get(i) : cut.get(i).or(CpuSet.of(devices.stream()
                .mapToInt(this::slot)))).toList();
        long[] secrets = random.longs(2L * pieces).toArray();
        long replaced = scope.claim() == null ? 0 : scope.claim().id();
        List<Claim> claims = table().issue(replaced, new Claimant(scope.name() + " (ticket)", 0, 0, exclusive, false), parts, secrets,
                System.currentTimeMillis() + TICKET_LIFE.toMillis());
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            List<Device> some = i == 0 ? devices : List.of();
            tickets.add(new Ticket(claims.get(i).id(), secrets[2 * i], secrets[2 * i + 1], topology.fingerprint(), cut.get(i),
                    ordinals(some, HwType.GPU), ordinals(some, HwType.NIC)));
        }
        scope.claim(null);
        scope.gone("it was handed out by ticket");
        return List.copyOf(tickets);
    }

    private static CpuSet ordinals(List<Device> devices, HwType type) {
        return CpuSet.of(devices.stream().filter(d -> d.type() == type).mapToInt(Device::ordinal));
    }

    Scope redeem(Ticket ticket) {
        if (!ticket.machine().equals(topology.fingerprint())) {
            throw new ScopeException(ErrorCode.TOPOLOGY_MISMATCH, "the ticket is for another machine: ticket=" + ticket.machine()
                    + " machine=" + topology.fingerprint());
        }
        return scopeOf(ticket, table().redeem(ticket.claim(), ticket.secretHigh(), ticket.secretLow()));
    }

    Scope revoke(Ticket ticket) {
        return scopeOf(ticket, table().revoke(ticket.claim()));
    }

    private Scope scopeOf(Ticket ticket, Claim claim) {
        List<Device> devices = new ArrayList<>();
        ticket.gpus().stream().forEach(i -> devices.add(topology.devices(HwType.GPU).get(i)));
        ticket.nics().stream().forEach(i -> devices.add(topology.devices(HwType.NIC).get(i)));
        if (!claim.slots().and(CpuSet.of(IntStream.range(0, cpuSlots))).equals(ticket.cpus())) {
            throw new StaleScopeException("the ticket names other CPUs than its claim: ticket=" + ticket.cpus() + " claim="
                    + claim.slots());
        }
        return new Scope(home, null, "TICKET " + ticket.claim(), Solo.GROUP, ticket.cpus(), devices, claim);
    }

    @Override
    public void close() {
        ClaimTable open;
        synchronized (this) {
            open = table;
            closed = true;
        }
        if (open != null) {
            open.close();
        }
    }
}
