import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringTokenizer;
import java.util.stream.IntStream;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;

/**
 * Solves A x = b by conjugate gradients, for a symmetric positive definite matrix in a Matrix Market file. Every rank has some
 * rows; a step needs the whole direction (allgatherv) and two sums over all ranks (allreduce).
 *
 * <p>{@code ./mpirun -np 4 examples/ConjugateGradient.java matrix.mtx}: without a file one is made, that of a square grid whose
 * points are linked to their four neighbours. b is chosen so that all of x is 1.
 */
public class ConjugateGradient {
    private static final int GRID = 40;
    private static final double WANTED = 1e-10;

    /** Some rows of a sparse matrix: the columns and values of row i are from {@code start[i]} to {@code start[i + 1]}. */
    private record Rows(int size, int first, int[] start, int[] columns, double[] values) {
        int count() {
            return start.length - 1;
        }

        double[] times(double[] x) {
            double[] y = new double[count()];
            for (int i = 0; i < y.length; i++) {
                for (int k = start[i]; k < start[i + 1]; k++) {
                    y[i] += values[k] * x[columns[k]];
                }
            }
            return y;
        }
    }

    public static void main(String[] args) throws IOException {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            String file = world.bcastObject(world.rank() > 0 ? null : args.length > 0 ? args[0] : generated().toString(), 0);
            Rows a = read(Path.of(file), world.rank(), world.size());
            double[] ones = new double[a.size()];
            Arrays.fill(ones, 1);
            double[] x = solve(world, a, a.times(ones));
            double[] error = {Arrays.stream(x).map(v -> Math.abs(v - 1)).max().orElse(0)};
            world.allreduce(error, Op.MAX);
            if (error[0] > 1e-6) {
                throw new AssertionError("x is not 1: error=" + error[0]);
            }
            if (world.rank() == 0) {
                System.out.printf("solved %d equations, largest error %.1e%n", a.size(), error[0]);
                if (args.length == 0) {
                    Files.delete(Path.of(file));
                }
            }
        }
    }

    /** Returns this rank's part of x. */
    private static double[] solve(IntraComm world, Rows a, double[] b) {
        int[] counts = IntStream.range(0, world.size()).map(r -> first(a.size(), r + 1, world.size())
                - first(a.size(), r, world.size())).toArray();
        double[] x = new double[a.count()];
        double[] r = b.clone();
        double[] p = b.clone();
        double[] whole = new double[a.size()];
        double rr = dot(world, r, r);
        double goal = WANTED * WANTED * rr;
        for (int step = 0; rr > goal; step++) {
            if (step > 10 * a.size()) {
                throw new AssertionError("no solution after " + step + " steps: is the matrix positive definite?");
            }
            world.allgatherv(p, whole, counts, null);
            double[] q = a.times(whole);
            double alpha = rr / dot(world, p, q);
            for (int i = 0; i < x.length; i++) {
                x[i] += alpha * p[i];
                r[i] -= alpha * q[i];
            }
            double next = dot(world, r, r);
            for (int i = 0; i < p.length; i++) {
                p[i] = r[i] + next / rr * p[i];
            }
            rr = next;
        }
        return x;
    }

    private static double dot(IntraComm world, double[] a, double[] b) {
        double[] sum = new double[1];
        for (int i = 0; i < a.length; i++) {
            sum[0] += a[i] * b[i];
        }
        world.allreduce(sum, Op.SUM); // the same bits on all ranks, so all stop at the same step
        return sum[0];
    }

    private static int first(int size, int rank, int ranks) {
        return (int) ((long) size * rank / ranks);
    }

    private static Path generated() throws IOException {
        Path file = Files.createTempFile("jadi-grid", ".mtx");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            int n = GRID * GRID;
            out.println("%%MatrixMarket matrix coordinate real symmetric\n% a square grid");
            out.println(n + " " + n + " " + (n + 2 * GRID * (GRID - 1)));
            for (int i = 1; i <= n; i++) {
                out.println(i + " " + i + " 4.0");
                if (i % GRID != 0) {
                    out.println((i + 1) + " " + i + " -1.0");
                }
                if (i + GRID <= n) {
                    out.println((i + GRID) + " " + i + " -1.0");
                }
            }
        }
        return file;
    }

    /** Reads the rows of a rank. Only coordinates of real or integer numbers, general or symmetric. */
    private static Rows read(Path file, int rank, int ranks) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            String[] kind = in.readLine().toLowerCase(java.util.Locale.ROOT).split("\\s+");
            if (!kind[0].equals("%%matrixmarket") || !kind[2].equals("coordinate") || !kind[3].matches("real|integer")
                    || !kind[4].matches("general|symmetric")) {
                throw new IOException("not a Matrix Market file of real coordinates: " + String.join(" ", kind));
            }
            boolean symmetric = kind[4].equals("symmetric");
            String line = in.readLine();
            while (line.startsWith("%") || line.isBlank()) {
                line = in.readLine();
            }
            StringTokenizer sizes = new StringTokenizer(line);
            int n = Integer.parseInt(sizes.nextToken());
            if (n != Integer.parseInt(sizes.nextToken())) {
                throw new IOException("the matrix is not square: " + line);
            }
            long entries = Long.parseLong(sizes.nextToken());
            int first = first(n, rank, ranks);
            int end = first(n, rank + 1, ranks);
            Entries mine = new Entries();
            for (long e = 0; e < entries; e++) {
                StringTokenizer t = new StringTokenizer(in.readLine());
                int i = Integer.parseInt(t.nextToken()) - 1;
                int j = Integer.parseInt(t.nextToken()) - 1;
                double value = Double.parseDouble(t.nextToken());
                if (i >= first && i < end) {
                    mine.add(i - first, j, value);
                }
                if (symmetric && i != j && j >= first && j < end) {
                    mine.add(j - first, i, value);
                }
            }
            return mine.rows(n, first, end - first);
        }
    }

    /** Entries in the order of the file. */
    private static final class Entries {
        private int[] rows = new int[1024];
        private int[] columns = new int[1024];
        private double[] values = new double[1024];
        private int count;

        void add(int row, int column, double value) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
                columns = Arrays.copyOf(columns, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            rows[count] = row;
            columns[count] = column;
            values[count++] = value;
        }

        Rows rows(int size, int first, int number) {
            int[] start = new int[number + 1];
            for (int k = 0; k < count; k++) {
                start[rows[k] + 1]++;
            }
            Arrays.parallelPrefix(start, Integer::sum);
            int[] next = start.clone();
            int[] c = new int[count];
            double[] v = new double[count];
            for (int k = 0; k < count; k++) {
                int at = next[rows[k]]++;
                c[at] = columns[k];
                v[at] = values[k];
            }
            return new Rows(size, first, start, c, v);
        }
    }
}
