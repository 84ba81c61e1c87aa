package org.jadi.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jadi.mpi.Datatype;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Pack and unpack of a datatype, next to a plain copy of as many bytes: {@link #copy} is what to compare with. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Datatypes {
    private static final int TOTAL_BYTES = 1 << 20;

    /** Length of a block, of which every second one is in the message. */
    @Param({"8", "64", "128", "256", "1024", "4096"})
    public int block;

    @Param({"strided", "struct", "indexed", "ragged"})
    public String layout;

    @Param({"native", "double[]", "byte[]"})
    public String memory;

    private final MemorySegment packed = Arena.global().allocate(TOTAL_BYTES, 64);
    private MemorySegment user;
    private Datatype type;
    private long bytes;

    /** Makes type and memory. */
    @Setup
    public void make() {
        int span = 3 * TOTAL_BYTES;
        user = switch (memory) {
            case "native" -> Arena.global().allocate(span, 64);
            case "double[]" -> MemorySegment.ofArray(new double[span / 8]);
            default -> MemorySegment.ofArray(new byte[span]);
        };
        int n = TOTAL_BYTES / block;
        Random random = new Random(1);
        long[] places = new long[n];
        long[] lengths = new long[n];
        for (int i = 0; i < n; i++) {
            places[i] = 2L * block * i + random.nextInt(block / 8) * 8L;
            lengths[i] = Math.max(8, block - 8 * random.nextInt(2));
        }
        type = switch (layout) {
            case "strided" -> Datatype.hvector(n, block, 2L * block, Datatype.BYTE);
            // Two blocks with a gap between them, and one behind.
            case "struct" -> Datatype.contiguous(n / 2, Datatype.resized(Datatype.struct(new long[] {block, block},
                    new long[] {0, block + 8}, Datatype.BYTE, Datatype.BYTE), 0, 4L * block));
            case "indexed" -> Datatype.hindexedBlock(block, places, Datatype.BYTE);
            default -> Datatype.hindexed(lengths, places, Datatype.BYTE);
        };
        type.commit();
        bytes = type.size();
    }

    /** The bytes of the message, in one run. */
    @Benchmark
    public MemorySegment copy() {
        MemorySegment.copy(user, 0, packed, 0, bytes);
        return packed;
    }

    /** Memory to message. */
    @Benchmark
    public long pack() {
        return type.pack(user, 0, 1, packed, 0);
    }

    /** Message to memory. */
    @Benchmark
    public long unpack() {
        return type.unpack(packed, 0, user, 0, 1);
    }
}
