package org.jadi.adi.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.progress.Progress;
import org.jadi.adi.request.Car;

/** What waits for the polling thread beside packets: any thread adds, the poller does it. */
final class PollerWork implements Progress.Pusher {
    private final Engine engine;
    private final Queue<Runnable> deferred = new ConcurrentLinkedQueue<>();
    private final Continuations continuations = new Continuations();
    private final Queue<Car> owned = new ConcurrentLinkedQueue<>();
    private final List<SharedTask> tasks = new CopyOnWriteArrayList<>();

    PollerWork(Engine engine) {
        this.engine = engine;
    }

    /** Adds what is run at the end of the poller's turn, outside all locks. */
    void add(Runnable deferredCall) {
        deferred.add(deferredCall);
    }

    /** The same, without making an object. */
    void add(Continuation continuation) {
        continuations.add(continuation);
    }

    /** Adds a piece that only the owner of its memory can move. */
    void add(Car ownersPiece) {
        owned.add(ownersPiece);
    }

    /** Adds a task that is advanced in each turn until it is done. */
    void add(SharedTask task) {
        tasks.add(task);
    }

    @Override
    public int push() {
        int work = engine.outbound().hasPending() ? engine.outbound().push() : 0;
        if (engine.relays().hasPending()) {
            work += engine.relays().tick();
        }
        for (Runnable r = deferred.poll(); r != null; r = deferred.poll()) {
            r.run();
            work++;
        }
        return work + continuations.proceed();
    }

    @Override
    public boolean hasPending() {
        return engine.outbound().hasPending() || !deferred.isEmpty() || !continuations.isEmpty()
                || engine.relays().hasPending();
    }

    @Override
    public boolean hasOwned() {
        return !owned.isEmpty();
    }

    @Override
    public boolean hasTasks() {
        return !tasks.isEmpty();
    }

    @Override
    public int advanceTasks() {
        int work = 0;
        for (SharedTask task : tasks) {
            int moved = task.advance();
            work += moved;
            // Two turns can meet only in a task that turns itself, through what a user's function does.
            if (moved == SharedTask.DONE && tasks.remove(task)) {
                task.ended();
                task.request().pieceDone();
            }
        }
        return work;
    }

    @Override
    public void handOver(SharedTask task) {
        engine.start(task);
    }

    @Override
    public void pushOwned() {
        for (Car car : owned) {
            var p = car.progression;
            if (p == null || p.mayAwait()) {
                owned.remove(car);
            } else {
                p.push(car);
            }
        }
    }
}
