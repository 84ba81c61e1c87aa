package org.jadi.scopes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.placement.HelperSite;
import org.jadi.adi.placement.ThreadPlacement;
import org.jadi.adi.placement.ThreadPlacement.Decision;
import org.jadi.adi.placement.ThreadPlacement.Kind;
import org.jadi.adi.placement.ThreadPlacement.Place;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.topology.CpuSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On this machine, with at least two CPUs. */
@Timeout(120)
class HelperPlacementTest {
    private final ThreadBinder binder = ThreadBinder.ofThisProcess();
    private CpuSet all;

    @BeforeEach
    void needsTwoCpus() {
        assumeTrue(binder != null, "threads cannot be bound here");
        all = binder.launchMask();
        assumeTrue(all.count() > 1, "one CPU only");
    }

    /** Places a thread that a bound thread starts; returns what was decided and where it then is. */
    private Object[] place(Kind kind, String choice, String utility, String bound, int localSize, int cpus) throws Exception {
        ThreadPlacement service = ServiceLoader.load(ThreadPlacement.class).findFirst().orElseThrow();
        CompletableFuture<Object[]> result = new CompletableFuture<>();
        try (Binding inherited = binder.push(CpuSet.of(all.last()))) {
            assertNotNull(inherited);
            Thread.ofPlatform().start(() -> {
                BlockingQueue<Decision> decided = new LinkedBlockingQueue<>();
                try (Place place = service.place(kind, new HelperSite(0, localSize, cpus, choice, utility, bound), decided::add)) {
                    assertNotNull(place);
                    Decision decision = decided.poll(60, TimeUnit.SECONDS);
                    result.complete(new Object[] {decision, binder.current()});
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        }
        return result.get(90, TimeUnit.SECONDS);
    }

    private static Decision decision(Object[] result) {
        return (Decision) result[0];
    }

    @Test
    void shouldGiveASleepingThreadAllCpusOfItsRank() throws Exception {
        Object[] result = place(Kind.BLOCKING, "auto", "", "", 1, 2);
        assertEquals(all, result[1], decision(result).reason());
    }

    @Test
    void shouldUseWhatIsSetAside() throws Exception {
        String first = String.valueOf(all.first());
        assertEquals(CpuSet.parse(first), place(Kind.BLOCKING, "auto", first, "", 1, 2)[1]);
        Object[] result = place(Kind.POLLING, "auto", first, "", 1, 2);
        assertEquals(CpuSet.parse(first), result[1]);
        assertTrue(decision(result).maySpin());
    }

    @Test
    void shouldNeitherPinNorSpinWithoutACpuToSpare() throws Exception {
        Object[] result = place(Kind.POLLING, "auto", "", "", all.count(), all.count());
        assertEquals(all, result[1], decision(result).reason());
        assertFalse(decision(result).maySpin());
    }

    @Test
    void shouldBindFromOutsideWhatNeedsAPictureOfTheMachine() throws Exception {
        Object[] result = place(Kind.POLLING, "core", "", "", 1, all.count());
        CpuSet core = Scopes.open().topology().cores(all).getLast();
        assertEquals(core, result[1], decision(result).reason());
    }

    @Test
    void shouldNotPinAmongRanksThatAreNotBound() throws Exception {
        assumeTrue(all.containsAll(Scopes.open().topology().allowed()), "these tests run bound");
        Object[] result = place(Kind.POLLING, "auto", "", "", 1, all.count());
        assertEquals(all, result[1]);
        assertTrue(decision(result).maySpin(), decision(result).reason());
    }

    @Test
    void shouldGoOnWhereTheKernelRefuses() throws Exception {
        Object[] result = place(Kind.POLLING, "99999", "", "", 1, all.count());
        assertTrue(decision(result).reason().contains("not pinned"), decision(result).reason());
        assertFalse(decision(result).maySpin());
    }
}
