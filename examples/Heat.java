import java.util.Arrays;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/**
 * Heat in a rod: every rank has a part of it, and exchanges the borders with its neighbours in every step. The exchange is
 * prepared once, with persistent requests, and goes on while the inner cells are computed.
 *
 * <p>{@code ./mpirun -np 4 examples/Heat.java}
 */
public class Heat {
    private static final int CELLS = 1200;
    private static final int STEPS = 500;
    private static final double ALPHA = 0.25;
    private static final int TAG_UP = 1;
    private static final int TAG_DOWN = 2;
    private static final int TAG_PART = 3;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            double[] part = run(world);
            if (world.rank() > 0) {
                world.send(part, 0, TAG_PART);
            } else {
                compare(world, part);
            }
        }
    }

    /** Returns this rank's cells after all steps. */
    private static double[] run(Comm world) {
        int rank = world.rank();
        int first = first(world, rank);
        int n = first(world, rank + 1) - first;
        double[][] rod = {new double[n + 2], new double[n + 2]}; // with a cell of each neighbour at the ends
        Arrays.setAll(rod[0], i -> initial(first + i - 1));
        int left = rank > 0 ? rank - 1 : Comm.PROC_NULL; // whoever is at an end talks to nobody there
        int right = rank + 1 < world.size() ? rank + 1 : Comm.PROC_NULL;
        PersistentRequest[][] exchange = new PersistentRequest[2][];
        for (int k = 0; k < 2; k++) {
            exchange[k] = new PersistentRequest[] {world.recvInit(rod[k], 0, 1, left, TAG_UP),
                world.recvInit(rod[k], n + 1, 1, right, TAG_DOWN), world.sendInit(rod[k], 1, 1, left, TAG_DOWN),
                world.sendInit(rod[k], n, 1, right, TAG_UP)};
        }
        for (int step = 0; step < STEPS; step++) {
            double[] old = rod[step % 2];
            double[] now = rod[(step + 1) % 2];
            PersistentRequest.startAll(exchange[step % 2]);
            advance(old, now, 2, n - 1);
            Request.awaitAll(exchange[step % 2]);
            advance(old, now, 1, 1);
            advance(old, now, n, n);
            now[0] = old[0]; // the ends of the rod keep their temperature
            now[n + 1] = old[n + 1];
        }
        for (PersistentRequest[] some : exchange) {
            for (PersistentRequest request : some) {
                request.free();
            }
        }
        return Arrays.copyOfRange(rod[STEPS % 2], 1, n + 1);
    }

    private static void advance(double[] old, double[] now, int from, int to) {
        for (int i = from; i <= to; i++) {
            now[i] = old[i] + ALPHA * (old[i - 1] - 2 * old[i] + old[i + 1]);
        }
    }

    private static double initial(int cell) {
        return cell >= 0 && cell < CELLS && cell % 100 < 50 ? 100 : 0;
    }

    private static int first(Comm world, int rank) {
        return (int) ((long) CELLS * rank / world.size());
    }

    /** Rank 0 puts the parts together, and compares with the same rod in one piece. */
    private static void compare(Comm world, double[] mine) {
        double[] all = Arrays.copyOf(mine, CELLS);
        for (int rank = 1; rank < world.size(); rank++) {
            world.recv(all, first(world, rank), first(world, rank + 1) - first(world, rank), rank, TAG_PART);
        }
        double[][] rod = {new double[CELLS + 2], new double[CELLS + 2]};
        Arrays.setAll(rod[0], i -> initial(i - 1));
        for (int step = 0; step < STEPS; step++) {
            advance(rod[step % 2], rod[(step + 1) % 2], 1, CELLS);
        }
        if (!Arrays.equals(all, Arrays.copyOfRange(rod[STEPS % 2], 1, CELLS + 1))) {
            throw new AssertionError("the rod in parts differs from the rod in one piece");
        }
        System.out.printf("after %d steps: %.3f degrees in the middle, the same as in one piece%n", STEPS, all[CELLS / 2]);
    }
}
