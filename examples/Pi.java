import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;

/**
 * Computes pi as the area under 4 / (1 + x * x) from 0 to 1: every rank sums its share of the strips.
 *
 * <p>{@code ./mpirun -np 4 examples/Pi.java 100000000}
 */
public class Pi {
    private static final int TAG_SUM = 1;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            long strips = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
            double begin = Mpi.wtime();
            double[] sum = {sum(strips, world.rank(), world.size())};
            if (world.rank() > 0) {
                world.send(sum, 0, TAG_SUM);
                return;
            }
            double pi = sum[0];
            for (int rank = 1; rank < world.size(); rank++) {
                world.recv(sum, rank, TAG_SUM); // in the order of the ranks: the same sum in every run
                pi += sum[0];
            }
            pi /= strips;
            System.out.printf("pi is about %.12f (%.1f ms)%n", pi, (Mpi.wtime() - begin) * 1e3);
            if (Math.abs(pi - Math.PI) > 1e-6) {
                throw new AssertionError("pi is wrong: " + pi);
            }
        }
    }

    private static double sum(long strips, int first, int step) {
        double sum = 0;
        for (long i = first; i < strips; i += step) {
            double x = (i + 0.5) / strips;
            sum += 4 / (1 + x * x);
        }
        return sum;
    }
}
