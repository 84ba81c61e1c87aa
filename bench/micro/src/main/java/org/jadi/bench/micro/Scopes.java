package org.jadi.bench.micro;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.load.Topologies;
import org.jadi.scopes.place.MappingOptions;
import org.jadi.scopes.place.RankMap;
import org.jadi.scopes.place.RankMapper;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Member;
import org.jadi.scopes.split.Share;
import org.jadi.scopes.split.SplitPlan;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Topology;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What scopes cost: to bind and unbind, to look at a machine, to divide a large one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Scopes {
    private static final int RANKS = 384;

    private Topologies loader;
    private ThreadBinder binder;
    private CpuSet all;
    private CpuSet first;
    private CpuSet last;
    private Topology large;
    private List<Member> members;
    private MappingOptions mapping;

    /** Looks at this machine and at one of 384 CPUs. */
    @Setup
    public void open() {
        loader = Topologies.of(LoadOptions.DEFAULT);
        binder = ThreadBinder.of(loader.local());
        all = binder.launchMask();
        first = CpuSet.of(all.first());
        last = CpuSet.of(all.last());
        large = loader.fromSynthetic("package:2 numa:4 core:24 pu:2");
        members = IntStream.range(0, RANKS).mapToObj(i -> new Member(Color.AUTO, i, large.cpus(), large.cpus(), Set.of())).toList();
        mapping = MappingOptions.parse("numa", null, "hwthread", null, null);
    }

    /** Binds to the CPU to which it is bound already, and back. */
    @Benchmark
    public CpuSet pushAndPopTheSame() {
        try (Binding binding = binder.push(all)) {
            return binding.cpus();
        }
    }

    /** Binds to one CPU after the other: the thread moves. */
    @Benchmark
    public CpuSet pushAndPopAnother() {
        try (Binding outer = binder.push(first); Binding inner = binder.push(last)) {
            return inner.cpus().or(outer.previous());
        }
    }

    /** Looks at this machine anew. */
    @Benchmark
    public Topology loadThisMachine() {
        return Topologies.of(LoadOptions.DEFAULT).local();
    }

    /** Makes a picture of a machine of 384 CPUs. */
    @Benchmark
    public Topology loadLargeMachine() {
        return loader.fromSynthetic("package:2 numa:4 core:24 pu:2");
    }

    /** Divides 384 CPUs among 384 ranks, as each of them does. */
    @Benchmark
    public List<Share> splitLargeMachine() {
        return SplitPlan.of(large, SplitSpec.into(RANKS), members);
    }

    /** Lays out 384 ranks on 384 CPUs, as mpirun has it done. */
    @Benchmark
    public RankMap mapLargeMachine() {
        return RankMapper.map(large, mapping, large.allowed(), RANKS);
    }
}
