import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;

/**
 * PageRank over a list of edges, one "from to" in each line, of pages 0, 1, 2 and so on; lines with # are comments. Every rank
 * reads a part of the file and sends the edges to the owner of the page where they begin (alltoallv); in each step the ranks
 * add up what their pages give to all others (reduceScatter).
 *
 * <p>{@code ./mpirun -np 4 examples/PageRank.java edges.txt}: without a file, links are made up, in which low numbers are
 * popular. All ranks must see the file.
 */
public class PageRank {
    private static final double DAMPING = 0.85;
    private static final int STEPS = 30;
    private static final int PAGES = 1000;
    private static final int LINKS = 8;

    public static void main(String[] args) throws IOException {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            String file = world.bcastObject(world.rank() > 0 ? null : args.length > 0 ? args[0] : generated().toString(), 0);
            int[] edges = read(Path.of(file), world.rank(), world.size());
            int[] pages = {Arrays.stream(edges).max().orElse(-1) + 1};
            world.allreduce(pages, Op.MAX);
            double[] mine = run(world, dealt(world, edges, pages[0]), pages[0]);
            double[] all = new double[pages[0]];
            world.gatherv(mine, world.rank() == 0 ? all : null, 0);
            if (world.rank() == 0) {
                check(all, read(Path.of(file), 0, 1), pages[0]);
                List<Integer> best = IntStream.range(0, pages[0]).boxed().sorted(Comparator.comparingDouble(p -> -all[p]))
                        .limit(5).toList();
                System.out.println(pages[0] + " pages, the first are " + best + ", the same as on one rank");
                if (args.length == 0) {
                    Files.delete(Path.of(file));
                }
            }
        }
    }

    private static int first(int pages, int rank, int ranks) {
        return (int) ((long) pages * rank / ranks);
    }

    private static int owner(int page, int pages, int ranks) {
        int guess = (int) ((long) page * ranks / pages);
        while (first(pages, guess + 1, ranks) <= page) {
            guess++;
        }
        return guess;
    }

    private static Path generated() throws IOException {
        Path file = Files.createTempFile("jadi-edges", ".txt");
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>(List.of("# from to"));
        for (int page = 1; page < PAGES; page++) { // page 0 links to nobody
            for (int k = 0; k < LINKS; k++) {
                lines.add(page + " " + (int) (PAGES * Math.pow(random.nextDouble(), 3)));
            }
        }
        return Files.write(file, lines);
    }

    /** Reads the lines that begin in the part of a rank; returns pairs of pages. */
    private static int[] read(Path file, int rank, int ranks) throws IOException {
        long begin = Files.size(file) * rank / ranks;
        long end = Files.size(file) * (rank + 1) / ranks;
        IntStream.Builder edges = IntStream.builder();
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long at = begin;
            if (begin > 0) { // behind the end of the line that begins before
                in.seek(begin - 1);
                at = begin - 1;
                int b;
                do {
                    b = in.read();
                    at++;
                } while (b >= 0 && b != '\n');
            }
            BufferedReader lines = new BufferedReader(new java.io.InputStreamReader(java.nio.channels.Channels.newInputStream(
                    in.getChannel().position(at)), StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null && at < end; line = lines.readLine()) {
                at += line.length() + 1;
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] pair = line.strip().split("\\s+");
                    edges.add(Integer.parseInt(pair[0])).add(Integer.parseInt(pair[1]));
                }
            }
        }
        return edges.build().toArray();
    }

    /** Returns the edges that begin at this rank's pages. */
    private static int[] dealt(IntraComm world, int[] edges, int pages) {
        int ranks = world.size();
        int[] counts = new int[ranks];
        for (int e = 0; e < edges.length; e += 2) {
            counts[owner(edges[e], pages, ranks)] += 2;
        }
        int[] next = new int[ranks];
        for (int r = 1; r < ranks; r++) {
            next[r] = next[r - 1] + counts[r - 1];
        }
        int[] sorted = new int[edges.length];
        for (int e = 0; e < edges.length; e += 2) {
            int r = owner(edges[e], pages, ranks);
            sorted[next[r]++] = edges[e];
            sorted[next[r]++] = edges[e + 1];
        }
        long[] incoming = new long[ranks];
        world.alltoall(Arrays.stream(counts).asLongStream().toArray(), incoming);
        int[] mine = new int[Math.toIntExact(Arrays.stream(incoming).sum())];
        world.alltoallv(sorted, counts, mine);
        return mine;
    }

    /** Returns the ranks of this rank's pages. */
    private static double[] run(IntraComm world, int[] edges, int pages) {
        int begin = first(pages, world.rank(), world.size());
        int[] counts = IntStream.range(0, world.size()).map(r -> first(pages, r + 1, world.size())
                - first(pages, r, world.size())).toArray();
        int[] degree = new int[counts[world.rank()]];
        for (int e = 0; e < edges.length; e += 2) {
            degree[edges[e] - begin]++;
        }
        double[] mine = new double[degree.length];
        Arrays.fill(mine, 1.0 / pages);
        double[] given = new double[pages];
        for (int step = 0; step < STEPS; step++) {
            Arrays.fill(given, 0);
            for (int e = 0; e < edges.length; e += 2) {
                given[edges[e + 1]] += mine[edges[e] - begin] / degree[edges[e] - begin];
            }
            double[] lost = {0}; // what pages without links would give
            for (int i = 0; i < mine.length; i++) {
                lost[0] += degree[i] == 0 ? mine[i] : 0;
            }
            world.allreduce(lost, Op.SUM);
            world.reduceScatter(given, mine, counts, Op.SUM);
            for (int i = 0; i < mine.length; i++) {
                mine[i] = (1 - DAMPING) / pages + DAMPING * (mine[i] + lost[0] / pages);
            }
        }
        return mine;
    }

    /** Rank 0 computes all alone. */
    private static void check(double[] all, int[] edges, int pages) {
        int[] degree = new int[pages];
        for (int e = 0; e < edges.length; e += 2) {
            degree[edges[e]]++;
        }
        double[] rank = new double[pages];
        Arrays.fill(rank, 1.0 / pages);
        for (int step = 0; step < STEPS; step++) {
            double[] next = new double[pages];
            double lost = 0;
            for (int p = 0; p < pages; p++) {
                lost += degree[p] == 0 ? rank[p] : 0;
            }
            for (int e = 0; e < edges.length; e += 2) {
                next[edges[e + 1]] += rank[edges[e]] / degree[edges[e]];
            }
            for (int p = 0; p < pages; p++) {
                next[p] = (1 - DAMPING) / pages + DAMPING * (next[p] + lost / pages);
            }
            rank = next;
        }
        double sum = Arrays.stream(all).sum();
        for (int p = 0; p < pages; p++) {
            if (Math.abs(all[p] - rank[p]) > 1e-12 || Math.abs(sum - 1) > 1e-9) {
                throw new AssertionError("page " + p + ": alone=" + rank[p] + " together=" + all[p] + " sum of all=" + sum);
            }
        }
    }
}
