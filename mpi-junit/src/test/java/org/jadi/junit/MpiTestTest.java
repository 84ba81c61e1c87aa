package org.jadi.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

@Timeout(60)
class MpiTestTest {
    /** What users write; run by the tests below. */
    static class Users {
        static final AtomicInteger RUNS = new AtomicInteger();

        @MpiTest(ranks = {1, 3})
        void good(Mpi mpi, IntraComm world) {
            assertEquals(world.rank(), mpi.world().rank());
            world.barrier();
            RUNS.incrementAndGet();
        }

        @MpiTest(ranks = 3)
        void oneThrowsWhileOthersReceive(Comm world) {
            if (world.rank() == 1) {
                throw new IllegalStateException("rank 1 has had enough");
            }
            world.recv(new int[1], world.rank() == 0 ? 2 : Comm.ANY_SOURCE, 5);
        }

        @MpiTest(ranks = 2, timeoutSeconds = 1)
        void hangs(Comm world) {
            world.recv(new int[1], 1 - world.rank(), 77);
        }
    }

    @Test
    void shouldRunTheBodyOnEveryRankOfEverySize() {
        Users.RUNS.set(0);
        EngineTestKit.engine("junit-jupiter").selectors(selectMethod(Users.class, "good", Mpi.class.getName() + ","
                + IntraComm.class.getName())).execute().testEvents().assertStatistics(s -> s.succeeded(2).failed(0));
        assertEquals(4, Users.RUNS.get());
    }

    @Test
    void shouldFailWithTheFirstFailureAndEndTheOthers() {
        long begin = System.nanoTime();
        Throwable failure = failureOf("oneThrowsWhileOthersReceive");
        assertTrue(failure.getMessage().contains("rank 1 of 3"), failure.getMessage());
        assertEquals("rank 1 has had enough", failure.getCause().getMessage());
        assertTrue(System.nanoTime() - begin < 4_000_000_000L, "the others were given up at once");
    }

    @Test
    void shouldFailWithStacksAndStateAtTheTimeLimit() {
        String message = failureOf("hangs").getMessage();
        assertTrue(message.contains("the time limit of 1 s is over"), message);
        assertTrue(message.contains("rank 0 of 2") && message.contains("tag=77"), message);
        assertTrue(message.contains("\"rank-1\"") && message.contains("MpiTestTest"), message);
    }

    private static Throwable failureOf(String method) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectMethod(Users.class, method, Comm.class.getName()))
                .execute().testEvents().filter(e -> e.getType() == EventType.FINISHED)
                .map(MpiTestTest::cause).findFirst().orElseThrow();
    }

    private static Throwable cause(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }
}
