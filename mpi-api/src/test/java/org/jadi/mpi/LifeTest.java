package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.config.Config;
import org.jadi.bootstrap.LocalBootstrap;
import org.jadi.mpi.launch.LocalJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Begin and end of ranks, and what an exception in one of them does to the others. */
@Timeout(60)
@SuppressWarnings("try") // close is called by hand, because it is what is tested
class LifeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Mpi init(LocalBootstrap place) {
        return Mpi.init(place, Config.of(Map.of("device", "self")), "a", "b");
    }

    private static LocalJob.Failure run(int ranks, LocalJob.Body body) {
        return new LocalJob(ranks).run(LIMIT, null, body);
    }

    @Test
    void shouldKnowItsArguments() {
        assertNull(run(2, place -> {
            try (Mpi mpi = init(place)) {
                assertEquals("b", mpi.args()[1]);
            }
        }));
    }

    /** What could not be started is inactive, and nobody waits for it at the end. */
    @Test
    void shouldEndThoughAPersistentRequestCouldNotStart() {
        assertNull(run(1, place -> {
            try (Mpi mpi = init(place)) {
                Arena arena = Arena.ofShared();
                PersistentRequest send = mpi.world().sendInit(arena.allocate(8), 0, 1);
                arena.close();
                MpiException e = assertThrows(MpiException.class, send::start);
                assertEquals(ErrorClass.BUFFER, e.errorClass());
                assertFalse(send.isActive());
                send.free();
            }
        }));
    }

    @Test
    void closeShouldNotWaitForAPeerAndDeliverLater() {
        CountDownLatch closed = new CountDownLatch(1);
        int[] got = new int[100_000];
        assertNull(run(2, place -> {
            try (Mpi mpi = init(place)) {
                if (place.rank() == 0) {
                    // Freed, not complete: a message that needs the receiver.
                    mpi.world().isend(new int[] {42, 1}, 1, 1).free();
                    int[] data = new int[100_000];
                    data[99_999] = 7;
                    mpi.world().isend(data, 1, 2).free();
                    mpi.attachBuffer(1000);
                    mpi.world().bsend(new int[] {9}, 1, 3);
                    mpi.close();
                    closed.countDown();
                } else {
                    assertTrue(closed.await(10, TimeUnit.SECONDS), "close waited for a peer");
                    mpi.world().recv(got, 0, 1);
                    assertEquals(42, got[0]);
                    mpi.world().recv(got, 0, 3);
                    assertEquals(9, got[0]);
                    mpi.world().recv(got, 0, 2);
                    assertEquals(7, got[99_999]);
                }
            }
        }));
    }

    @Test
    void shouldRefuseCallsAfterClose() {
        assertNull(run(1, place -> {
            Mpi mpi = init(place);
            IntraComm world = mpi.world();
            Request open = world.irecv(new int[1], 0, 5);
            PersistentRequest persistent = world.sendInit(new int[1], 0, 1);
            mpi.close();
            mpi.close();
            assertTrue(!mpi.isOpen());
            for (Runnable call : new Runnable[] {() -> world.send(new int[1], 0, 1), () -> world.irecv(new int[1], 0, 1),
                () -> world.iprobe(0, 1), world::barrier, open::await, open::test, persistent::start,
                () -> mpi.attachBuffer(1), () -> mpi.allocate(1), () -> world.sendObject("x", 0, 1),
                () -> Request.awaitAny(open)}) {
                MpiException e = assertThrows(MpiException.class, call::run);
                assertEquals(ErrorClass.OTHER, e.errorClass());
                assertTrue(e.getMessage().contains("no call may follow Mpi.close()"), e.getMessage());
            }
        }));
    }

    @Test
    void shouldEndTheOthersWhenOneThrows() {
        long begin = System.nanoTime();
        LocalJob.Failure f = run(4, place -> {
            try (Mpi mpi = init(place)) {
                IntraComm world = mpi.world();
                world.barrier();
                switch (place.rank()) {
                    case 0 -> throw new IllegalStateException("rank 0 fails");
                    case 1 -> world.recv(new int[1], 2, 1);
                    case 2 -> world.recv(new int[1], Comm.ANY_SOURCE, 1);
                    default -> {
                        return; // waits in close, for its thread only
                    }
                }
            }
        });
        assertNotNull(f);
        assertEquals(0, f.rank());
        assertEquals("rank 0 fails", f.cause().getMessage());
        assertTrue(!f.stuck() && System.nanoTime() - begin < 4_000_000_000L, "the others did not end: " + f);
    }

    @Test
    void shouldEndTheOthersWhenOneThrowsInASynchronousSendOrAProbeOfTheirs() {
        LocalJob.Failure f = run(4, place -> {
            try (Mpi mpi = init(place)) {
                IntraComm world = mpi.world();
                switch (place.rank()) {
                    case 0 -> throw new IllegalStateException("rank 0 fails");
                    case 1 -> world.ssend(new int[1], 2, 1);
                    case 2 -> world.mprobe(0, 1);
                    default -> world.barrier();
                }
            }
        });
        assertTrue(f != null && f.rank() == 0 && !f.stuck(), "" + f);
    }

    @Test
    void shouldFailWhatWaitsForARankThatHasEnded() {
        LocalJob.Failure f = run(2, place -> {
            try (Mpi mpi = init(place)) {
                mpi.world().barrier();
                if (place.rank() == 1) {
                    MpiException e = assertThrows(MpiException.class, () -> mpi.world().recv(new int[1], 0, 1));
                    assertEquals(ErrorClass.PROC_FAILED, e.errorClass());
                    assertTrue(e.getMessage().contains("has closed the library"), e.getMessage());
                }
            }
        });
        assertNull(f, () -> "" + f);
    }

    @Test
    void shouldSeeARankThatEndsWithoutClose() {
        LocalJob.Failure f = run(2, place -> {
            Mpi mpi = init(place);
            mpi.world().barrier();
            if (place.rank() == 1) {
                mpi.close();
            }
        });
        assertTrue(f != null && f.rank() == 0 && f.cause().getMessage().contains("without Mpi.close()"), "" + f);
    }

    @Test
    void shouldNameWhatCannotBeOpened() {
        LocalJob.Failure f = run(1, place -> {
            MpiException e = assertThrows(MpiException.class, () -> Mpi.init(place, Config.of(Map.of("objects.filter", "maxdepth=x"))));
            assertTrue(e.getMessage().contains("rank 0 of 1"), e.getMessage());
        });
        assertNull(f, () -> "" + f);
    }
}
