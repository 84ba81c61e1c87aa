import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/**
 * A token goes round the ranks, and every rank adds its number to it.
 *
 * <p>{@code ./mpirun -np 4 examples/Ring.java}
 */
public class Ring {
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            run(mpi.world());
        }
    }

    static void run(Comm world) {
        int rank = world.rank();
        int size = world.size();
        int[] token = {1};
        if (rank > 0) {
            world.recv(token, rank - 1, 0); // (buffer, source, tag)
        }
        token[0] += rank;
        Request sent = world.isend(token, (rank + 1) % size, 0); // (buffer, destination, tag)
        if (rank == 0) {
            int[] result = new int[1];
            Status status = world.recv(result, size - 1, 0);
            System.out.println(result[0] + " from " + status.source());
            int expected = 1 + size * (size - 1) / 2;
            if (result[0] != expected) {
                throw new AssertionError("expected=" + expected + " got=" + result[0]);
            }
        }
        sent.await();
        Request nobody = world.isend(token, Comm.PROC_NULL, 0);
        nobody.await();
    }
}
