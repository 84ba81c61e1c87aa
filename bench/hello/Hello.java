import org.jadi.mpi.Mpi;

/** What start-up is measured with: {@code time ./mpirun -np 4 bench/hello/Hello.java}. */
public class Hello {
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            System.out.println("Hello from rank " + mpi.world().rank() + " of " + mpi.world().size());
        }
    }
}
