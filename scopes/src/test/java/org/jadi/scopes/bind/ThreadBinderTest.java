package org.jadi.scopes.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jadi.scopes.error.BindException;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.load.Topologies;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On this machine, with at least two CPUs; what the kernel did is read from its own files. */
@Timeout(120)
class ThreadBinderTest {
    private final ThreadBinder binder = ThreadBinder.of(Topologies.of(new LoadOptions("none", "this")).local());
    private CpuSet all;
    private CpuSet first;
    private CpuSet last;

    @BeforeEach
    void needsTwoCpus() {
        assumeTrue(binder.isReal(), binder.problem());
        all = binder.current();
        assumeTrue(all.count() > 1, "one CPU only");
        first = CpuSet.of(all.first());
        last = CpuSet.of(all.last());
    }

    private static CpuSet seenByKernel(long thread) {
        try {
            return CpuSet.parse(Files.readAllLines(Path.of("/proc/self/task/" + thread + "/status")).stream()
                    .filter(l -> l.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private CpuSet seenByKernel() {
        return seenByKernel(binder.threadId());
    }

    @Test
    void shouldNestBindings() {
        try (Binding outer = binder.push(first)) {
            assertEquals(first, seenByKernel());
            try (Binding inner = binder.push(last)) {
                assertEquals(last, seenByKernel());
                assertEquals(first, inner.previous());
                assertEquals(last, binder.current());
            }
            assertEquals(first, seenByKernel());
            assertEquals(all, outer.previous());
        }
        assertEquals(all, seenByKernel());
        assertNull(binder.innermost());
    }

    @Test
    void shouldGiveBackAfterAnException() {
        assertThrows(ArithmeticException.class, () -> {
            try (Binding binding = binder.push(first)) {
                throw new ArithmeticException(binding.toString());
            }
        });
        assertEquals(all, seenByKernel());
    }

    @Test
    void shouldRefuseTheWrongOrderAndTheWrongThread() throws Exception {
        Binding outer = binder.push(first);
        Binding inner = binder.push(last);
        assertThrows(IllegalStateException.class, outer::close);
        String message = CompletableFuture.supplyAsync(() -> assertThrows(IllegalStateException.class, inner::close).getMessage())
                .get(30, TimeUnit.SECONDS);
        assertTrue(message.contains("thread=" + Thread.currentThread().getName()), message);
        assertEquals(last, seenByKernel());
        inner.close();
        inner.close();
        outer.close();
        outer.close();
        assertEquals(all, seenByKernel());
        assertThrows(IllegalStateException.class, inner::refresh);
    }

    @Test
    void shouldLeaveTheThreadAsItIsWhereTheKernelRefuses() {
        CpuSet absent = CpuSet.of(all.last() + 1000);
        BindException none = assertThrows(BindException.class, () -> binder.push(absent));
        assertEquals(22, none.errno());
        assertEquals(absent, none.cpus());
        BindException some = assertThrows(BindException.class, () -> binder.push(first.or(absent)));
        assertTrue(some.getMessage().contains("taken=" + first), some.getMessage());
        assertThrows(IllegalStateException.class, () -> binder.push(CpuSet.EMPTY));
        assertEquals(all, seenByKernel());
        assertNull(binder.innermost());
        try (Binding binding = binder.push(() -> absent, BindMode.IF_SUPPORTED)) {
            assertTrue(binding.problem().orElseThrow().contains("errno=22"));
            assertEquals(all, binding.cpus());
            assertEquals(all, seenByKernel());
        }
    }

    @Test
    void shouldTakeOverAChange() {
        AtomicReference<CpuSet> target = new AtomicReference<>(first);
        try (Binding binding = binder.push(target::get, BindMode.STRICT)) {
            target.set(last);
            assertEquals(first, seenByKernel());
            binding.refresh();
            assertEquals(last, seenByKernel());
            target.set(CpuSet.of(all.last() + 1000));
            assertThrows(BindException.class, binding::refresh);
            assertEquals(last, seenByKernel());
        }
        assertEquals(all, seenByKernel());
    }

    @Test
    void shouldRefuseVirtualThreads() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual().start(() -> {
            try {
                binder.push(first);
            } catch (Throwable e) {
                thrown.set(e);
            }
        }).join();
        assertTrue(thrown.get() instanceof UnsupportedOperationException, String.valueOf(thrown.get()));
        assertTrue(thrown.get().getMessage().contains("platform thread"), thrown.get().getMessage());
    }

    @Test
    void shouldBindAnotherThreadByItsNumber() throws Exception {
        CompletableFuture<Long> number = new CompletableFuture<>();
        CompletableFuture<Void> go = new CompletableFuture<>();
        CompletableFuture<CpuSet> seen = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            number.complete(binder.threadId());
            go.join();
            seen.complete(seenByKernel());
        });
        long id = number.get(30, TimeUnit.SECONDS);
        binder.bind(id, last);
        assertEquals(last, binder.bound(id));
        assertEquals(last, seenByKernel(id));
        assertThrows(BindException.class, () -> binder.bind(id, CpuSet.of(all.last() + 1000)));
        go.complete(null);
        assertEquals(last, seen.get(30, TimeUnit.SECONDS));
        thread.join();
        while (!binder.bound(id).isEmpty()) {
            Thread.onSpinWait(); // the kernel's thread ends a little after Java's
        }
        assertEquals(3, assertThrows(BindException.class, () -> binder.bind(id, first)).errno());
        assertEquals(all, seenByKernel());
    }

    @Test
    void shouldStartThreadsWithTheirOwnMaskWhoeverStartsThem() throws Exception {
        try (Binding binding = binder.push(first)) {
            assertEquals(first, maskOf(Thread.ofPlatform()::unstarted), "a plain thread inherits: why factories are needed");
            assertEquals(last, maskOf(binder.threadFactory("worker", () -> last)::newThread));
            assertEquals(binder.launchMask(), maskOf(binder.unboundThreadFactory("helper")::newThread));
            assertEquals(first, binding.cpus());
        }
    }

    private CpuSet maskOf(java.util.function.Function<Runnable, Thread> factory) throws Exception {
        CompletableFuture<CpuSet> mask = new CompletableFuture<>();
        Supplier<CpuSet> look = this::seenByKernel;
        Thread thread = factory.apply(() -> mask.complete(look.get()));
        thread.start();
        thread.join();
        return mask.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldHandTheMaskDownToAProcess() throws Exception {
        Process process;
        try (Binding binding = binder.push(last)) {
            assertEquals(last, binding.cpus());
            process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xint", "-cp",
                    System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED", Child.class.getName()).start();
        }
        try (BufferedReader lines = process.inputReader()) {
            assertEquals(List.of("launch " + last, "cpus 1"), lines.lines().toList());
        }
        assertEquals(0, process.waitFor());
        assertEquals(all, seenByKernel());
    }

    @Test
    void shouldKnowTheMaskOfTheStartWhateverIsBoundLater() throws Exception {
        Process process = new ProcessBuilder("taskset", "-c", last.toString(),
                ProcessHandle.current().info().command().orElseThrow(), "-Xint", "-cp", System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED", Child.class.getName()).start();
        try (BufferedReader lines = process.inputReader()) {
            assertEquals(List.of("launch " + last, "cpus 1"), lines.lines().toList());
        }
        assertEquals(0, process.waitFor());
    }

    /** What a started process sees. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Topology here = Topologies.of(new LoadOptions("none", "this")).local();
            System.out.println("launch " + ThreadBinder.of(here).launchMask());
            System.out.println("cpus " + Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void shouldRecordWhatItWouldBindOnAnotherMachine() {
        Topology other = Machines.file("container");
        ThreadBinder recorder = ThreadBinder.of(other);
        assertFalse(recorder.isReal());
        assertEquals(other.allowed(), recorder.current());
        try (Binding binding = recorder.push(CpuSet.of(9))) {
            assertEquals(CpuSet.of(9), recorder.current());
            assertEquals(CpuSet.of(9), recorder.bound(recorder.threadId()));
            assertThrows(BindException.class, () -> recorder.push(CpuSet.of(15)));
            assertEquals(other.allowed(), binding.previous());
        }
        assertEquals(other.allowed(), recorder.current());
        assertEquals(all, seenByKernel());
    }
}
