package org.jadi.mpi.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jadi.adi.board.Board;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.device.MappedMemory;
import org.jadi.adi.request.Failure;
import org.jadi.mpi.datatype.Kind;
import org.junit.jupiter.api.Test;

/**
 * Operations on boards whose ranks one thread advances, in random order and as far as it likes: every interleaving must end with the
 * right data, and what is copied can be counted.
 */
class BoardTaskTest {
    private static final Reduction SUM = new Reduction(LongKernels.SUM, 8, Kind.LONG, true, true, "SUM");

    /** {@code x -> a x + b}, in halves: does not commute. */
    private static final Reduction COMPOSE = new Reduction(LongKernels.of((a, p, b, q, n) -> {
        for (int i = 0; i < n; i++) {
            b[q + i] = compose(a[p + i], b[q + i]);
        }
    }), 8, Kind.LONG, false, false, "user");

    private static long compose(long f, long g) {
        int a = (int) (f >> 32);
        int c = (int) (g >> 32);
        return (long) (a * c) << 32 | (c * (int) f + (int) g) & 0xFFFF_FFFFL;
    }

    /** One node's memory, in this process. */
    private static final class Node implements MappedMemory {
        private final Map<Long, MemorySegment> made = new HashMap<>();
        long copied;
        long wakes;

        @Override
        public boolean reaches(int rank) {
            return true;
        }

        @Override
        public MemorySegment create(long bytes) {
            MemorySegment m = Arena.ofAuto().allocate(bytes, 128);
            made.put(m.address(), m);
            return m;
        }

        @Override
        public long name(MemorySegment created) {
            return created.address();
        }

        @Override
        public void discard(MemorySegment created) {
            made.remove(created.address());
        }

        @Override
        public MemorySegment map(int rank, long name, long bytes, Arena arena) {
            return made.get(name);
        }

        @Override
        public void watch(int rank) {}

        @Override
        public void wake(int rank) {
            wakes++;
        }

        @Override
        public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
            copied += bytes;
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        }
    }

    private static Board[] boards(Node node, int size, int chunkBytes) {
        int[] ranks = new int[size];
        Arrays.setAll(ranks, r -> 10 + r);
        Board[] boards = new Board[size];
        long[] names = new long[size];
        for (int r = 0; r < size; r++) {
            boards[r] = new Board(node, ranks, r, chunkBytes, rank -> null);
            names[r] = boards[r].name();
        }
        for (Board b : boards) {
            b.join(names);
        }
        return boards;
    }

    private static Data data(long[] a) {
        return a.length == 0 ? Data.NONE : new Data(MemorySegment.ofArray(a), 0, 8L * a.length, null);
    }

    private static long[] values(long salt, int rank, int n) {
        return new Random(salt * 31 + rank).longs(n).toArray();
    }

    /** Advances the tasks of all ranks in random order until all are done; a full round without any movement is a deadlock. */
    private static void run(List<List<BoardTask>> tasks, Random random, String what) {
        int[] at = new int[tasks.size()];
        int idle = 0;
        int left = tasks.stream().mapToInt(List::size).sum();
        while (left > 0) {
            int favourite = random.nextInt(tasks.size());
            for (int i = 0; i < 1 + random.nextInt(5) && at[favourite] < tasks.get(favourite).size(); i++) {
                int moved = tasks.get(favourite).get(at[favourite]).advance();
                if (moved == SharedTask.DONE) {
                    at[favourite]++;
                    left--;
                }
                idle = moved == SharedTask.IDLE ? idle + 1 : 0;
            }
            assertTrue(idle < 200 * tasks.size(), () -> "nothing moves: " + what + " at=" + Arrays.toString(at));
        }
    }

    @Test
    void everyInterleavingEndsWithTheRightData() {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int turn = 0; turn < 150; turn++) {
            int size = 2 + random.nextInt(5);
            int chunk = 64 << random.nextInt(5);
            Board[] boards = boards(new Node(), size, Math.max(chunk, 64 * ((size + 7) / 8)));
            List<List<BoardTask>> tasks = new ArrayList<>();
            for (int r = 0; r < size; r++) {
                tasks.add(new ArrayList<>());
            }
            List<Runnable> checks = new ArrayList<>();
            String what = "jadi.seed=" + seed + " turn=" + turn + " ranks=" + size + " chunk=" + boards[0].chunkBytes();
            int operations = 1 + random.nextInt(30);
            for (int k = 0; k < operations; k++) {
                add(boards, tasks, checks, random, what + " operation=" + k);
            }
            run(tasks, random, what);
            tasks.forEach(list -> list.forEach(t -> assertNull(t.failure(), what)));
            checks.forEach(Runnable::run);
        }
    }

    private static void add(Board[] boards, List<List<BoardTask>> tasks, List<Runnable> checks, Random random, String what) {
        int size = boards.length;
        int n = random.nextInt(8) == 0 ? random.nextInt(2000) : random.nextInt(40);
        int root = random.nextInt(size);
        long salt = random.nextLong();
        int kind = random.nextInt(9);
        boolean ordered = random.nextBoolean();
        boolean crowded = random.nextBoolean();
        Reduction op = ordered ? COMPOSE : SUM;
        long[][] prefix = new long[size][];
        for (int r = 0; r < size; r++) {
            prefix[r] = values(salt, r, n);
            for (int i = 0; i < n && r > 0; i++) {
                prefix[r][i] = ordered ? compose(prefix[r - 1][i], prefix[r][i]) : prefix[r - 1][i] + prefix[r][i];
            }
        }
        int[][] counts = new int[size][size];
        for (int[] c : counts) {
            Arrays.setAll(c, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(60));
        }
        for (int r = 0; r < size; r++) {
            int me = r;
            Board b = boards[r];
            Folding folding = new Folding(Math.max(128, b.chunkBytes()));
            long[] mine = values(salt, r, n);
            long[] got = new long[n];
            String why = what + " kind=" + kind + " n=" + n + " rank=" + r;
            BoardTask t = switch (kind) {
                case 0 -> new BoardTasks(b, false).barrier("barrier", kind);
                case 1 -> {
                    long[] buffer = r == root ? mine : got;
                    checks.add(() -> assertArrayEquals(values(salt, root, n), buffer, why));
                    yield MoveTask.bcast(b, "bcast", kind, data(buffer), root);
                }
                case 2 -> {
                    checks.add(() -> assertArrayEquals(prefix[size - 1], got, why));
                    yield FoldTask.allreduce(b, folding, "allreduce", kind, data(mine), data(got), op);
                }
                case 3 -> {
                    long[] place = mine.clone(); // in place
                    checks.add(() -> assertArrayEquals(prefix[size - 1], place, why));
                    yield ShareTask.allreduce(b, folding, "allreduce", kind, data(place), data(place), op, crowded);
                }
                case 4 -> {
                    checks.add(() -> assertArrayEquals(me == root ? prefix[size - 1] : new long[n], got, why));
                    yield ShareTask.reduce(b, folding, "reduce", kind, data(mine), me == root ? data(got) : Data.NONE, op, root);
                }
                case 5 -> {
                    checks.add(() -> assertArrayEquals(me == root ? prefix[size - 1] : new long[n], got, why));
                    yield FoldTask.reduce(b, folding, "reduce", kind, data(mine), me == root ? data(got) : Data.NONE, op, root);
                }
                case 6 -> {
                    checks.add(() -> assertArrayEquals(prefix[me], got, why));
                    yield FoldTask.scan(b, folding, "scan", kind, data(mine), data(got), op, false);
                }
                case 7 -> exchange(b, counts, checks, salt, why);
                default -> gatherv(b, counts[0], checks, salt, root, why);
            };
            List<BoardTask> own = tasks.get(r);
            t.follow(own.isEmpty() ? null : own.getLast());
            own.add(t);
        }
    }

    private static BoardTask exchange(Board b, int[][] counts, List<Runnable> checks, long salt, String why) {
        int size = b.size();
        int me = b.me();
        Data[] out = new Data[size];
        Data[] in = new Data[size];
        for (int r = 0; r < size; r++) {
            int from = r;
            out[r] = data(values(salt + r, me, counts[me][r]));
            long[] got = new long[counts[r][me]];
            in[r] = data(got);
            if (r != me) {
                checks.add(() -> assertArrayEquals(values(salt + me, from, counts[from][me]), got, why));
            }
        }
        return MoveTask.alltoall(b, "alltoallv", 7, -1, Blocks.of(out), Blocks.of(in));
    }

    private static BoardTask gatherv(Board b, int[] counts, List<Runnable> checks, long salt, int root, String why) {
        Data[] in = new Data[b.size()];
        for (int r = 0; r < in.length && b.me() == root; r++) {
            long[] got = new long[counts[r]];
            in[r] = data(got);
            int from = r;
            if (r != root) {
                checks.add(() -> assertArrayEquals(values(salt, from, counts[from]), got, why));
            }
        }
        return MoveTask.gather(b, "gatherv", 8, -1, data(values(salt, b.me(), counts[b.me()])), b.me() == root ? Blocks.of(in) : null,
                root);
    }

    /** Operations of equal blocks and reductions, one after the other on each rank, as blocking calls make them. */
    @Test
    void tasksThatAreUsedAgainForgetTheirLastOperation() {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        Random random = new Random(seed);
        int reused = 0;
        for (int turn = 0; turn < 150; turn++) {
            int size = 2 + random.nextInt(5);
            Board[] boards = boards(new Node(), size, 64 << random.nextInt(9));
            boolean crowded = random.nextBoolean();
            BoardTasks[] makers = Arrays.stream(boards).map(b -> new BoardTasks(b, crowded)).toArray(BoardTasks[]::new);
            List<List<Supplier<BoardTask>>> calls = new ArrayList<>();
            Arrays.stream(boards).forEach(b -> calls.add(new ArrayList<>()));
            List<Runnable> checks = new ArrayList<>();
            String what = "jadi.seed=" + seed + " turn=" + turn + " ranks=" + size + " chunk=" + boards[0].chunkBytes();
            for (int k = 1 + random.nextInt(40); k > 0; k--) {
                addCall(makers, calls, checks, random, what + " operation=" + k);
            }
            reused += runCalls(makers, calls, random, what);
            checks.forEach(Runnable::run);
        }
        assertTrue(reused > 1000, "tasks used again: " + reused);
    }

    /** As {@link #run}, of tasks that are made when the one before has ended, and given back. Returns how many were used again. */
    private static int runCalls(BoardTasks[] makers, List<List<Supplier<BoardTask>>> calls, Random random, String what) {
        int size = makers.length;
        BoardTask[] now = new BoardTask[size];
        BoardTask[] before = new BoardTask[size];
        int[] at = new int[size];
        int left = calls.stream().mapToInt(List::size).sum();
        int reused = 0;
        for (int idle = 0; left > 0;) {
            int r = random.nextInt(size);
            if (at[r] == calls.get(r).size()) {
                continue;
            }
            if (now[r] == null) {
                now[r] = calls.get(r).get(at[r]).get();
                now[r].follow(before[r]);
                reused += now[r] == before[r] ? 1 : 0;
            }
            int moved = now[r].advance();
            idle = moved == SharedTask.IDLE ? idle + 1 : 0;
            if (moved == SharedTask.DONE) {
                assertNull(now[r].failure(), what);
                if (now[r] instanceof BriefTask brief) {
                    makers[r].giveBack(brief);
                }
                before[r] = now[r];
                now[r] = null;
                at[r]++;
                left--;
            }
            assertTrue(idle < 1000 * size, () -> "nothing moves: " + what + " at=" + Arrays.toString(at));
        }
        return reused;
    }

    private static void addCall(BoardTasks[] makers, List<List<Supplier<BoardTask>>> calls, List<Runnable> checks, Random random,
            String what) {
        int size = makers.length;
        int n = random.nextInt(8) == 0 ? random.nextInt(600) : random.nextInt(14);
        int root = random.nextInt(size);
        int kind = random.nextInt(10);
        long salt = random.nextLong();
        boolean inPlace = random.nextBoolean();
        Reduction op = random.nextBoolean() ? COMPOSE : SUM;
        long[][] all = new long[size][];
        long[][] prefix = new long[size][];
        for (int r = 0; r < size; r++) {
            all[r] = values(salt, r, n * size);
            prefix[r] = Arrays.copyOf(all[r], n);
            for (int i = 0; i < n && r > 0; i++) {
                prefix[r][i] = op == COMPOSE ? compose(prefix[r - 1][i], prefix[r][i]) : prefix[r - 1][i] + prefix[r][i];
            }
        }
        for (int r = 0; r < size; r++) {
            int me = r;
            BoardTasks t = makers[r];
            long each = 8L * n;
            long[] mine = Arrays.copyOf(all[r], n);
            long[] got = inPlace && kind >= 5 && kind <= 8 ? mine : new long[n];
            long[] blocks = new long[n * size];
            long[] expected = switch (kind) {
                case 1 -> Arrays.copyOf(all[root], n);
                case 2 -> Arrays.copyOfRange(all[root], me * n, (me + 1) * n);
                case 5 -> prefix[size - 1];
                case 6 -> me == root ? prefix[size - 1] : got.clone();
                case 7 -> prefix[me];
                case 8 -> me > 0 ? prefix[me - 1] : got.clone();
                default -> got.clone();
            };
            long[] gathered = new long[n * size];
            for (int from = 0; from < size && (kind == 9 || kind == 4 || kind == 3 && me == root); from++) {
                System.arraycopy(all[from], kind == 9 ? me * n : 0, gathered, from * n, n);
            }
            if (kind == 3 && me == root) {
                System.arraycopy(mine, 0, blocks, me * n, n); // is in its place already
            }
            long[] place = kind == 1 && me == root || kind == 2 && me == root ? expected.clone() : got;
            checks.add(() -> {
                assertArrayEquals(expected, place, what + " kind=" + kind + " n=" + n + " rank=" + me);
                assertArrayEquals(gathered, blocks, what + " kind=" + kind + " n=" + n + " rank=" + me);
            });
            calls.get(r).add(() -> switch (kind) {
                case 0 -> t.barrier("barrier", 100);
                case 1 -> t.bcast("bcast", kind, data(place), root);
                case 2 -> t.scatter("scatter", kind, each, me == root ? data(all[root]) : Data.NONE, me == root ? Data.NONE : data(place), root);
                case 3 -> t.gather("gather", kind, each, me == root ? Data.NONE : data(mine), me == root ? data(blocks) : Data.NONE, root);
                case 4 -> t.allgather("allgather", kind, each, data(mine), data(blocks), true);
                case 5 -> t.allreduce("allreduce", kind, data(mine), data(got), op);
                case 6 -> t.reduce("reduce", kind, data(mine), me == root ? data(got) : Data.NONE, op, root);
                case 7 -> t.scan("scan", kind, data(mine), data(got), op, false);
                case 8 -> t.scan("exscan", kind, data(mine), data(got), op, true);
                default -> t.alltoall("alltoall", kind, each, data(all[me]), data(blocks), true);
            });
        }
    }

    /** A call is compared with those of the others each time. */
    @Test
    void aTaskThatIsUsedAgainIsCheckedAgain() {
        Board[] boards = boards(new Node(), 2, 1024);
        BoardTasks[] makers = {new BoardTasks(boards[0], false), new BoardTasks(boards[1], false)};
        for (int use = 0; use < 3; use++) {
            BoardTask[] tasks = new BoardTask[2];
            for (int r = 0; r < 2; r++) {
                tasks[r] = makers[r].allreduce("allreduce", use == 1 ? 1 + r : 7, data(new long[] {r + 1}), data(new long[1]), SUM);
            }
            for (BoardTask t : List.of(tasks[0], tasks[1], tasks[0])) {
                t.advance();
            }
            for (int r = 0; r < 2; r++) {
                assertTrue(tasks[r].isDone());
                assertEquals(use == 1, tasks[r].failure() != null, "use " + use + " rank " + r + ": " + tasks[r].failure());
                makers[r].giveBack((BriefTask) tasks[r]);
            }
        }
    }

    /** Who has nothing to wait for still waits for the place of its piece. */
    @Test
    void aBriefTaskWaitsForItsPlace() {
        Board[] boards = boards(new Node(), 2, 512);
        int n = 16 * 128 / 8;
        long[][] got = new long[2][13];
        long[] far = new long[n];
        assertEquals(SharedTask.DONE, new BoardTasks(boards[0], false).bcast("bcast", 1, data(values(1, 0, n)), 0).advance());
        BoardTask[] scans = new BoardTask[2];
        for (int r = 0; r < 2; r++) {
            scans[r] = new BoardTasks(boards[r], false).scan("scan", 2, data(values(2, r, 13)), data(got[r]), SUM, false);
        }
        assertEquals(SharedTask.MOVED, scans[0].advance(), "has entered");
        assertEquals(SharedTask.IDLE, scans[0].advance(), "all places are taken");
        assertEquals(SharedTask.DONE, new BoardTasks(boards[1], false).bcast("bcast", 1, data(far), 0).advance());
        assertEquals(SharedTask.DONE, scans[0].advance());
        scans[1].advance();
        assertEquals(SharedTask.DONE, scans[1].advance());
        assertArrayEquals(values(1, 0, n), far);
        assertArrayEquals(values(2, 0, 13), got[0]);
        long[] sum = values(2, 0, 13);
        long[] second = values(2, 1, 13);
        Arrays.setAll(sum, i -> sum[i] + second[i]);
        assertArrayEquals(sum, got[1]);
    }

    /** One element has a way of its own. */
    @Test
    void theWordOfAKernelIsItsLoop() {
        Random random = new Random(7);
        List<Kernel> kernels = List.of(LongKernels.SUM, LongKernels.PROD, LongKernels.MIN, LongKernels.MAX, LongKernels.LAND,
                LongKernels.LOR, LongKernels.LXOR, LongKernels.BAND, LongKernels.BOR, LongKernels.BXOR, DoubleKernels.SUM,
                DoubleKernels.PROD, DoubleKernels.MIN, DoubleKernels.MAX);
        for (int k = 0; k < kernels.size(); k++) {
            for (int i = 0; i < 1000; i++) {
                boolean isDouble = k >= 10;
                long a = i % 7 == 0 ? 0 : isDouble ? Double.doubleToRawLongBits(random.nextGaussian()) : random.nextLong();
                long b = i % 5 == 0 ? 0 : isDouble ? Double.doubleToRawLongBits(random.nextGaussian()) : random.nextLong();
                MemorySegment in = isDouble ? MemorySegment.ofArray(new double[1]) : MemorySegment.ofArray(new long[1]);
                MemorySegment inout = isDouble ? MemorySegment.ofArray(new double[1]) : MemorySegment.ofArray(new long[1]);
                in.set(Data.LONG, 0, a);
                inout.set(Data.LONG, 0, b);
                kernels.get(k).apply(in, 0, inout, 0, 1);
                assertEquals(inout.get(Data.LONG, 0), kernels.get(k).word().applyAsLong(a, b), "kernel " + k + " of " + a + " and " + b);
            }
        }
    }

    /** Data crosses the node with one copy in and one copy out per reader; what is held is four chunks, however long it is. */
    @Test
    void aBroadcastCopiesOnceInAndOncePerReader() {
        Node node = new Node();
        int size = 5;
        Board[] boards = boards(node, size, 1024);
        int n = 10_000;
        List<List<BoardTask>> tasks = new ArrayList<>();
        long[][] buffers = new long[size][];
        for (int r = 0; r < size; r++) {
            buffers[r] = r == 2 ? values(1, 2, n) : new long[n];
            tasks.add(List.of(MoveTask.bcast(boards[r], "bcast", 1, data(buffers[r]), 2)));
        }
        run(tasks, new Random(1), "bcast");
        assertArrayEquals(buffers[2], buffers[4]);
        assertEquals((long) size * n * 8, node.copied, "one copy into shared memory, one out of it for each of the others");
        long held = node.made.values().stream().mapToLong(MemorySegment::byteSize).sum();
        assertTrue(held < size * (4 * 1024 + 4096L), "bytes of shared memory: " + held);
    }

    /** Ranks that share a CPU run one after the other: who writes need not wait for those that read. */
    @Test
    void aRootIsAheadByAsManyOperationsAsThereAreLines() {
        Board[] boards = boards(new Node(), 2, 1024);
        List<MoveTaskOfRank> reads = new ArrayList<>();
        for (int k = 0; k < 7; k++) {
            long[] got = new long[20];
            assertEquals(SharedTask.DONE, MoveTask.bcast(boards[0], "bcast", 1, data(values(k, 0, 20)), 0).advance(), "operation " + k);
            reads.add(new MoveTaskOfRank(MoveTask.bcast(boards[1], "bcast", 1, data(got), 0), got));
        }
        for (int k = 0; k < reads.size(); k++) {
            assertEquals(SharedTask.DONE, reads.get(k).task().advance(), "operation " + k);
            assertArrayEquals(values(k, 0, 20), reads.get(k).got());
        }
    }

    private record MoveTaskOfRank(BoardTask task, long[] got) {}

    /** What has room on the board takes each rank's turn twice, and that of the first ones once more to collect. */
    @Test
    void aDividedReductionTakesFewTurns() {
        int size = 3;
        int n = 16 * 32;
        Board[] boards = boards(new Node(), size, 1024);
        BoardTask[] tasks = new BoardTask[size];
        long[] sum = new long[n];
        for (int r = 0; r < size; r++) {
            long[] mine = values(1, r, n);
            Arrays.setAll(sum, i -> sum[i] + mine[i]);
        }
        long[][] got = new long[size][n];
        for (int r = 0; r < size; r++) {
            tasks[r] = ShareTask.allreduce(boards[r], new Folding(256), "allreduce", 1, data(values(1, r, n)), data(got[r]), SUM, false);
        }
        for (int turn = 0; turn < 3; turn++) {
            for (BoardTask t : tasks) {
                t.advance();
            }
        }
        for (int r = 0; r < size; r++) {
            assertTrue(tasks[r].isDone(), "rank " + r);
            assertArrayEquals(sum, got[r], "rank " + r);
        }
    }

    /** A rank that fails says so: the others end too, and the next operation works. */
    @Test
    void aFailureIsToldAndTheNextOperationWorks() {
        Reduction bad = new Reduction((in, inAt, inout, inoutAt, count) -> {
            throw new UnsupportedOperationException("not today");
        }, 8, Kind.LONG, true, true, "user");
        Board[] boards = boards(new Node(), 3, 1024);
        List<List<BoardTask>> tasks = new ArrayList<>();
        long[][] got = new long[3][1];
        for (int r = 0; r < 3; r++) {
            Folding folding = new Folding(1024);
            BoardTask one = ShareTask.allreduce(boards[r], folding, "allreduce", 1, data(new long[500]), data(new long[500]),
                    r == 1 ? bad : SUM, false);
            BoardTask two = FoldTask.allreduce(boards[r], folding, "allreduce", 1, data(new long[] {r}), data(got[r]), SUM);
            two.follow(one);
            tasks.add(List.of(one, two));
        }
        run(tasks, new Random(3), "failure");
        for (int r = 0; r < 3; r++) {
            Failure f = tasks.get(r).get(0).failure();
            assertNotNull(f, "rank " + r);
            assertEquals(r == 1 ? Failure.Kind.INTERNAL : Failure.Kind.TRUNCATE, f.kind());
            assertNull(tasks.get(r).get(1).failure());
            assertEquals(3, got[r][0]);
        }
        assertTrue(tasks.get(1).get(0).thrown() instanceof UnsupportedOperationException);
    }
}
