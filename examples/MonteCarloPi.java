import java.util.SplittableRandom;
import org.jadi.mpi.*;

/** Pi by chance: which part of random points lies in the circle? {@code ./mpirun -np 4 examples/MonteCarloPi.java} */
public class MonteCarloPi {
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            SplittableRandom random = new SplittableRandom(42 + world.rank());
            long points = 1_000_000;
            long[] hits = {random.doubles(points).filter(x -> Math.hypot(x, random.nextDouble()) < 1).count()};
            world.allreduce(hits, Op.SUM);
            double pi = 4.0 * hits[0] / (points * world.size());
            if (Math.abs(pi - Math.PI) > 0.01) throw new AssertionError("pi is not " + pi);
            if (world.rank() == 0) System.out.println("pi is about " + pi);
        }
    }
}
