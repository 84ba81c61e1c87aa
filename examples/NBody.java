import java.util.Arrays;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/**
 * Bodies that attract each other. Every rank has some of them; a copy of each rank's bodies travels around the ring of
 * ranks, and meets all others. The messages are the same in every turn, so they are prepared once: persistent requests,
 * with two buffers that change places, so that a copy travels on while it is computed with.
 *
 * <p>{@code ./mpirun -np 4 examples/NBody.java 600 20}: bodies, steps.
 */
public class NBody {
    private static final double TIME_STEP = 1e-3;
    private static final double SOFTENING = 1e-2;
    private static final int COORDINATES = 3;

    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            int bodies = args.length > 0 ? Integer.parseInt(args[0]) : 240;
            int steps = args.length > 1 ? Integer.parseInt(args[1]) : 10;
            int each = (bodies + world.size() - 1) / world.size(); // who has less is filled up with bodies without mass
            double[] mine = run(world, bodies, each, steps);
            double[] all = new double[mine.length * world.size()];
            world.gather(mine, world.rank() == 0 ? all : null, 0);
            if (world.rank() == 0) {
                check(all, bodies, steps);
            }
        }
    }

    /** Returns the places of this rank's bodies after all steps. */
    private static double[] run(IntraComm world, int bodies, int each, int steps) {
        double[] place = new double[each * COORDINATES];
        double[] speed = new double[each * COORDINATES];
        double[] mass = new double[each];
        for (int i = 0; i < each; i++) {
            begin(world.rank() * each + i, bodies, i, place, speed, mass);
        }
        double[][] travelers = new double[2][each * (COORDINATES + 1)];
        int next = (world.rank() + 1) % world.size();
        int previous = (world.rank() + world.size() - 1) % world.size();
        PersistentRequest[][] hops = new PersistentRequest[2][];
        for (int k = 0; k < 2; k++) {
            hops[k] = new PersistentRequest[] {world.recvInit(travelers[1 - k], previous, 0),
                world.sendInit(travelers[k], next, 0)};
        }
        double[] force = new double[place.length];
        for (int step = 0; step < steps; step++) {
            Arrays.fill(force, 0);
            System.arraycopy(place, 0, travelers[0], 0, place.length);
            System.arraycopy(mass, 0, travelers[0], place.length, each);
            for (int hop = 0; hop < world.size(); hop++) {
                boolean last = hop + 1 == world.size();
                if (!last) {
                    PersistentRequest.startAll(hops[hop % 2]);
                }
                attract(place, travelers[hop % 2], each, force);
                if (!last) {
                    Request.awaitAll(hops[hop % 2]);
                }
            }
            move(place, speed, force);
        }
        for (PersistentRequest[] pair : hops) {
            Arrays.stream(pair).forEach(PersistentRequest::free);
        }
        double[] momentum = new double[COORDINATES];
        for (int i = 0; i < place.length; i++) {
            momentum[i % COORDINATES] += mass[i / COORDINATES] * speed[i];
        }
        world.allreduce(momentum, Op.SUM);
        if (Arrays.stream(momentum).anyMatch(p -> Math.abs(p) > 1e-9)) {
            throw new AssertionError("bodies at rest move together: " + Arrays.toString(momentum));
        }
        return place;
    }

    /** Puts a body somewhere; the same for the same number, on any rank. */
    private static void begin(int number, int bodies, int at, double[] place, double[] speed, double[] mass) {
        java.util.SplittableRandom random = new java.util.SplittableRandom(number);
        for (int c = 0; c < COORDINATES; c++) {
            place[at * COORDINATES + c] = random.nextDouble();
            speed[at * COORDINATES + c] = 0;
        }
        mass[at] = number < bodies ? 1.0 / bodies : 0;
    }

    private static void attract(double[] place, double[] travelers, int each, double[] force) {
        int others = each * COORDINATES;
        for (int i = 0; i < place.length; i += COORDINATES) {
            for (int j = 0; j < each; j++) {
                int o = j * COORDINATES;
                double dx = travelers[o] - place[i];
                double dy = travelers[o + 1] - place[i + 1];
                double dz = travelers[o + 2] - place[i + 2];
                double d = dx * dx + dy * dy + dz * dz + SOFTENING;
                double f = travelers[others + j] / (d * Math.sqrt(d));
                force[i] += f * dx;
                force[i + 1] += f * dy;
                force[i + 2] += f * dz;
            }
        }
    }

    private static void move(double[] place, double[] speed, double[] force) {
        for (int i = 0; i < place.length; i++) {
            speed[i] += TIME_STEP * force[i];
            place[i] += TIME_STEP * speed[i];
        }
    }

    /** Rank 0 computes all alone. Forces are added in another order, so the last digits differ. */
    private static void check(double[] all, int bodies, int steps) {
        double[] place = new double[bodies * COORDINATES];
        double[] speed = new double[place.length];
        double[] mass = new double[bodies];
        for (int i = 0; i < bodies; i++) {
            begin(i, bodies, i, place, speed, mass);
        }
        double[] everybody = new double[bodies * (COORDINATES + 1)];
        for (int step = 0; step < steps; step++) {
            double[] force = new double[place.length];
            System.arraycopy(place, 0, everybody, 0, place.length);
            System.arraycopy(mass, 0, everybody, place.length, bodies);
            attract(place, everybody, bodies, force);
            move(place, speed, force);
        }
        for (int i = 0; i < place.length; i++) {
            if (Math.abs(place[i] - all[i]) > 1e-9) {
                throw new AssertionError("body " + i / COORDINATES + " is elsewhere: alone=" + place[i] + " together=" + all[i]);
            }
        }
        System.out.printf("%d bodies after %d steps: the first is at (%.4f, %.4f, %.4f)%n", bodies, steps, all[0], all[1], all[2]);
    }
}
