package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.Datatype.Order;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.FixedLength;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Message;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.RecordType;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Messages of derived datatypes. SPEC: MPI 4.1 §5.1.11, and the calls of chapter 3 with any type. */
final class DatatypeBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("transpose_pack", DatatypeBehaviours::transpose),
            Behaviour.of("dt_layouts", DatatypeBehaviours::layouts),
            Behaviour.of("dt_modes", DatatypeBehaviours::modes),
            new Behaviour("dt_buffered", DatatypeBehaviours::buffered),
            Behaviour.of("dt_persistent", DatatypeBehaviours::persistent),
            Behaviour.of("dt_replace", DatatypeBehaviours::replace),
            Behaviour.of("dt_matched", DatatypeBehaviours::matched),
            Behaviour.of("eagerdt_derived", DatatypeBehaviours::manyUnexpected),
            Behaviour.of("get_elements", DatatypeBehaviours::elements),
            Behaviour.of("dt_truncated", DatatypeBehaviours::truncated),
            Behaviour.of("concurrent_irecv", DatatypeBehaviours::concurrent),
            Behaviour.of("large_type_sendrec", DatatypeBehaviours::large),
            Behaviour.of("dt_confined", DatatypeBehaviours::confined),
            Behaviour.of("dt_boolean", DatatypeBehaviours::booleans),
            Behaviour.of("dt_nio", DatatypeBehaviours::nio),
            Behaviour.of("dt_freed_while_active", DatatypeBehaviours::freedWhileActive),
            Behaviour.of("dt_records", DatatypeBehaviours::records),
            Behaviour.of("dt_errors", DatatypeBehaviours::errors));

    private DatatypeBehaviours() {}

    private static Datatype column(int rows, int columns) {
        return Datatype.vector(rows, 1, columns, Datatype.INT).commit();
    }

    /** Sent by columns and received by rows, a matrix is transposed. */
    private static void transpose(IntraComm c) {
        for (int n : new int[] {3, 40, 300}) {
            int[] a = Check.pattern(n * n, c.rank());
            int[] got = new int[n * n];
            Datatype columns = Datatype.contiguous(n, Datatype.resized(column(n, n), 0, 4)).commit();
            Request r = c.irecv(got, previous(c), 1);
            c.send(a, 0, 1, columns, next(c), 1);
            Check.status(previous(c), 1, 4L * n * n, r.await());
            int[] sent = Check.pattern(n * n, previous(c));
            for (int i = 0; i < n * n; i++) {
                Check.equal(sent[i % n * n + i / n], got[i], "element " + i + " of " + n);
            }
            r = c.irecv(got, 0, 1, columns, previous(c), 2);
            c.send(a, 0, 1, columns, next(c), 2);
            r.await();
            Check.equal(sent, got, "there and back");
        }
    }

    /** Random pairs of layouts with the same elements, over heap and native memory. */
    private static void layouts(IntraComm c) {
        for (int round = 0; round < 60; round++) {
            long seed = 77L * round;
            Random random = new Random(seed);
            int n = 1 + random.nextInt(random.nextBoolean() ? 20 : 30_000);
            Datatype out = layout(random, n);
            Datatype in = layout(random, n);
            MemorySegment from = memory(random, out.trueLb() + out.trueExtent());
            MemorySegment to = memory(random, in.trueLb() + in.trueExtent());
            fill(c.rank(), round, out, from);
            Request r = random.nextBoolean() ? c.irecv(to, 1, in, previous(c), round) : c.irecv(to, 0, 1, in, previous(c), round);
            c.send(from, 1, out, next(c), round);
            Check.equal((long) n, r.await().elements(in), "seed " + seed);
            byte[] got = new byte[4 * n];
            in.pack(to, 0, 1, MemorySegment.ofArray(got), 0);
            fill(previous(c), round, out, from);
            byte[] wanted = new byte[4 * n];
            out.pack(from, 0, 1, MemorySegment.ofArray(wanted), 0);
            Check.that(Arrays.equals(wanted, got), "seed " + seed + ": " + out + " to " + in);
        }
    }

    private static Datatype layout(Random random, int n) {
        Datatype element = random.nextBoolean() ? Datatype.INT : Datatype.resized(Datatype.INT, 0, 12);
        Datatype t = switch (random.nextInt(5)) {
            case 0 -> Datatype.contiguous(n, Datatype.INT);
            case 1 -> Datatype.vector(n, 1, 2 + random.nextInt(3), element);
            case 2 -> {
                long[] places = new long[n];
                Arrays.setAll(places, i -> 2L * i + random.nextInt(2));
                yield Datatype.indexedBlock(1, places, element);
            }
            case 3 -> {
                long[] lengths = {n / 2, 0, n - n / 2};
                yield Datatype.indexed(lengths, new long[] {n, 0, 0}, element);
            }
            default -> Datatype.subarray(new long[] {n, 3}, new long[] {n, 1}, new long[] {0, 1}, Order.C, element);
        };
        return t.commit();
    }

    private static MemorySegment memory(Random random, long bytes) {
        return switch (random.nextInt(4)) {
            case 0 -> MemorySegment.ofArray(new int[(int) (bytes + 3) / 4]);
            case 1 -> MemorySegment.ofArray(new byte[(int) bytes]);
            case 2 -> MemorySegment.ofArray(new double[(int) (bytes + 7) / 8]);
            default -> Arena.ofAuto().allocate(bytes, 8);
        };
    }

    private static void fill(int rank, int round, Datatype type, MemorySegment memory) {
        int n = (int) type.elements();
        type.unpack(MemorySegment.ofArray(Check.pattern(n, rank * 1000 + round)), 0, memory, 0, 1);
    }

    /** Gaps of the receiver stay as they were. */
    private static void modes(IntraComm c) {
        int n = 5000;
        Datatype even = column(n, 2);
        int[] data = Check.pattern(2 * n, c.rank());
        int[][] got = new int[5][2 * n];
        Request[] receives = new Request[5];
        for (int i = 0; i < 5; i++) {
            Arrays.fill(got[i], -7);
            receives[i] = c.irecv(got[i], 1, 1, even, previous(c), i);
        }
        c.barrier();
        Request s = c.isend(data, 0, 1, even, next(c), 0);
        c.rsend(data, 0, 1, even, next(c), 1);
        c.ssend(data, 0, 1, even, next(c), 2);
        Request ss = c.issend(data, 0, 1, even, next(c), 3);
        Request rs = c.irsend(data, 0, 1, even, next(c), 4);
        Request.awaitAll(s, ss, rs);
        Request.awaitAll(receives);
        int[] sent = Check.pattern(2 * n, previous(c));
        for (int[] g : got) {
            for (int i = 0; i < n; i++) {
                Check.equal(-7, g[2 * i], "gap " + i);
                Check.equal(sent[2 * i], g[2 * i + 1], "element " + i);
            }
        }
    }

    private static void buffered(Mpi mpi, IntraComm c) {
        Datatype t = column(1000, 3);
        if (c.size() == 1 && mpi.world().size() > 1) {
            return;
        }
        mpi.attachBuffer(2 * (4000 + Mpi.BSEND_OVERHEAD));
        int[] data = Check.pattern(3000, c.rank());
        c.bsend(data, 0, 1, t, next(c), 1);
        c.ibsend(data, 1, 1, t, next(c), 1).await();
        Arrays.fill(data, 0);
        int[] got = new int[1000];
        int[] sent = Check.pattern(3000, previous(c));
        for (int first = 0; first < 2; first++) {
            c.recv(got, previous(c), 1);
            for (int i = 0; i < 1000; i++) {
                Check.equal(sent[3 * i + first], got[i], "element " + i);
            }
        }
        mpi.detachBuffer();
    }

    private static void persistent(IntraComm c) {
        Datatype t = column(3000, 2);
        long[] longs = new long[3000];
        int[] out = new int[6000];
        PersistentRequest send = c.sendInit(out, 1, 1, t, next(c), 1);
        PersistentRequest receive = c.recvInit(longs, 0, 3000, Datatype.resized(Datatype.INT, 0, 8).commit(), previous(c), 1);
        for (int round = 0; round < 5; round++) {
            System.arraycopy(Check.pattern(6000, c.rank() + round), 0, out, 0, 6000);
            PersistentRequest.startAll(receive, send);
            Request.awaitAll(receive, send);
            int[] sent = Check.pattern(6000, previous(c) + round);
            for (int i = 0; i < 3000; i++) {
                Check.equal(sent[2 * i + 1], (int) longs[i], "element " + i);
            }
        }
        send.free();
        receive.free();
    }

    private static void replace(IntraComm c) {
        Datatype t = column(2000, 3);
        int[] a = Check.pattern(6000, c.rank());
        int[] wanted = a.clone();
        int[] sent = Check.pattern(6000, previous(c));
        for (int i = 0; i < 2000; i++) {
            wanted[3 * i + 1] = sent[3 * i + 1];
        }
        Status s = c.sendrecvReplace(a, 1, 1, t, next(c), 3, previous(c), 3);
        Check.equal(1L, s.count(t), "count");
        Check.equal(wanted, a, "one column was replaced");
        int[] b = Check.pattern(6000, c.rank());
        c.isendrecvReplace(b, 1, 1, t, next(c), 3, previous(c), 3).await();
        Check.equal(wanted, b, "nonblocking");
        int[] in = new int[6000];
        c.sendrecv(b, 0, 1, t, next(c), 4, in, 2, 1, t, previous(c), 4);
        for (int i = 0; i < 2000; i++) {
            Check.equal(sent[3 * i], in[3 * i + 2], "sendrecv of two columns");
        }
        c.isendrecv(b, 0, 1, t, Comm.PROC_NULL, 4, in, 2, 1, t, Comm.PROC_NULL, 4).await();
    }

    private static void matched(IntraComm c) {
        Datatype t = column(2500, 2);
        int[] data = Check.pattern(5000, c.rank());
        Request s1 = c.isend(data, 0, 1, t, next(c), 1);
        Request s2 = c.isend(data, 1, 1, t, next(c), 1);
        int[] got = new int[5000];
        Message first = c.mprobe(previous(c), 1);
        Message second = c.mprobe(previous(c), 1);
        Check.equal(2500L, first.status().elements(t), "elements");
        Request r = second.irecv(got, 1, 1, t);
        Check.equal(1L, first.recv(got, 0, 1, t).count(t), "count");
        Request.awaitAll(r, s1, s2);
        Check.equal(Check.pattern(5000, previous(c)), got, "both columns");
    }

    private static void manyUnexpected(IntraComm c) {
        int n = 200;
        Datatype t = column(20, 4);
        Request[] sends = new Request[n];
        for (int i = 0; i < n; i++) {
            sends[i] = c.isend(Check.pattern(80, i), 0, 1, t, next(c), i % 3);
        }
        c.barrier();
        for (int i = 0; i < n; i++) {
            int[] got = new int[80];
            c.recv(got, 0, 1, t, previous(c), i % 3);
            int[] sent = Check.pattern(80, i);
            for (int k = 0; k < 80; k++) {
                Check.equal(k % 4 == 0 ? sent[k] : 0, got[k], "message " + i + " element " + k);
            }
        }
        Request.awaitAll(sends);
    }

    /** Less comes than fits: the end may be within an element of the type. */
    private static void elements(IntraComm c) {
        Datatype t = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, Datatype.INT, Datatype.INT).commit();
        int[] got = new int[30];
        Request s = c.isend(new int[] {1, 2, 3, 4, 5}, next(c), 1);
        Status status = c.recv(got, 0, 10, t, previous(c), 1);
        s.await();
        Check.equal(5L, status.elements(t), "elements");
        Check.equal((long) Comm.UNDEFINED, status.count(t), "count");
        Check.equal(new int[] {1, 0, 2, 3, 0, 4, 5, 0}, Arrays.copyOf(got, 8), "data");
        s = c.isend(Arena.ofAuto().allocate(6), next(c), 1); // native memory, whose types nobody knows
        status = c.recv(got, 0, 10, t, previous(c), 1);
        s.await();
        Check.equal((long) Comm.UNDEFINED, status.elements(t), "one and a half");
    }

    private static void truncated(IntraComm c) throws Exception {
        for (int n : new int[] {10, 100_000}) {
            int[] got = new int[n];
            Datatype t = column(n / 2 - 1, 2);
            Request s = c.isend(Check.pattern(n / 2, 5), next(c), 1);
            Check.fails(ErrorClass.TRUNCATE, () -> c.recv(got, 0, 1, t, previous(c), 1));
            s.await();
            Check.equal(0, got[n - 2], "nothing beyond the type");
        }
    }

    /** Many receives of one type into one array at the same time. */
    private static void concurrent(IntraComm c) {
        int n = 64;
        int[] matrix = new int[n * n];
        Datatype t = column(n, n);
        Request[] r = new Request[2 * n];
        for (int i = 0; i < n; i++) {
            r[i] = c.irecv(matrix, i, 1, t, previous(c), i);
        }
        for (int i = n - 1; i >= 0; i--) {
            r[n + i] = c.isend(Check.pattern(n, i), next(c), i);
        }
        Request.awaitAll(r);
        for (int i = 0; i < n * n; i++) {
            Check.equal(Check.pattern(n, i % n)[i / n], matrix[i], "element " + i);
        }
    }

    /** 5 MB in blocks of 24 bytes, at places that fit no word; then blocks that overlap, which may be sent. */
    private static void large(IntraComm c) {
        int blocks = 200_000;
        MemorySegment memory = MemorySegment.ofArray(new double[blocks * 28 / 8 + 2]);
        for (int i = 0; i < blocks; i++) {
            for (int k = 0; k < 3; k++) {
                memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 28L * i + 8 * k, i + k * 0.25 + c.rank());
            }
        }
        double[] got = new double[3 * blocks];
        Request r = c.irecv(got, previous(c), 1);
        c.send(memory, 1, Datatype.hvector(blocks, 3, 28, Datatype.DOUBLE).commit(), next(c), 1);
        Check.equal((long) blocks, r.await().count(Datatype.contiguous(3, Datatype.DOUBLE)), "count");
        for (int i = 0; i < blocks; i++) {
            for (int k = 0; k < 3; k++) {
                Check.equal(i + k * 0.25 + previous(c), got[3 * i + k], "block " + i);
            }
        }
        Request send = c.isend(memory, 1, Datatype.hvector(blocks, 3, 0, Datatype.DOUBLE).commit(), next(c), 2);
        c.recv(got, previous(c), 2);
        send.await();
        Check.equal(previous(c) + 0.5, got[3 * blocks - 1], "the first block again and again");
    }

    private static void confined(IntraComm c) {
        Datatype t = Datatype.vector(40_000, 1, 2, Datatype.INT).commit();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(320_000, 8).fill((byte) 3);
            MemorySegment in = arena.allocate(320_000, 8);
            Request r = c.irecv(in, 1, t, previous(c), 1);
            Request s = c.isend(out, 1, t, next(c), 1);
            Request.awaitAll(r, s);
            Check.equal(0x03030303, in.getAtIndex(ValueLayout.JAVA_INT, 79_998), "last element");
            Check.equal(0, in.getAtIndex(ValueLayout.JAVA_INT, 79_999), "last gap");
        }
    }

    private static void booleans(IntraComm c) throws Exception {
        int n = 3000;
        boolean[] data = new boolean[2 * n];
        boolean[] got = new boolean[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            data[i] = (i + c.rank()) % 3 == 0;
        }
        Datatype t = Datatype.vector(n, 1, 2, Datatype.BOOLEAN).commit();
        Request r = c.irecv(got, 1, 1, t, previous(c), 1);
        c.send(data, 0, 1, t, next(c), 1);
        Check.equal((long) n, r.await().elements(t), "elements");
        for (int i = 0; i < n; i++) {
            Check.equal((2 * i + previous(c)) % 3 == 0, got[2 * i + 1], "element " + i);
            Check.equal(false, got[2 * i], "gap " + i);
        }
        c.sendrecv(data, 2, n, Datatype.BOOLEAN, next(c), 1, got, 0, n, Datatype.PACKED, previous(c), 1);
        Check.equal((2 + previous(c)) % 3 == 0, got[0], "contiguous");
        c.sendrecv(data, 0, 0, t, next(c), 1, got, 0, 0, t, previous(c), 1);
        Check.fails(ErrorClass.TYPE, () -> c.send(data, 0, 1, Datatype.INT, c.rank(), 1));
        Check.fails(ErrorClass.COUNT, () -> c.send(data, 2, 1, t, Comm.PROC_NULL, 1));
    }

    private static void nio(IntraComm c) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 16; i++) {
            buffer.putInt(4 * i, i + 100 * c.rank());
        }
        int[] got = new int[4];
        Request r = c.irecv(got, previous(c), 1);
        c.send(buffer.position(8), 1, column(4, 3), next(c), 1);
        r.await();
        int k = 100 * previous(c);
        Check.equal(new int[] {k + 2, k + 5, k + 8, k + 11}, got, "from the position on");
    }

    /** SPEC: MPI 4.1 §5.1.9: communication that was begun goes on. */
    private static void freedWhileActive(IntraComm c) {
        Datatype t = Datatype.vector(50_000, 1, 2, Datatype.INT).commit();
        int[] got = new int[100_000];
        Request r = c.irecv(got, 0, 1, t, previous(c), 1);
        t.free();
        c.send(Check.pattern(50_000, 4), next(c), 1);
        r.await();
        Check.equal(Check.pattern(50_000, 4)[49_999], got[99_998], "last element");
    }

    /** A record for messages. */
    record Particle(int id, @FixedLength(3) double[] position, float mass) {}

    private static void records(IntraComm c) {
        RecordType<Particle> particles = RecordType.of(Particle.class);
        Particle[] mine = new Particle[700];
        Arrays.setAll(mine, i -> new Particle(i, new double[] {c.rank(), i, 0.5}, -i));
        MemorySegment in = MemorySegment.ofArray(new byte[(int) (mine.length * particles.strideBytes())]);
        Datatype t = particles.datatype();
        Request r = c.irecv(in, mine.length, t, previous(c), 1);
        c.send(particles.toSegment(mine), mine.length, t, next(c), 1);
        Check.equal(700L, r.await().count(t), "count");
        Particle[] got = particles.toArray(in);
        for (int i = 0; i < got.length; i++) {
            Check.equal(i, got[i].id(), "id");
            Check.equal(new double[] {previous(c), i, 0.5}, got[i].position(), "position");
            Check.equal((float) -i, got[i].mass(), "mass");
        }
        t.free();
    }

    private static void errors(IntraComm c) throws Exception {
        int[] a = new int[10];
        int me = c.rank();
        Datatype raw = Datatype.contiguous(2, Datatype.INT);
        Datatype gone = raw.dup().commit();
        gone.free();
        Datatype wide = column(4, 3);
        c.send(a, 0, 1, wide, Comm.PROC_NULL, 0);
        Check.equal(Comm.PROC_NULL, c.recv(a, 0, 1, wide, Comm.PROC_NULL, 0).source(), "source");
        Check.fails(ErrorClass.TYPE, () -> c.send(a, 0, 1, raw, me, 0));
        Check.fails(ErrorClass.TYPE, () -> c.irecv(a, 0, 1, gone, me, 0));
        Check.fails(ErrorClass.TYPE, () -> c.sendInit(a, 0, 1, null, me, 0));
        Check.fails(ErrorClass.COUNT, () -> c.isend(a, 0, -1, wide, me, 0));
        Check.fails(ErrorClass.COUNT, () -> c.recv(a, 1, 1, wide, me, 0));
        Check.fails(ErrorClass.COUNT, () -> c.recv(a, 0, 2, wide, me, 0));
        Check.fails(ErrorClass.COUNT, () -> c.recv(a, 0, Long.MAX_VALUE, wide, me, 0));
        Check.fails(ErrorClass.COUNT, () -> c.recv(a, 0, Long.MAX_VALUE, Datatype.INT, me, 0));
        Check.fails(ErrorClass.BUFFER, () -> c.recv((int[]) null, 0, 1, wide, me, 0));
        Check.fails(ErrorClass.BUFFER, () -> c.recv(MemorySegment.ofArray(a).asReadOnly(), 1, wide, me, 0));
        Check.fails(ErrorClass.RANK, () -> c.send(a, 0, 1, wide, c.size(), 0));
        Request r = c.irecv(a, 0, 1, wide, me, 9);
        c.send(new int[] {1, 2, 3, 4}, me, 9);
        r.await();
        Check.equal(new int[] {1, 0, 0, 2, 0, 0, 3, 0, 0, 4}, a, "all goes on after errors");
    }
}
