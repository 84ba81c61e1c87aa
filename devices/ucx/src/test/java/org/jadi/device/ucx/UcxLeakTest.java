package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.MemoryRegistration;
import org.jadi.adi.device.SharedMemory;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.jadi.testkit.contract.Lane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A million messages leave nothing behind, neither in the heap nor in native memory, nor references of JNI, registered memory,
 * mappings or file descriptors; the direct calls allocate nothing on the way.
 */
@TimeLimit(300)
class UcxLeakTest {
    /** Direct calls, and no mailboxes. */
    private static final String ALL_BY_UCX = "ffm-messages";

    private static final int MESSAGES = 1_000_000;
    private static final int WARM_UP = 30_000;
    private static final int BULKS = MESSAGES / 50;
    private static final int REGISTRATIONS = 100_000;
    private static final int BULK_BYTES = 32 << 10;
    private static final long MOST_HEAP_GROWTH = 2 << 20;
    private static final int MOST_BYTES_PER_MESSAGE = 1;

    /** What the JVM needs for itself meanwhile. */
    private static final long MOST_MALLOC_GROWTH = 4L << 20;

    private static final long SETTLE_NS = 20_000_000_000L;
    private static final int FEW = 8;

    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    private static DeviceGroup group(String how) {
        boolean mailboxes = !how.equals(ALL_BY_UCX);
        return new DeviceGroup(new UcxDeviceProvider(), Config.of(Map.of("ucx.tls", "posix", "ucx.binding", mailboxes ? how : "ffm",
                "ucx.mailboxBytes", mailboxes ? "256k" : "0")), 2).wire();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffm", ALL_BY_UCX, "jucx"})
    void shouldLeaveNothingBehind(String binding) throws Exception {
        try (DeviceGroup group = group(binding)) {
            Lane lane = group.lane(0, 1);
            group.inbox(1).tap((rank, h0, h1, h2, h3, payload, offset, length) -> true);
            MemorySegment memory = Arena.ofAuto().allocate(8192);
            exchange(group, lane, memory, WARM_UP);
            Held before = Held.now();
            long allocated = allocatedByThisThread();
            exchange(group, lane, memory, MESSAGES);
            allocated = allocatedByThisThread() - allocated;
            System.out.println(binding + ": messages=" + MESSAGES + " allocated=" + allocated);
            before.assertNoMore(binding);
            assertTrue(binding.equals("jucx") || allocated < (long) MESSAGES * MOST_BYTES_PER_MESSAGE,
                    "allocated bytes=" + allocated + " for messages=" + MESSAGES);
        }
    }

    /** Long data into memory that is registered for it, out of memory that peers are told of, and both gone again. */
    @ParameterizedTest
    @ValueSource(strings = {"ffm", "jucx"})
    void shouldForgetRegisteredMemory(String binding) throws Exception {
        try (DeviceGroup group = group(binding)) {
            group.device(0).connect(1);
            group.device(1).connect(0);
            MemorySegment target = Arena.ofAuto().allocate(BULK_BYTES);
            transfer(group, target, BULKS / 20);
            Held before = Held.now();
            transfer(group, target, BULKS);
            MemoryRegistration registration = group.device(1).capability(MemoryRegistration.class);
            for (int i = 0; i < REGISTRATIONS; i++) {
                registration.unregister(registration.register(target));
            }
            System.out.println(binding + ": transfers=" + BULKS + " registrations=" + (BULKS + REGISTRATIONS));
            before.assertNoMore(binding);
        }
    }

    /** Memory of Mpi.allocate to registered memory, as persistent requests have it. */
    @Test
    void shouldAllocateNothingForLongData() {
        try (DeviceGroup group = group("ffm")) {
            group.device(0).connect(1);
            group.device(1).connect(0);
            MemorySegment target = Arena.ofAuto().allocate(BULK_BYTES);
            MemorySegment source = group.device(0).capability(SharedMemory.class).allocate(BULK_BYTES);
            Object token = group.device(1).capability(MemoryRegistration.class).register(target);
            move(group, source, target, BULKS);
            long allocated = allocatedByThisThread();
            move(group, source, target, BULKS);
            allocated = allocatedByThisThread() - allocated;
            System.out.println("long data: transfers=" + BULKS + " allocated=" + allocated);
            assertTrue(allocated < (long) BULKS * MOST_BYTES_PER_MESSAGE, "allocated bytes=" + allocated + " for transfers=" + BULKS);
            group.device(1).capability(MemoryRegistration.class).unregister(token);
            group.device(0).capability(SharedMemory.class).free(source);
        }
    }

    private static void move(DeviceGroup group, MemorySegment source, MemorySegment target, int transfers) {
        BulkTransfer out = group.device(0).capability(BulkTransfer.class);
        BulkTransfer in = group.device(1).capability(BulkTransfer.class);
        int[] ended = {0};
        BulkTransfer.Ended count = (what, done) -> ended[0] += done ? 1 : 1 << 20;
        for (int i = 0; i < transfers; i++) {
            ended[0] = 0;
            assertTrue(out.canMove(source) && in.canMove(target));
            in.receive(0, i, target, 0, BULK_BYTES, count, null);
            out.send(1, i, source, 0, BULK_BYTES, count, null);
            while (ended[0] < 2) {
                group.device(0).progress();
                group.device(1).progress();
            }
            assertEquals(2, ended[0]);
        }
    }

    private static void transfer(DeviceGroup group, MemorySegment target, int transfers) {
        MemoryRegistration registration = group.device(1).capability(MemoryRegistration.class);
        BulkTransfer out = group.device(0).capability(BulkTransfer.class);
        BulkTransfer in = group.device(1).capability(BulkTransfer.class);
        SharedMemory shared = group.device(0).capability(SharedMemory.class);
        MemorySegment unshared = Arena.ofAuto().allocate(BULK_BYTES);
        int[] ended = {0};
        BulkTransfer.Ended count = (what, done) -> ended[0] += done ? 1 : 1 << 20;
        for (int i = 0; i < transfers; i++) {
            Object token = registration.register(target);
            MemorySegment source = shared == null ? unshared : shared.allocate(BULK_BYTES);
            in.receive(0, i, target, 0, BULK_BYTES, count, null);
            out.send(1, i, source, 0, BULK_BYTES, count, null);
            group.pumpUntil("both ends of transfer " + i, () -> ended[0] >= 2);
            assertEquals(2, ended[0]);
            ended[0] = 0;
            registration.unregister(token);
            if (shared != null) {
                shared.free(source);
            }
        }
    }

    /** Every fourth message is long enough to be kept where UCX put it. */
    private static void exchange(DeviceGroup group, Lane lane, MemorySegment memory, int messages) {
        Endpoint endpoint = lane.endpoint();
        for (int i = 0; i < messages; i++) {
            int length = (i & 3) == 0 ? 4000 : 8;
            while (endpoint.trySend(1, 2, 3, 4, memory, 0, length) != Endpoint.SENT) {
                group.device(0).progress();
                group.device(1).progress();
            }
            group.device(1).progress();
        }
    }

    private static long allocatedByThisThread() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /**
     * What this process holds.
     *
     * @param references global and weak ones of JNI
     * @param mallocBytes in use in all arenas of malloc
     */
    private record Held(long heapBytes, int references, int descriptors, int mappings, long mallocBytes) {
        private static final Pattern REFERENCES = Pattern.compile("JNI global refs: (\\d+), weak refs: (\\d+)");

        static Held now() throws Exception {
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                System.gc();
                heap = Math.min(heap, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            }
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd")); Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return new Held(heap, countReferences(), (int) files.count(), (int) maps.count(), inUse());
            }
        }

        /** The end of a thread dump says it. */
        private static int countReferences() throws Exception {
            String dump = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint", new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
            Matcher m = REFERENCES.matcher(dump);
            assertTrue(m.find(), dump);
            return Integer.parseInt(m.group(1)) + Integer.parseInt(m.group(2));
        }

        /** {@code mallinfo2}: ten numbers, the fifth of bytes in mappings of their own, the eighth of bytes in use otherwise. */
        @SuppressWarnings("restricted")
        private static long inUse() throws Exception {
            Linker linker = Linker.nativeLinker();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = (MemorySegment) linker.downcallHandle(linker.defaultLookup().find("mallinfo2").orElseThrow(),
                        FunctionDescriptor.of(MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG))))
                        .invokeExact((SegmentAllocator) arena);
                return info.getAtIndex(ValueLayout.JAVA_LONG, 4) + info.getAtIndex(ValueLayout.JAVA_LONG, 7);
            } catch (Throwable e) {
                throw new IllegalStateException("mallinfo2", e);
            }
        }

        void assertNoMore(String binding) throws Exception {
            Held after = now();
            long end = System.nanoTime() + SETTLE_NS;
            while ((after.heapBytes - heapBytes >= MOST_HEAP_GROWTH || after.mallocBytes - mallocBytes >= MOST_MALLOC_GROWTH)
                    && System.nanoTime() - end < 0) {
                Thread.sleep(200); // cleaners catch up, and the JVM's compiler gives back what it worked with
                after = now();
            }
            System.out.println(binding + ": before " + this + ", after " + after);
            assertTrue(after.heapBytes - heapBytes < MOST_HEAP_GROWTH, "heap: before " + this + ", after " + after);
            assertTrue(after.references <= references + FEW, "references of JNI: before " + this + ", after " + after);
            assertTrue(after.descriptors <= descriptors + 2, "descriptors: before " + this + ", after " + after);
            assertTrue(after.mappings <= mappings + 4 * FEW, "mappings: before " + this + ", after " + after);
            assertTrue(after.mallocBytes - mallocBytes < MOST_MALLOC_GROWTH, "memory of malloc: before " + this + ", after " + after);
        }
    }
}
