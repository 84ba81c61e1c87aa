import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;

/**
 * Sorts a large file of numbers (64 bits each, little-endian): every rank sorts a part, samples of all parts tell where to cut,
 * the pieces are exchanged, and every rank merges what belongs to it and writes it to its place of the sorted file.
 *
 * <p>{@code ./mpirun -np 4 examples/SampleSort.java numbers.bin}: the file {@code numbers.bin.sorted} is made; without a name
 * it is a file of random numbers, which is deleted afterwards. All ranks must see the files.
 */
public class SampleSort {
    private static final int SAMPLES = 64;
    private static final int GENERATED = 400_000;
    private static final int CHUNK_BYTES = 1 << 20;

    public static void main(String[] args) throws IOException {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            String name = world.bcastObject(world.rank() > 0 ? null : args.length > 0 ? args[0] : generated().toString(), 0);
            Path file = Path.of(name);
            Path sorted = Path.of(name + ".sorted");
            double begin = Mpi.wtime();
            long[] part = read(file, world.rank(), world.size());
            long[] before = checksum(part);
            Arrays.parallelSort(part);
            long[] mine = exchange(world, part);
            write(world, sorted, mine);
            verify(world, mine, before, sorted, file);
            if (world.rank() == 0) {
                System.out.printf("%d numbers in order on %d ranks (%.0f ms)%n", Files.size(sorted) / Long.BYTES, world.size(),
                        (Mpi.wtime() - begin) * 1e3);
                if (args.length == 0) {
                    Files.delete(file);
                    Files.delete(sorted);
                }
            }
        }
    }

    private static Path generated() throws IOException {
        Path file = Files.createTempFile("jadi-numbers", ".bin");
        ByteBuffer bytes = ByteBuffer.allocate(GENERATED * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < GENERATED; i++) {
            bytes.putLong(i % 10 == 0 ? 7 : random.nextLong()); // one in ten is the same
        }
        return Files.write(file, bytes.array());
    }

    /** Reads the part of a rank. */
    private static long[] read(Path file, int rank, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long numbers = channel.size() / Long.BYTES;
            long first = numbers * rank / size;
            long[] part = new long[Math.toIntExact(numbers * (rank + 1) / size - first)];
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < part.length;) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, (part.length - at) * 8L));
                while (chunk.hasRemaining()) {
                    channel.read(chunk, (first + at) * Long.BYTES + chunk.position());
                }
                chunk.flip();
                int n = chunk.remaining() / Long.BYTES;
                chunk.asLongBuffer().get(part, at, n);
                at += n;
            }
            return part;
        }
    }

    /** Cuts the sorted part by samples of all ranks, and returns the numbers that belong to this rank, in order. */
    private static long[] exchange(IntraComm world, long[] part) {
        int size = world.size();
        long[] samples = new long[part.length == 0 ? 0 : SAMPLES];
        Arrays.setAll(samples, i -> part[(int) ((long) part.length * i / SAMPLES)]);
        long[] all = new long[SAMPLES * size];
        long[] counts = world.allgatherv(samples, all); // a rank without numbers has no samples
        int known = (int) Arrays.stream(counts).sum();
        Arrays.sort(all, 0, known);
        int[] sendCounts = new int[size];
        int from = 0;
        for (int r = 0; r < size; r++) {
            int to = r + 1 == size || known == 0 ? part.length : firstAbove(part, all[(int) ((long) known * (r + 1) / size)]);
            sendCounts[r] = Math.max(0, to - from);
            from = Math.max(from, to);
        }
        long[] incoming = new long[size];
        world.alltoall(Arrays.stream(sendCounts).asLongStream().toArray(), incoming);
        long[] mine = new long[Math.toIntExact(Arrays.stream(incoming).sum())];
        world.alltoallv(part, sendCounts, mine);
        Arrays.parallelSort(mine);
        return mine;
    }

    private static int firstAbove(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Writes this rank's numbers behind those of the ranks below. */
    private static void write(IntraComm world, Path file, long[] mine) throws IOException {
        long[] place = {mine.length};
        world.exscan(place, Op.SUM);
        long at = world.rank() == 0 ? 0 : place[0] * Long.BYTES;
        if (world.rank() == 0) {
            Files.deleteIfExists(file);
        }
        world.barrier();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < mine.length;) {
                int n = Math.min(CHUNK_BYTES / Long.BYTES, mine.length - i);
                chunk.clear();
                chunk.asLongBuffer().put(mine, i, n);
                chunk.limit(n * Long.BYTES);
                while (chunk.hasRemaining()) {
                    at += channel.write(chunk, at);
                }
                i += n;
            }
        }
        world.barrier();
    }

    private static long[] checksum(long[] numbers) {
        return new long[] {Arrays.stream(numbers).sum(), Arrays.stream(numbers).map(n -> n * n).sum(), numbers.length};
    }

    /** The sorted file has the same numbers, and every rank's begin where those of the rank below end. */
    private static void verify(IntraComm world, long[] mine, long[] before, Path sorted, Path file) throws IOException {
        long[] after = checksum(mine);
        world.allreduce(before, Op.SUM);
        world.allreduce(after, Op.SUM);
        long[] part = read(sorted, world.rank(), world.size());
        for (int i = 1; i < part.length; i++) {
            if (part[i - 1] > part[i]) {
                throw new AssertionError("not in order at " + i + " of the part of rank " + world.rank());
            }
        }
        long[] largest = {part.length == 0 ? Long.MIN_VALUE : part[part.length - 1]};
        world.exscan(largest, Op.MAX);
        if (world.rank() > 0 && part.length > 0 && largest[0] > part[0]) {
            throw new AssertionError("the part of rank " + world.rank() + " begins below the one before");
        }
        if (!Arrays.equals(before, after) || Files.size(sorted) != Files.size(file)) {
            throw new AssertionError("numbers were lost: before=" + Arrays.toString(before) + " after=" + Arrays.toString(after));
        }
        world.barrier();
    }
}
