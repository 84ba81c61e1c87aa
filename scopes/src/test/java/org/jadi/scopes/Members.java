package org.jadi.scopes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jadi.scopes.group.Group;
import org.jadi.scopes.group.Team;

/** Threads that act as the ranks of a job. */
final class Members {
    private Members() {}

    /** What a member does. */
    interface Code<T> {
        T run(Group group) throws Exception;
    }

    /** Runs all members to their end, which comes within a minute; an outcome is a result or what was thrown. */
    static List<Object> outcomes(int size, Code<?> code) throws InterruptedException {
        List<Future<Object>> futures = new ArrayList<>();
        List<Object> outcomes = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(size)) {
            for (Group group : Team.of(size)) {
                futures.add(pool.submit(() -> code.run(group)));
            }
            for (Future<Object> future : futures) {
                try {
                    outcomes.add(future.get(60, TimeUnit.SECONDS));
                } catch (ExecutionException e) {
                    outcomes.add(e.getCause());
                } catch (java.util.concurrent.TimeoutException e) {
                    pool.shutdownNow();
                    throw new AssertionError("a member hangs", e);
                }
            }
        }
        return outcomes;
    }

    /** Runs all members; none may throw. */
    @SuppressWarnings("unchecked")
    static <T> List<T> run(int size, Code<T> code) throws InterruptedException {
        List<Object> outcomes = outcomes(size, code);
        for (Object outcome : outcomes) {
            if (outcome instanceof Throwable e) {
                throw new AssertionError("a member failed", e);
            }
        }
        return (List<T>) outcomes;
    }
}
