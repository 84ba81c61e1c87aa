import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.scopes.Intrinsic;
import org.jadi.scopes.Scope;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.ScopesOptions;
import org.jadi.scopes.ThreadScopes;
import org.jadi.scopes.error.TopologyLoadException;
import org.jadi.scopes.mpi.CommGroup;
import org.jadi.scopes.split.Mapping;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;

/**
 * Ranks and threads together: each rank of a node gets a memory node, a package or some cores, and runs a thread on each core of
 * it. All of them compute pi, and say where. Once on this machine, and once on one of 128 CPUs that is not there: what would be
 * bound is then only written down.
 *
 * <p>{@code ./mpirun -np 2 examples/Hybrid.java}; {@code jadi.scopes.topology} puts another machine in the place of this one.
 */
public class Hybrid {
    private static final String MACHINE = "synthetic:package:2 numa:4 core:8 pu:2";
    private static final long STRIPS = 2_000_000;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            run(mpi.world(), ScopesOptions.fromSystem());
            try {
                run(mpi.world(), ScopesOptions.on(MACHINE));
            } catch (TopologyLoadException e) {
                System.out.println("the second machine is left out: " + e.getMessage()); // there is no hwloc, alike for all ranks
            }
        }
    }

    private static void run(IntraComm world, ScopesOptions options) {
        try (Scopes scopes = Scopes.open(options); CommGroup node = CommGroup.ofNode(world)) {
            Scope job = scopes.of(node, Intrinsic.JOB);
            HwType type = divisor(job);
            try (Scope mine = job.split(type == null ? SplitSpec.into(node.size()).sharing() : SplitSpec.at(type))) {
                int threads = Math.max(1, mine.count(HwType.CORE));
                List<String> lines = new ArrayList<>();
                double pi = compute(world, scopes, mine, threads, lines);
                report(world, node, scopes, type, lines);
                if (Math.abs(pi - Math.PI) > 1e-6) {
                    throw new AssertionError("pi is wrong: " + pi);
                }
            }
        }
    }

    /** What there is enough of for all ranks of the node, the largest of its kind. */
    private static HwType divisor(Scope job) {
        for (HwType type : List.of(HwType.PACKAGE, HwType.NUMA, HwType.CORE)) {
            if (job.count(type) >= job.size()) {
                return type;
            }
        }
        return null;
    }

    private static double compute(IntraComm world, Scopes scopes, Scope mine, int threads, List<String> lines) {
        String[] where = new String[threads];
        DoubleAdder sum = new DoubleAdder();
        ThreadScopes team = mine.threads(threads, Mapping.PACKED);
        team.run(thread -> {
            where[thread] = "rank " + world.rank() + " thread " + thread + " on CPUs " + scopes.current();
            if (!scopes.current().equals(team.scope(thread).cpus())) {
                throw new AssertionError(where[thread] + " instead of " + team.scope(thread).cpus());
            }
            double part = 0;
            // Ranks may have different numbers of threads: each takes an equal share, and deals it out to its own.
            long end = STRIPS * (world.rank() + 1) / world.size();
            for (long i = STRIPS * world.rank() / world.size() + thread; i < end; i += threads) {
                double x = (i + 0.5) / STRIPS;
                part += 4 / (1 + x * x);
            }
            sum.add(part);
        });
        lines.addAll(List.of(where));
        double[] pi = {sum.sum() / STRIPS};
        world.allreduce(pi, Op.SUM);
        return pi[0];
    }

    /** Prints who runs where; as long as there are CPUs for all, nobody shares one. */
    private static void report(IntraComm world, CommGroup node, Scopes scopes, HwType type, List<String> lines) {
        List<byte[]> all = node.allgather(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        if (node.rank() == 0) {
            StringBuilder text = new StringBuilder("on " + scopes.topology() + ", " + (type == null ? "ranks share CPUs" : "ranks by "
                    + type.hwlocName()) + ":\n");
            CpuSet taken = CpuSet.EMPTY;
            for (byte[] part : all) {
                for (String line : new String(part, StandardCharsets.UTF_8).split("\n")) {
                    text.append("  ").append(line).append('\n');
                    CpuSet cpus = CpuSet.parse(line.substring(line.lastIndexOf(' ') + 1));
                    if (type != null && taken.intersects(cpus)) {
                        throw new AssertionError("CPUs are given away twice:\n" + text);
                    }
                    taken = taken.or(cpus);
                }
            }
            System.out.print(text);
        }
        world.barrier();
    }
}
