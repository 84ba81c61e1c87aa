package org.jadi.scopes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        List<FutureTask<Object>> futures = new ArrayList<>();
        List<Object> outcomes = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Group group : Team.of(size)) {
            FutureTask<Object> future = new FutureTask<>(() -> code.run(group));
            futures.add(future);
            threads.add(Thread.ofPlatform().daemon().name("member-" + group.rank()).start(future)); // one that hangs is left behind
        }
        for (FutureTask<Object> future : futures) {
            try {
                outcomes.add(future.get(60, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                outcomes.add(e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("a member hangs: " + threads.stream().filter(Thread::isAlive)
                        .map(t -> t.getName() + " in " + Arrays.toString(t.getStackTrace())).toList(), e);
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
