import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;

/**
 * Every rank says who it is, in order.
 *
 * <p>{@code ./mpirun -np 4 examples/HelloWorld.java}
 */
public class HelloWorld {
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            String hello = "Hello from rank " + world.rank() + " of " + world.size() + " on " + Mpi.processorName();
            if (world.rank() > 0) {
                world.sendObject(hello, 0, 0);
                return;
            }
            System.out.println(hello);
            for (int rank = 1; rank < world.size(); rank++) {
                String other = world.recvObject(rank, 0);
                System.out.println(other);
                if (!other.startsWith("Hello from rank " + rank + " of " + world.size())) {
                    throw new AssertionError("unexpected: " + other);
                }
            }
        }
    }
}
