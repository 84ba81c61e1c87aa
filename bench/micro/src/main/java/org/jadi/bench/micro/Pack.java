package org.jadi.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;
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

/** The bytes of a message between a user's memory and a ring, out of one run of bytes. Both ends stay in this CPU's caches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Pack {
    private static final int TOTAL_BYTES = 1 << 16;

    @Param({"8", "512", "4096", "65536"})
    public int bytes;

    @Param({"heap", "native"})
    public String memory;

    private final MemorySegment ring = Arena.global().allocate(TOTAL_BYTES, 64);
    private final Request car = new Request();

    /** Makes the user's memory. */
    @Setup
    public void make() {
        car.segment = memory.equals("heap")
                ? MemorySegment.ofArray(new byte[TOTAL_BYTES])
                : Arena.global().allocate(TOTAL_BYTES, 64);
        car.bytes = bytes;
    }

    /** User's memory to ring. */
    @Benchmark
    public Car take() {
        car.take(0, ring, 0, bytes);
        return car;
    }

    /** Ring to user's memory. */
    @Benchmark
    public Car put() {
        car.put(0, ring, 0, bytes);
        return car;
    }
}
