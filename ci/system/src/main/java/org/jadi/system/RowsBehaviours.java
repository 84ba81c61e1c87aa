package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.Arrays;
import java.util.List;
import org.jadi.mpi.CartComm;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/** Two-dimensional Java arrays in messages and collective operations: one hindexed type over the rows. */
final class RowsBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("rows_messages", RowsBehaviours::messages),
            Behaviour.of("rows_flat", RowsBehaviours::flat),
            Behaviour.of("rows_kinds", RowsBehaviours::kinds),
            Behaviour.of("rows_ragged", RowsBehaviours::ragged),
            Behaviour.of("rows_collectives", RowsBehaviours::collectives),
            Behaviour.of("rows_reductions", RowsBehaviours::reductions),
            Behaviour.of("rows_neighbors", RowsBehaviours::neighbors),
            new Behaviour("rows_arguments", RowsBehaviours::arguments));

    private RowsBehaviours() {}

    private static double[][] matrix(int rows, int columns, double seed) {
        double[][] m = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                m[i][j] = seed * 10_000 + i * 100 + j;
            }
        }
        return m;
    }

    /** Short and long, whole and in part, in all forms. */
    private static void messages(IntraComm c) {
        for (int columns : new int[] {1, 7, 5000}) {
            double[][] out = matrix(6, columns, c.rank());
            double[][] expected = matrix(6, columns, previous(c));
            double[][] in = new double[6][columns];
            Request s = c.isend(out, next(c), 1);
            Check.status(previous(c), 1, 48L * columns, c.recv(in, previous(c), 1));
            Check.equal(expected, in, "whole");
            s.await();
            in = new double[6][columns];
            s = c.issend(out, 1, 3, next(c), 2);
            c.recv(in, 2, 3, previous(c), 2);
            s.await();
            Check.equal(expected[1], in[2], "first row of the part");
            Check.equal(expected[3], in[4], "last row of the part");
            Check.equal(0.0, in[5][0] + in[1][0], "outside of the part");
            in = new double[6][columns];
            c.sendrecv(out, next(c), 3, in, previous(c), 3);
            Check.equal(expected, in, "exchanged");
            c.sendrecvReplace(in, previous(c), 4, next(c), 4);
            Check.equal(out, in, "replaced");
            PersistentRequest send = c.sendInit(out, next(c), 5);
            PersistentRequest recv = c.recvInit(in, previous(c), 5);
            for (int i = 0; i < 2; i++) {
                PersistentRequest.startAll(recv, send);
                Request.awaitAll(recv, send);
                Check.equal(expected, in, "persistent");
                in[3][0] = -1;
            }
            send.free();
            recv.free();
            s = c.isend(out, next(c), 6);
            c.mprobe(previous(c), 6).recv(in);
            Check.equal(expected, in, "matched");
            s.await();
        }
    }

    /** A row, some rows and an array without rows are the same to the receiver. */
    private static void flat(IntraComm c) {
        int[][] out = {{1, 2, 3}, {4}, {}, {5, 6}};
        int[] in = new int[6];
        Request s = c.isend(out, next(c), 1);
        c.recv(in, previous(c), 1);
        s.await();
        Check.equal(new int[] {1, 2, 3, 4, 5, 6}, in, "flat");
        int[][] rows = new int[3][2];
        s = c.isend(in, next(c), 2);
        c.recv(rows, previous(c), 2);
        s.await();
        Check.equal(new int[][] {{1, 2}, {3, 4}, {5, 6}}, rows, "rows");
    }

    private static void kinds(IntraComm c) {
        same(c, new byte[][] {{1, -1}, {2}}, new byte[][] {{0, 0}, {0}});
        same(c, new boolean[][] {{true, false}, {true}}, new boolean[][] {{false, true}, {false}});
        same(c, new char[][] {{'a', 'b'}, {'c'}}, new char[][] {{0, 0}, {0}});
        same(c, new short[][] {{1, -1}, {2}}, new short[][] {{0, 0}, {0}});
        same(c, new int[][] {{1, -1}, {2}}, new int[][] {{0, 0}, {0}});
        same(c, new long[][] {{1, -1}, {2}}, new long[][] {{0, 0}, {0}});
        same(c, new float[][] {{1, -1}, {2}}, new float[][] {{0, 0}, {0}});
        same(c, new double[][] {{1, -1}, {2}}, new double[][] {{0, 0}, {0}});
        same(c, new Object[] {new int[] {1}, new int[] {2, 3}}, new Object[] {new int[] {0, 0}, new int[] {0}});
    }

    private static void same(IntraComm c, Object[] out, Object[] in) {
        c.sendrecv(out, next(c), 1, in, previous(c), 1);
        if (out.getClass() == Object[].class) {
            Check.equal(new Object[] {new int[] {1, 2}, new int[] {3}}, in, "list of rows");
        } else {
            Check.equal(out, in, out.getClass().getTypeName());
            c.bcast(in, 0);
            Check.equal(out, in, "broadcast of " + out.getClass().getTypeName());
        }
    }

    private static void ragged(IntraComm c) {
        int[][] out = new int[200][];
        int[][] in = new int[200][];
        int[] all = Check.pattern(200 * 199 / 2, c.rank());
        int at = 0;
        for (int i = 0; i < 200; i++) {
            out[i] = Arrays.copyOfRange(all, at, at + i);
            in[199 - i] = new int[i];
            at += i;
        }
        c.sendrecv(out, next(c), 1, in, previous(c), 1);
        int[] got = Arrays.stream(in).flatMapToInt(Arrays::stream).toArray();
        Check.equal(Check.pattern(all.length, previous(c)), got, "rows of other lengths");
    }

    private static void collectives(IntraComm c) {
        int n = c.size();
        double[][] mine = matrix(2, 30, c.rank());
        double[][] all = new double[2 * n][30];
        c.allgather(mine, all);
        for (int r = 0; r < n; r++) {
            Check.equal(matrix(2, 30, r), Arrays.copyOfRange(all, 2 * r, 2 * r + 2), "rows of rank " + r);
        }
        for (int root = 0; root < n; root++) {
            double[][] b = c.rank() == root ? matrix(3, 1000, 7) : new double[3][1000];
            c.bcast(b, root);
            Check.equal(matrix(3, 1000, 7), b, "broadcast");
            double[][] gathered = c.rank() == root ? new double[2 * n][30] : null;
            c.gather(mine, gathered, root);
            Check.equal(c.rank() == root ? all : null, gathered, "gathered");
            double[][] back = new double[2][30];
            c.scatter(gathered, back, root);
            Check.equal(mine, back, "scattered");
        }
        double[][] swapped = new double[n][30];
        c.alltoall(matrix(n, 30, c.rank()), swapped);
        for (int r = 0; r < n; r++) {
            Check.equal(matrix(n, 30, r)[c.rank()], swapped[r], "row from rank " + r);
        }
        // As many rows as the rank says; the counts are found out.
        int rows = n * (n + 1) / 2;
        double[][] some = new double[rows][5];
        long[] counts = c.allgatherv(matrix(c.rank() + 1, 5, c.rank()), some);
        int at = 0;
        for (int r = 0; r < n; r++) {
            Check.equal(r + 1L, counts[r], "rows of rank " + r);
            Check.equal(matrix(r + 1, 5, r), Arrays.copyOfRange(some, at, at + r + 1), "rows of rank " + r);
            at += r + 1;
        }
    }

    private static void reductions(IntraComm c) {
        int n = c.size();
        long[][] data = {{c.rank(), 1}, {2}, {}};
        c.allreduce(data, Op.SUM);
        Check.equal(new long[][] {{(long) n * (n - 1) / 2, n}, {2L * n}, {}}, data, "sum");
        int[][] out = {{c.rank()}, {-c.rank()}};
        int[][] in = new int[2][1];
        c.reduce(out, in, Op.MAX, n - 1);
        Check.equal(c.rank() == n - 1 ? new int[][] {{n - 1}, {0}} : new int[2][1], in, "maximum");
        c.iscan(out, in, Op.SUM).await();
        int sum = c.rank() * (c.rank() + 1) / 2;
        Check.equal(new int[][] {{sum}, {-sum}}, in, "sum of those before");
        double[][] blocks = new double[n][3];
        Arrays.setAll(blocks, r -> new double[] {r, r, c.rank()});
        double[][] own = new double[1][3];
        c.reduceScatterBlock(blocks, own, Op.SUM);
        Check.equal(new double[][] {{(double) n * c.rank(), (double) n * c.rank(), n * (n - 1) / 2.0}}, own, "our block");
    }

    private static void neighbors(IntraComm c) {
        CartComm ring = c.createCart(new int[] {c.size()}, new boolean[] {true}, false);
        double[][] in = new double[4][10];
        ring.neighborAllgather(matrix(2, 10, c.rank()), in);
        Check.equal(matrix(2, 10, previous(c)), Arrays.copyOfRange(in, 0, 2), "from below");
        Check.equal(matrix(2, 10, next(c)), Arrays.copyOfRange(in, 2, 4), "from above");
        ring.free();
    }

    private static void arguments(Mpi mpi, IntraComm c) throws Exception {
        Check.fails(ErrorClass.BUFFER, () -> c.send((Object[]) null, c.rank(), 1));
        Check.fails(ErrorClass.BUFFER, () -> c.send(new int[][] {{1}, null}, c.rank(), 1));
        Check.fails(ErrorClass.BUFFER, () -> c.send(new String[] {"x"}, c.rank(), 1));
        Check.fails(ErrorClass.BUFFER, () -> c.send(new int[2][2][2], c.rank(), 1));
        Check.fails(ErrorClass.BUFFER, () -> c.send(new Object[] {new int[1], new long[1]}, c.rank(), 1));
        Check.fails(ErrorClass.COUNT, () -> c.send(new int[2][2], 1, 2, c.rank(), 1));
        c.send(new int[0][], Comm.PROC_NULL, 1);
        mpi.attachBuffer(Mpi.BUFFER_AUTOMATIC);
        int[][] got = new int[2][1];
        c.bsend(new int[][] {{1}, {2}}, c.rank(), 1);
        Check.fails(ErrorClass.TRUNCATE, () -> c.recv(new int[1][1], c.rank(), 1));
        c.bsend(new int[][] {{1}, {2}}, c.rank(), 1);
        c.recv(got, c.rank(), 1);
        Check.equal(new int[][] {{1}, {2}}, got, "data");
        mpi.detachBuffer();
    }
}
