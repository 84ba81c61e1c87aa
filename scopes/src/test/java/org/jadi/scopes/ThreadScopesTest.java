package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jadi.scopes.error.BindException;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Mapping;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThreadScopesTest {
    private final Scopes scopes = Scopes.open(ScopesOptions.on("xml:" + Machines.path("smt-scrambled")));

    @Test
    void shouldRunWorkersBoundToTheirPieces() {
        CpuSet[] seen = new CpuSet[4];
        ThreadScopes threads = scopes.user().threadsAt(HwType.L3, 4, Mapping.PACKED);
        threads.run(i -> {
            seen[i] = scopes.current();
            Scope mine = threads.scope(i);
            assertEquals(i, mine.rank());
            assertEquals(4, mine.size());
            mine.barrier();
            Scope pair = mine.split(2, Color.of(i / 2));
            assertEquals(i % 2, pair.rank());
            pair.barrier();
        });
        assertEquals(List.of("0-1,8-9", "2-3,10-11", "4-5,12-13", "6-7,14-15"), List.of(seen).stream().map(CpuSet::toString).toList());
    }

    @Test
    void shouldPlaceThreadsByMapping() {
        ThreadScopes scattered = scopes.user().threads(16, Mapping.PACKED);
        assertEquals(CpuSet.of(8), scattered.scope(1).cpus());
        ThreadScopes more = scopes.user().threads(20, Mapping.PACKED);
        assertEquals(16, IntStream.range(0, 20).mapToObj(i -> more.scope(i).cpus()).distinct().count(), "more threads than CPUs share");
    }

    @Test
    void shouldTellTheOthersWhenOneFails() {
        ThreadScopes threads = scopes.user().threads(3, Mapping.PACKED);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> threads.run(i -> {
            if (i == 1) {
                throw new IllegalStateException("thread 1 does not want to");
            }
            threads.scope(i).barrier();
        }));
        assertEquals("thread 1 does not want to", e.getMessage());
        assertEquals(2, e.getSuppressed().length);
        assertEquals(ErrorCode.TRANSPORT, ((ScopeException) e.getSuppressed()[0]).code());
    }

    @Test
    void shouldKeepAPoolBound() throws Exception {
        ThreadScopes threads = scopes.user().threadsAt(HwType.CORE, 8, Mapping.PACKED);
        Set<CpuSet> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(8);
        try (ExecutorService pool = threads.executor()) {
            for (int i = 0; i < 8; i++) {
                pool.submit(() -> {
                    seen.add(scopes.current());
                    all.countDown();
                    return all.await(60, TimeUnit.SECONDS);
                }).state();
            }
            assertTrue(all.await(60, TimeUnit.SECONDS));
        }
        assertEquals(Set.copyOf(scopes.topology().cores(scopes.topology().cpus())), seen);
    }

    @Test
    void shouldRegisterThreadsThatThereAre() throws Exception {
        ThreadScopes threads = scopes.user().threadsAt(HwType.PACKAGE, 2, Mapping.PACKED);
        try (ThreadScopes.Registration mine = threads.registerAny()) {
            assertEquals(0, mine.rank());
            assertSame(threads.scope(0), mine.scope());
            assertEquals(threads.scope(0).cpus(), scopes.current());
            assertThrows(IllegalStateException.class, () -> threads.register(0));
            try (ThreadScopes.Registration second = threads.registerAny()) {
                assertEquals(1, second.rank());
                assertThrows(IllegalStateException.class, threads::registerAny);
            }
            CompletableFuture.runAsync(() -> assertThrows(IllegalStateException.class, mine::close)).get(60, TimeUnit.SECONDS);
        }
        assertEquals(scopes.topology().cpus(), scopes.current());
        threads.register(0).close();
    }

    @Test
    void shouldRegisterOtherThreadsByTheirNumber() throws Exception {
        try (Scopes here = Scopes.open(new ScopesOptions(new LoadOptions("none", "this"), "auto", CpuSet.EMPTY, "process"))) {
            ThreadScopes threads = here.user().threads(1, Mapping.PACKED);
            CompletableFuture<Long> number = new CompletableFuture<>();
            CountDownLatch end = new CountDownLatch(1);
            Thread other = Thread.ofPlatform().start(() -> {
                number.complete(here.binder().threadId());
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            long id = number.get(60, TimeUnit.SECONDS);
            CpuSet before = here.binder().bound(id);
            ThreadScopes.Outside outside = threads.register(0, id);
            assertEquals(threads.scope(0).cpus(), here.binder().bound(id));
            assertThrows(IllegalStateException.class, () -> threads.register(0));
            outside.close();
            assertEquals(before, here.binder().bound(id));
            end.countDown();
            other.join();
            if (here.binder().isReal()) {
                while (!here.binder().bound(id).isEmpty()) {
                    Thread.onSpinWait(); // the kernel's thread ends a little after Java's
                }
                assertThrows(BindException.class, () -> threads.register(0, id));
            }
        }
    }
}
