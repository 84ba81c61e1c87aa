import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jadi.mpi.CartComm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.Datatype.Order;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/**
 * Heat in a plate: a grid of ranks, each with a rectangle of cells and a border ("halo") of its neighbours' cells. Columns are
 * no run of memory, so borders are subarray types; rank 0 receives the rectangles by subarray types of the whole plate, and
 * writes them as a PNG.
 *
 * <p>{@code ./mpirun -np 4 examples/HeatPlate.java 480 300 plate.png}: rows or columns, steps, file.
 */
public class HeatPlate {
    private static final double ALPHA = 0.2;
    private static final int TAG_PART = 9;

    public static void main(String[] args) throws IOException {
        try (Mpi mpi = Mpi.init(args)) {
            int side = args.length > 0 ? Integer.parseInt(args[0]) : 120;
            int steps = args.length > 1 ? Integer.parseInt(args[1]) : 100;
            IntraComm world = mpi.world();
            CartComm grid = world.createCart(CartComm.dimsCreate(world.size(), 0, 0), new boolean[2], true);
            double[] part = run(grid, side, steps);
            double[] all = collect(grid, part, side);
            if (grid.rank() == 0) {
                check(all, side, steps);
                byte[] picture = png(all, side);
                checkPicture(picture, all, side);
                if (args.length > 2) {
                    Files.write(Path.of(args[2]), picture);
                }
                System.out.printf("%d steps on %s ranks: %.3f degrees in the middle, the same as in one piece; a PNG of %d bytes%n",
                        steps, Arrays.toString(grid.dims()), all[side / 2 * side + side / 2], picture.length);
            }
        }
    }

    /** Returns first row (or column) and number of rows of a part. */
    private static int[] share(int side, int part, int parts) {
        int first = (int) ((long) side * part / parts);
        return new int[] {first, (int) ((long) side * (part + 1) / parts) - first};
    }

    /** Returns this rank's rectangle with its halo after all steps. */
    private static double[] run(CartComm grid, int side, int steps) {
        int[] rows = share(side, grid.coords()[0], grid.dims()[0]);
        int[] columns = share(side, grid.coords()[1], grid.dims()[1]);
        int h = rows[1];
        int w = columns[1];
        double[][] plate = {new double[(h + 2) * (w + 2)], new double[(h + 2) * (w + 2)]};
        for (int i = 0; i < h + 2; i++) {
            for (int j = 0; j < w + 2; j++) {
                plate[0][i * (w + 2) + j] = initial(rows[0] + i - 1, columns[0] + j - 1, side);
                plate[1][i * (w + 2) + j] = plate[0][i * (w + 2) + j]; // the rim of the plate keeps its temperature
            }
        }
        PersistentRequest[][] halos = {halo(grid, plate[0], h, w), halo(grid, plate[1], h, w)};
        for (int step = 0; step < steps; step++) {
            double[] old = plate[step % 2];
            double[] now = plate[(step + 1) % 2];
            PersistentRequest.startAll(halos[step % 2]);
            advance(old, now, w + 2, 2, h - 1, 2, w - 1); // the inside, while the borders are on their way
            Request.awaitAll(halos[step % 2]);
            advance(old, now, w + 2, 1, 1, 1, w);
            advance(old, now, w + 2, h, h, 1, w);
            advance(old, now, w + 2, 2, h - 1, 1, 1);
            advance(old, now, w + 2, 2, h - 1, w, w);
        }
        for (PersistentRequest[] some : halos) {
            Arrays.stream(some).forEach(PersistentRequest::free);
        }
        return plate[steps % 2];
    }

    /** Prepares the exchange of borders with the four neighbours. */
    private static PersistentRequest[] halo(CartComm grid, double[] plate, int h, int w) {
        PersistentRequest[] requests = new PersistentRequest[8];
        int n = 0;
        for (int dimension = 0; dimension < 2; dimension++) {
            for (int direction : new int[] {-1, 1}) {
                int neighbor = grid.shift(dimension, direction).destination(); // PROC_NULL at the rim
                int last = dimension == 0 ? h : w;
                Datatype mine = border(h, w, dimension, direction < 0 ? 1 : last);
                Datatype theirs = border(h, w, dimension, direction < 0 ? 0 : last + 1);
                requests[n++] = grid.recvInit(plate, 0, 1, theirs, neighbor, dimension);
                requests[n++] = grid.sendInit(plate, 0, 1, mine, neighbor, dimension);
            }
        }
        return requests;
    }

    /** A row or column of the rectangle. */
    private static Datatype border(int h, int w, int dimension, int at) {
        long[] sizes = {h + 2, w + 2};
        long[] part = dimension == 0 ? new long[] {1, w} : new long[] {h, 1};
        long[] start = dimension == 0 ? new long[] {at, 1} : new long[] {1, at};
        return Datatype.subarray(sizes, part, start, Order.C, Datatype.DOUBLE).commit();
    }

    private static void advance(double[] old, double[] now, int width, int firstRow, int lastRow, int first, int last) {
        for (int i = firstRow; i <= lastRow; i++) {
            for (int k = i * width + first; k <= i * width + last; k++) {
                now[k] = old[k] + ALPHA * (old[k - 1] + old[k + 1] + old[k - width] + old[k + width] - 4 * old[k]);
            }
        }
    }

    /** Cold, with a hot square and a warm rim on the left. */
    private static double initial(int i, int j, int side) {
        return i >= side / 4 && i < side / 2 && j >= side / 4 && j < side / 2 ? 100 : j < 0 ? 50 : 0;
    }

    /** Returns the whole plate at rank 0. */
    private static double[] collect(CartComm grid, double[] part, int side) {
        double[] all = grid.rank() == 0 ? new double[side * side] : null;
        int[] mine = {share(side, grid.coords()[0], grid.dims()[0])[1], share(side, grid.coords()[1], grid.dims()[1])[1]};
        Datatype inside = Datatype.subarray(new long[] {mine[0] + 2, mine[1] + 2}, new long[] {mine[0], mine[1]},
                new long[] {1, 1}, Order.C, Datatype.DOUBLE).commit();
        Request send = grid.isend(part, 0, 1, inside, 0, TAG_PART);
        for (int rank = 0; all != null && rank < grid.size(); rank++) {
            int[] rows = share(side, grid.coords(rank)[0], grid.dims()[0]);
            int[] columns = share(side, grid.coords(rank)[1], grid.dims()[1]);
            Datatype place = Datatype.subarray(new long[] {side, side}, new long[] {rows[1], columns[1]},
                    new long[] {rows[0], columns[0]}, Order.C, Datatype.DOUBLE).commit();
            grid.recv(all, 0, 1, place, rank, TAG_PART);
        }
        send.await();
        return all;
    }

    /** Compares with the same plate in one piece. */
    private static void check(double[] all, int side, int steps) {
        double[] alone = new double[(side + 2) * (side + 2)];
        for (int k = 0; k < alone.length; k++) {
            alone[k] = initial(k / (side + 2) - 1, k % (side + 2) - 1, side);
        }
        double[] next = alone.clone();
        for (int step = 0; step < steps; step++) {
            advance(alone, next, side + 2, 1, side, 1, side);
            double[] swap = alone;
            alone = next;
            next = swap;
        }
        for (int k = 0; k < all.length; k++) {
            if (all[k] != alone[(k / side + 1) * (side + 2) + k % side + 1]) {
                throw new AssertionError("cell " + k + " differs from the plate in one piece");
            }
        }
    }

    /** Makes a picture: blue is cold, red is hot. */
    private static byte[] png(double[] plate, int side) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream packed = new DeflaterOutputStream(pixels)) {
            for (int k = 0; k < plate.length; k++) {
                if (k % side == 0) {
                    packed.write(0); // each row begins with its filter: none
                }
                int heat = (int) Math.max(0, Math.min(255, plate[k] * 2.55));
                packed.write(new byte[] {(byte) heat, (byte) (Math.min(heat, 255 - heat) / 2), (byte) (255 - heat)});
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream h = new DataOutputStream(header);
        h.writeInt(side);
        h.writeInt(side);
        h.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits for each of red, green and blue
        chunk(file, "IHDR", header.toByteArray());
        chunk(file, "IDAT", pixels.toByteArray());
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    /** Reads the picture back: red is how hot a cell is. */
    private static void checkPicture(byte[] png, double[] plate, int side) throws IOException {
        int data = 8 + 12 + 13 + 8; // behind the signature, the header, and length and name of the pixels
        byte[] pixels;
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(png, data, png.length - data))) {
            pixels = in.readAllBytes();
        }
        for (int k = 0; k < plate.length; k++) {
            int red = pixels[k / side * (3 * side + 1) + 1 + k % side * 3] & 0xff;
            if (pixels.length != side * (3 * side + 1) || Math.abs(red - plate[k] * 2.55) > 1) {
                throw new AssertionError("cell " + k + " has another colour: red=" + red + " heat=" + plate[k]);
            }
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(data.length);
        out.writeBytes(type);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }
}
