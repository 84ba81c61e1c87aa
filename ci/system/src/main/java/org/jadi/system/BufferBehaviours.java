package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Every kind of buffer. SPEC: MPI 4.1 §3.2.2, §3.3 (the same elements on both sides). */
final class BufferBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("types", BufferBehaviours::types),
            Behaviour.of("types_nonblocking", BufferBehaviours::typesNonblocking),
            Behaviour.of("parts", BufferBehaviours::parts),
            Behaviour.of("parts_out_of_range", BufferBehaviours::partsOutOfRange),
            Behaviour.of("boolean_large", BufferBehaviours::largeBoolean),
            Behaviour.of("segments", BufferBehaviours::segments),
            Behaviour.of("segment_confined", BufferBehaviours::confined),
            Behaviour.of("nio", BufferBehaviours::nio),
            Behaviour.of("mixed_kinds", BufferBehaviours::mixedKinds),
            new Behaviour("allocate", BufferBehaviours::allocated),
            Behaviour.of("null_and_read_only", BufferBehaviours::refused),
            Behaviour.of("closed_arena", BufferBehaviours::closedArena));

    private BufferBehaviours() {}

    private static void types(IntraComm c) {
        int to = next(c);
        int from = previous(c);
        byte[] b = new byte[2];
        c.sendrecv(new byte[] {1, -1}, to, 0, b, from, 0);
        Check.equal(new byte[] {1, -1}, b, "byte");
        boolean[] z = new boolean[3];
        Status s = c.sendrecv(new boolean[] {true, false, true}, to, 0, z, from, 0);
        Check.equal(new boolean[] {true, false, true}, z, "boolean");
        Check.equal(3L, s.count(boolean.class), "count of boolean");
        char[] ch = new char[2];
        c.sendrecv(new char[] {'a', '\u20ac'}, to, 0, ch, from, 0);
        Check.equal(new char[] {'a', '\u20ac'}, ch, "char");
        short[] sh = new short[1];
        c.sendrecv(new short[] {Short.MIN_VALUE}, to, 0, sh, from, 0);
        Check.equal(Short.MIN_VALUE, sh[0], "short");
        int[] i = new int[1];
        c.sendrecv(new int[] {Integer.MIN_VALUE}, to, 0, i, from, 0);
        Check.equal(Integer.MIN_VALUE, i[0], "int");
        long[] l = new long[1];
        c.sendrecv(new long[] {Long.MIN_VALUE + 1}, to, 0, l, from, 0);
        Check.equal(Long.MIN_VALUE + 1, l[0], "long");
        float[] f = new float[1];
        c.sendrecv(new float[] {-0.5f}, to, 0, f, from, 0);
        Check.equal(-0.5f, f[0], "float");
        double[] d = new double[2];
        s = c.sendrecv(new double[] {Math.PI, Double.NEGATIVE_INFINITY}, to, 0, d, from, 0);
        Check.equal(new double[] {Math.PI, Double.NEGATIVE_INFINITY}, d, "double");
        Check.equal(2L, s.count(double.class), "count of double");
    }

    private static void typesNonblocking(IntraComm c) {
        int to = next(c);
        int from = previous(c);
        boolean[] z = new boolean[4];
        char[] ch = new char[3];
        double[] d = new double[3];
        Request.awaitAll(c.irecv(z, 1, 2, from, 1), c.irecv(ch, from, 2), c.irecv(d, 2, 1, from, 3),
                c.isend(new boolean[] {false, true, true}, 1, 2, to, 1), c.isend("abc".toCharArray(), to, 2),
                c.issend(new double[] {1, 2, 3}, 1, 1, to, 3));
        Check.equal(new boolean[] {false, true, true, false}, z, "boolean");
        Check.equal("abc", new String(ch), "char");
        Check.equal(new double[] {0, 0, 2}, d, "double");
    }

    private static void parts(IntraComm c) {
        long[] data = {1, 2, 3, 4, 5};
        long[] got = new long[5];
        Request r = c.irecv(got, 1, 3, previous(c), 1);
        c.send(data, 2, 3, next(c), 1);
        Check.equal(3L, r.await().count(long.class), "count");
        Check.equal(new long[] {0, 3, 4, 5, 0}, got, "data");
        r = c.irecv(got, 5, 0, previous(c), 1);
        c.send(data, 5, 0, next(c), 1);
        Check.equal(0L, r.await().bytes(), "nothing at the end of the array");
    }

    private static void partsOutOfRange(IntraComm c) throws Exception {
        int[] a = new int[4];
        int me = c.rank();
        int[][] wrong = {{-1, 1}, {0, -1}, {0, 5}, {4, 1}, {1, Integer.MAX_VALUE}, {Integer.MAX_VALUE, 1}};
        for (int[] w : wrong) {
            Check.fails(ErrorClass.COUNT, () -> c.send(a, w[0], w[1], me, 1));
            Check.fails(ErrorClass.COUNT, () -> c.irecv(a, w[0], w[1], me, 1));
            Check.fails(ErrorClass.COUNT, () -> c.sendInit(a, w[0], w[1], me, 1));
            Check.fails(ErrorClass.COUNT, () -> c.irecv(new boolean[4], w[0], w[1], me, 1));
        }
        MemorySegment s = MemorySegment.ofArray(new byte[4]);
        Check.fails(ErrorClass.COUNT, () -> c.recv(s, 1, Long.MAX_VALUE, me, 1));
    }

    private static void largeBoolean(IntraComm c) {
        for (int length : new int[] {1, 20_000, 300_001}) {
            boolean[] data = new boolean[length];
            for (int i = 0; i < length; i += 3) {
                data[i] = true;
            }
            boolean[] got = new boolean[length];
            c.sendrecv(data, next(c), 1, got, previous(c), 1);
            Check.that(Arrays.equals(data, got), "boolean[" + length + "]");
        }
    }

    private static void segments(IntraComm c) {
        try (Arena arena = Arena.ofShared()) {
            for (long bytes : new long[] {0, 8, 100_000}) {
                MemorySegment out = arena.allocate(bytes).fill((byte) (c.rank() + 1));
                MemorySegment in = arena.allocate(bytes + 8);
                Status s = c.sendrecv(out, 0, bytes, next(c), 1, in, 4, bytes, previous(c), 1);
                Check.equal(bytes, s.bytes(), "bytes");
                for (long i = 0; i < bytes + 8; i++) {
                    byte expected = i < 4 || i >= bytes + 4 ? 0 : (byte) (previous(c) + 1);
                    Check.that(in.get(ValueLayout.JAVA_BYTE, i) == expected, "byte " + i);
                }
            }
        }
    }

    /** The arena's owner may use its memory; another thread is told what to do instead. */
    private static void confined(IntraComm c) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            for (long bytes : new long[] {8, 50_000, 500_000}) {
                MemorySegment out = arena.allocate(bytes).fill((byte) 9);
                MemorySegment in = arena.allocate(bytes);
                Request r = c.irecv(in, previous(c), 1);
                Request w = c.isend(out, next(c), 1);
                Request.awaitAll(r, w);
                Check.equal((byte) 9, in.get(ValueLayout.JAVA_BYTE, bytes - 1), "data");
                c.sendrecv(out, next(c), 1, in.fill((byte) 0), previous(c), 1);
                Check.equal((byte) 9, in.get(ValueLayout.JAVA_BYTE, bytes - 1), "data of sendrecv");
            }
            MemorySegment mine = arena.allocate(8);
            String[] message = new String[1];
            Thread.ofPlatform().start(() -> {
                try {
                    message[0] = Check.fails(ErrorClass.BUFFER, () -> c.irecv(mine, c.rank(), 1)).getMessage();
                } catch (Exception e) {
                    message[0] = e.toString();
                }
            }).join();
            Check.that(message[0].contains("Arena.ofShared"), message[0]);
        }
    }

    private static void nio(IntraComm c) {
        ByteBuffer out = ByteBuffer.allocateDirect(16).put(3, (byte) 5).position(3).limit(5);
        ByteBuffer in = ByteBuffer.allocate(8).position(4);
        Status s = c.sendrecv(out, next(c), 1, in, previous(c), 1);
        Check.equal(2L, s.bytes(), "bytes");
        Check.equal((byte) 5, in.get(4), "first byte at the position");
        Check.equal(List.of(3, 5, 4, 8), List.of(out.position(), out.limit(), in.position(), in.limit()), "unchanged");
        IntBuffer ints = IntBuffer.wrap(new int[] {1, 2, 3}).position(1);
        DoubleBuffer d = DoubleBuffer.allocate(1);
        CharBuffer chars = CharBuffer.allocate(2);
        IntBuffer got = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder()).asIntBuffer();
        c.sendrecv(ints, next(c), 1, got, previous(c), 1);
        Check.equal(List.of(2, 3, 0), List.of(got.get(0), got.get(1), got.get(2)), "IntBuffer");
        c.sendrecv(DoubleBuffer.wrap(new double[] {2.5}), next(c), 1, d, previous(c), 1);
        Check.equal(2.5, d.get(0), "DoubleBuffer");
        c.sendrecv(CharBuffer.wrap(new char[] {'x', 'y'}), next(c), 1, chars, previous(c), 1);
        Check.equal("xy", chars.toString(), "CharBuffer");
    }

    private static void mixedKinds(IntraComm c) {
        int[] got = new int[2];
        Request r = c.irecv(got, previous(c), 1);
        c.send(IntBuffer.wrap(new int[] {4, 5}), next(c), 1);
        r.await();
        Check.equal(new int[] {4, 5}, got, "an IntBuffer received as int[]");
        r = c.irecv(MemorySegment.ofArray(got), previous(c), 1);
        c.send(new int[] {6, 7}, next(c), 1);
        r.await();
        Check.equal(new int[] {6, 7}, got, "an int[] received as segment");
    }

    private static void allocated(Mpi mpi, IntraComm c) throws Exception {
        for (long bytes : new long[] {0, 64, 1 << 20}) {
            MemorySegment out = mpi.allocate(bytes);
            MemorySegment in = mpi.allocate(bytes);
            Check.equal(bytes, in.byteSize(), "size");
            out.fill((byte) (c.rank() + 3));
            c.sendrecv(out, next(c), 1, in, previous(c), 1);
            for (long i = 0; i < bytes; i += 1021) {
                Check.that(in.get(ValueLayout.JAVA_BYTE, i) == (byte) (previous(c) + 3), "byte " + i);
            }
            c.barrier();
            mpi.free(out);
            mpi.free(in);
        }
        Check.fails(ErrorClass.ARG, () -> mpi.allocate(-1));
    }

    private static void refused(IntraComm c) throws Exception {
        int me = c.rank();
        Check.fails(ErrorClass.BUFFER, () -> c.send((int[]) null, me, 1));
        Check.fails(ErrorClass.BUFFER, () -> c.irecv((boolean[]) null, me, 1));
        Check.fails(ErrorClass.BUFFER, () -> c.recv((MemorySegment) null, me, 1));
        Check.fails(ErrorClass.BUFFER, () -> c.recv((ByteBuffer) null, me, 1));
        Check.fails(ErrorClass.BUFFER, () -> c.recv(ByteBuffer.allocate(4).asReadOnlyBuffer(), me, 1));
        Check.fails(ErrorClass.BUFFER, () -> c.recv(MemorySegment.ofArray(new byte[4]).asReadOnly(), me, 1));
        Request r = c.irecv(new byte[4], previous(c), 1);
        c.send(ByteBuffer.allocate(4).asReadOnlyBuffer(), next(c), 1);
        Check.equal(4L, r.await().bytes(), "read-only may be sent");
    }

    /** A buffer that goes away fails its request, and nothing else. */
    private static void closedArena(IntraComm c) throws Exception {
        Request receive;
        try (Arena arena = Arena.ofShared()) {
            receive = c.irecv(arena.allocate(8), previous(c), 1);
        }
        c.barrier();
        c.send(new long[] {1}, next(c), 1);
        Check.fails(ErrorClass.BUFFER, receive::await);
        MemorySegment gone;
        try (Arena arena = Arena.ofShared()) {
            gone = arena.allocate(8);
        }
        Check.fails(ErrorClass.BUFFER, () -> c.send(gone, next(c), 1));
        sendrecvAfterwards(c);
    }

    private static void sendrecvAfterwards(IntraComm c) {
        int[] got = new int[1];
        c.sendrecv(new int[] {3}, next(c), 1, got, previous(c), 1);
        Check.equal(3, got[0], "messages go on");
    }
}
