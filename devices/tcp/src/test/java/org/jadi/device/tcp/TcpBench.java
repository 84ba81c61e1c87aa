package org.jadi.device.tcp;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.InboundHandler;
import org.jadi.bootstrap.JobSecret;

/**
 * Two processes over loopback, the device alone: half round trips and message rate. Run
 * {@code TcpBench FOLDER RANK SECRET_HEX [heap|native] [key=value ...]} twice, or through {@code bench.sh} beside the
 * module. Send buffers are rewritten in each iteration, and the bytes that arrive are checked.
 */
final class TcpBench implements InboundHandler {
    private static final int[] SIZES = {8, 2048, 16 << 10, 64 << 10, 1 << 20};
    private static final int WINDOW = 64;

    private final TestRank me;
    private final Endpoint peer;
    private final MemorySegment out;
    private final MemorySegment in;
    private final int most;
    private final int chunk;
    private long arrivedBytes;

    private TcpBench(TestRank me, boolean heap) {
        this.me = me;
        this.most = me.device.limits().maxPayloadBytes();
        this.chunk = me.device.limits().chunkBytes();
        this.out = heap ? MemorySegment.ofArray(new byte[1 << 20]) : Arena.global().allocate(1 << 20, 64);
        this.in = heap ? MemorySegment.ofArray(new byte[1 << 20]) : Arena.global().allocate(1 << 20, 64);
        me.sink = this;
        this.peer = me.device.connect(1 - me.rank());
    }

    /** Entry. */
    public static void main(String[] args) throws IOException {
        int rank = Integer.parseInt(args[1]);
        Map<String, String> values = new HashMap<>();
        for (int i = 4; i < args.length; i++) {
            values.put(args[i].substring(0, args[i].indexOf('=')), args[i].substring(args[i].indexOf('=') + 1));
        }
        TestRank.Job job = new TestRank.Job(2, JobSecret.fromHex(args[2]), new HashMap<>());
        TestRank me = new TestRank(job, rank, values);
        Path folder = Path.of(args[0]);
        Files.write(folder.resolve("t" + rank), me.device.address());
        Files.move(folder.resolve("t" + rank), folder.resolve("a" + rank));
        while (!Files.exists(folder.resolve("a" + (1 - rank)))) {
            Thread.onSpinWait();
        }
        job.addresses().put(1 - rank, Files.readAllBytes(folder.resolve("a" + (1 - rank))));
        TcpBench bench = new TcpBench(me, args[3].equals("heap"));
        for (int size : SIZES) {
            bench.latency(size);
        }
        bench.rate(8);
        bench.rate(1024);
        bench.sendMessage(8, 1);
        bench.receive(8, 1);
        me.close();
    }

    private void latency(int size) {
        int rounds = size <= 16384 ? 20_000 : size <= 65536 ? 10_000 : 1500;
        long[] ns = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            if (me.rank() == 0) {
                sendMessage(size, (byte) i);
                receive(size, (byte) i);
            } else {
                receive(size, (byte) i);
                sendMessage(size, (byte) i);
            }
            ns[i] = System.nanoTime() - start;
        }
        report("latency " + size + " B, half round trip us", Arrays.copyOfRange(ns, rounds / 3, rounds), 2000.0);
    }

    private void rate(int size) {
        int rounds = 4000;
        long[] ns = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            if (me.rank() == 0) {
                for (int w = 0; w < WINDOW; w++) {
                    sendMessage(size, (byte) i);
                }
                receive(8, (byte) i);
            } else {
                for (int w = 0; w < WINDOW; w++) {
                    receive(size, (byte) i);
                }
                sendMessage(8, (byte) i);
            }
            ns[i] = System.nanoTime() - start;
        }
        report("rate " + size + " B, us per message, window " + WINDOW, Arrays.copyOfRange(ns, rounds / 3, rounds), WINDOW * 1000.0);
    }

    /** As the engine does: eager in one packet, longer in chunks. */
    private void sendMessage(int size, int mark) {
        out.asSlice(0, size).fill((byte) mark);
        int step = size <= me.device.limits().eagerLimitBytes() ? most : chunk;
        for (int at = 0; at < size; at += step) {
            int n = Math.min(step, size - at);
            while (peer.trySend(at, size, 0, 0, out, at, n) != Endpoint.SENT) {
                me.device.progress();
            }
        }
    }

    private void receive(int size, int mark) {
        while (arrivedBytes < size) {
            if (me.device.progress() == 0) {
                if (!me.failures.isEmpty()) {
                    throw new IllegalStateException(me.failures.toString());
                }
                Thread.onSpinWait();
            }
        }
        arrivedBytes -= size;
        byte last = in.get(ValueLayout.JAVA_BYTE, size - 1);
        if (last != (byte) mark && size > 2048) {
            throw new AssertionError("wrong data: " + last + " for " + mark);
        }
    }

    private void report(String what, long[] ns, double divisor) {
        if (me.rank() == 0) {
            Arrays.sort(ns);
            System.out.printf("%-45s p10 %8.2f  p50 %8.2f  p99 %8.2f%n", what, ns[ns.length / 10] / divisor,
                    ns[ns.length / 2] / divisor, ns[ns.length * 99 / 100] / divisor);
        }
    }

    @Override
    public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        MemorySegment.copy(payload, offset, in, h0, length);
        arrivedBytes += length;
    }

    @Override
    public void onPeerFailed(int rank, String reason) {
        throw new IllegalStateException(reason);
    }
}
