package org.jadi.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LocalBootstrapTest {
    @Test
    void shouldExchangeThroughFences() throws Exception {
        List<LocalBootstrap> ranks = LocalBootstrap.group(5);
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            List<? extends Future<?>> all = ranks.stream().map(b -> threads.submit(() -> exchange(b))).toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void exchange(Bootstrap b) {
        for (int round = 0; round < 200; round++) {
            b.put(round + "-" + b.rank(), new byte[] {(byte) b.rank(), (byte) round});
            b.fence();
            for (int r = 0; r < b.size(); r++) {
                assertArrayEquals(new byte[] {(byte) r, (byte) round}, b.get(round + "-" + r));
            }
        }
    }

    @Test
    void shouldEndFencesOfOthersOnAbort() throws Exception {
        List<LocalBootstrap> ranks = LocalBootstrap.group(3);
        AtomicInteger told = new AtomicInteger();
        ranks.forEach(b -> b.onLauncherLost(told::incrementAndGet));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<BootstrapException>> waiting = IntStream.range(0, 2).mapToObj(r -> threads.submit(
                    () -> assertThrows(BootstrapException.class, () -> ranks.get(r).fence()))).toList();
            ranks.get(2).abort(7, "enough");
            for (Future<BootstrapException> one : waiting) {
                assertTrue(one.get().getMessage().contains("rank=2 code=7 reason=enough"), one.get().getMessage());
            }
        }
        assertEquals(2, told.get());
        assertEquals(new LocalBootstrap.Abort(2, 7, "enough"), ranks.get(0).aborted());
    }
}
