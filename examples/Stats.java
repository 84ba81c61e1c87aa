import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;

/**
 * Mean, deviation, extremes and pi of many random points, each rank having a part of them: reductions to all ranks.
 *
 * <p>{@code ./mpirun -np 4 examples/Stats.java}
 */
public class Stats {
    private static final int POINTS = 200_000;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            run(mpi.world());
        }
    }

    static void run(Comm world) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(world.rank() + 1);
        double[] sums = new double[2]; // of values, of squares
        double[] least = {1};
        double[] greatest = {0};
        long[] counts = new long[2]; // points, points in the quarter circle
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            sums[0] += x;
            sums[1] += x * x;
            least[0] = Math.min(least[0], x);
            greatest[0] = Math.max(greatest[0], x);
            counts[0]++;
            counts[1] += x * x + y * y <= 1 ? 1 : 0;
        }
        world.allreduce(sums, Op.SUM); // in place, the same bits on all ranks
        world.allreduce(counts, Op.SUM);
        world.reduce(least, Op.MIN, 0);
        world.reduce(greatest, Op.MAX, 0);

        double mean = sums[0] / counts[0];
        double deviation = Math.sqrt(sums[1] / counts[0] - mean * mean);
        double pi = 4.0 * counts[1] / counts[0];
        if (world.rank() == 0) {
            System.out.printf("points=%d mean=%.3f deviation=%.3f range=[%.4f, %.4f] pi=%.2f%n", counts[0], mean, deviation,
                    least[0], greatest[0], pi);
            check(least[0] >= 0 && least[0] < 0.001 && greatest[0] < 1 && greatest[0] > 0.999, "range");
        }
        check(counts[0] == (long) POINTS * world.size(), "points");
        check(Math.abs(mean - 0.5) < 0.01 && Math.abs(deviation - Math.sqrt(1 / 12.0)) < 0.01, "mean and deviation");
        check(Math.abs(pi - Math.PI) < 0.02, "pi");
        double[] first = {mean};
        world.bcast(first, 0);
        check(first[0] == mean, "the same bits on all ranks");
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError("wrong: " + what);
        }
    }
}
