package org.jadi.adi.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jadi.adi.config.Config;
import org.jadi.adi.placement.ThreadPlacement.Decision;
import org.jadi.adi.placement.ThreadPlacement.Kind;
import org.jadi.adi.stats.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlacedThreadsTest {
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Log log = new Log() {
        @Override
        public void warn(String message) {
            lines.add("warn " + message);
        }

        @Override
        public void info(String message) {
            lines.add(message);
        }
    };

    private ThreadPlacement service() {
        return (kind, site, decided) -> {
            events.add(kind + " on " + Thread.currentThread().getName());
            decided.accept(new Decision(false, "because"));
            return () -> events.add("given back");
        };
    }

    private PlacedThreads threads(Map<String, String> values, Supplier<ThreadPlacement> finder) {
        return new PlacedThreads(HelperSite.of(Config.of(values), 2, 4), log, finder);
    }

    private static void run(Thread thread) throws InterruptedException {
        assertTrue(thread.isDaemon());
        thread.start();
        thread.join();
    }

    @Test
    void shouldPlaceAPollingThreadBeforeItsCodeAndLogTheReasonOnce() throws InterruptedException {
        PlacedThreads threads = threads(Map.of(), this::service);
        for (int i = 0; i < 2; i++) {
            run(threads.polling("poller", () -> events.add("code"), decision -> events.add("spin " + decision.maySpin())));
        }
        List<String> once = List.of("POLLING on poller", "spin false", "code", "given back");
        assertEquals(once, events.subList(0, 4));
        assertEquals(once, events.subList(4, 8));
        assertEquals(List.of("poller: because"), lines);
    }

    @Test
    void shouldAskForASleepingThreadOnlyWhereThereIsSomethingToDecide() throws InterruptedException {
        run(threads(Map.of(), this::service).unstarted("sleeper", () -> events.add("code")));
        assertEquals(List.of("code"), events);
        events.clear();
        run(threads(Map.of("scopes.utility", "3"), this::service).unstarted("sleeper", () -> events.add("code")));
        assertEquals(List.of(Kind.BLOCKING + " on sleeper", "code", "given back"), events);
    }

    @Test
    void shouldWorkWithoutAServiceAndWithABrokenOne() throws InterruptedException {
        run(threads(Map.of(), () -> null).polling("poller", () -> events.add("code"), decision -> events.add("decided")));
        run(threads(Map.of(), () -> {
            throw new IllegalStateException("no hardware");
        }).polling("poller", () -> events.add("code"), decision -> events.add("decided")));
        assertEquals(List.of("code", "code"), events);
        assertEquals(List.of("poller is not placed: java.lang.IllegalStateException: no hardware"), lines);
    }

    @Test
    void shouldRefuseWhatIsNoPlace() {
        for (String wrong : List.of("cores", "3,", "-1", "")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> threads(Map.of("progress.cpus", wrong), () -> null));
            assertTrue(e.getMessage().contains("jadi.progress.cpus"), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> threads(Map.of("scopes.utility", "all"), () -> null));
        assertEquals("0-1,7", HelperSite.of(Config.of(Map.of("progress.cpus", "0-1,7")), 1, 1).choice());
    }
}
