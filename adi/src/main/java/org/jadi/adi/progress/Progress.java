package org.jadi.adi.progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.SleepSource;
import org.jadi.adi.placement.PlacedThreads;
import org.jadi.adi.request.Request;
import org.jadi.adi.stats.HotPath;

/**
 * The polling loop, and the order among threads that wait.
 *
 * <p>A platform thread that waits becomes the poller if there is none, else it parks; whoever completes its request
 * wakes it. A poller that leaves wakes one parked thread to take over. Virtual threads only park: a helper thread polls
 * while one of them waits.
 */
public final class Progress {
    private static final VarHandle POLLER;
    private static final int FREE_TURNS = 32;
    private static final int FREE_TURNS_SHARED = 2;
    private static final int OTHERS_EVERY = 16;
    private static final int LOOKS = 256;
    private static final int LOOKS_SHARED = 24;
    private static final int LOOKS_PER_TURN = 8;
    private static final int YIELDS_PER_TURN = 4;
    private static final long FOREVER = Long.MAX_VALUE;
    /** Bound of a park, in case a hand-over is lost to a thread that was leaving: a safety net, not the mechanism. */
    private static final long PARK_NS = 100_000_000;
    /** A thread that polls may be in a user's memory, or its carrier be gone; closing does not depend on it. */
    private static final long CLOSE_NS = 1_000_000_000;

    static {
        try {
            POLLER = MethodHandles.lookup().findVarHandle(Progress.class, "poller", Thread.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the poller does besides polling devices: pushes queues. Returns the amount of work done. */
    public interface Pusher {
        /** Pushes what waits; returns the amount of work done. */
        int push();

        /** Returns whether something waits for room at a peer, so that no ring will announce it. */
        boolean hasPending();

        /** Returns whether pieces wait for the one thread that may access their memory. */
        boolean hasOwned();

        /** Moves those pieces whose memory the calling thread may access. */
        void pushOwned();

        /** Returns whether tasks were handed over. */
        boolean hasTasks();

        /** Advances the tasks that were handed over, and completes those that are done. Returns the amount of work done. */
        int advanceTasks();

        /** Hands a task over: from now on the poller advances it. */
        void handOver(SharedTask task);
    }

    private final Device[] devices;
    private final SleepSource[] sleepSources;
    private final Doorbell doorbell;
    private final Pusher pusher;
    private final WaitPolicy policy;
    private final ConcurrentLinkedQueue<Thread> parked = new ConcurrentLinkedQueue<>();
    private final HelperThread helper;
    private final ConcurrentLinkedQueue<Thread> conditionParked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger conditionWaiters = new AtomicInteger();

    @SuppressWarnings("unused") // through POLLER
    private Thread poller;

    /** Idle turns before the clock is read: fewer where another rank needs the CPU. */
    private final int freeTurns;

    // owned by the poller
    private long idleSince;
    private int idleTurns;

    /** What the poller runs itself, and must look at before it sleeps; null for nothing. */
    private SharedTask running;

    /** Whether the poller was interrupted: it would not be parked then, and spin; so it is told when it leaves. */
    private boolean interrupted;

    /** Creates the progress of an engine. */
    public Progress(Device[] devices, Doorbell doorbell, Pusher pusher, WaitPolicy policy, boolean alwaysHelp, String name,
            PlacedThreads threads) {
        this.devices = devices.clone();
        this.doorbell = doorbell;
        this.pusher = pusher;
        this.policy = policy;
        this.freeTurns = policy.spinNs() == 0 ? FREE_TURNS_SHARED : FREE_TURNS;
        this.sleepSources = java.util.Arrays.stream(devices).map(d -> d.capability(SleepSource.class))
                .filter(java.util.Objects::nonNull).toArray(SleepSource[]::new);
        this.helper = new HelperThread(this, alwaysHelp, name, threads);
        helper.ready();
    }

    /** Returns whether ranks of this node share CPUs, so that who waits gives up its own. */
    public boolean sharesCpus() {
        return policy.spinNs() == 0;
    }

    /** Becomes the poller if there is none. */
    @HotPath
    public boolean tryEnter() {
        return POLLER.compareAndSet(this, (Thread) null, Thread.currentThread());
    }

    /** Leaves, and hands over to a thread that is parked. */
    @HotPath
    public void exit() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
        // Volatile: the release must come before the look at the queue, or a thread that parks now is missed by both.
        POLLER.setVolatile(this, (Thread) null);
        if (!parked.isEmpty() || helper.isWanted()) {
            handOver();
        }
    }

    /** Returns whether the calling thread is the poller. */
    public boolean isPoller() {
        return (Thread) POLLER.getOpaque(this) == Thread.currentThread();
    }

    private void handOver() {
        if ((Thread) POLLER.getVolatile(this) == null) {
            Thread next = parked.peek();
            if (next != null) {
                LockSupport.unpark(next);
            } else {
                helper.wakeIfWanted();
            }
        }
    }

    /** Polls every device once and pushes what waits; only the poller. Returns the amount of work done. */
    @HotPath
    public int turn() {
        int work = 0;
        for (Device d : devices) {
            work += d.progress();
        }
        if (pusher.hasPending()) {
            work += pusher.push();
        }
        if (pusher.hasTasks()) {
            work += pusher.advanceTasks();
        }
        return work;
    }

    /** Returns whether nobody but the poller needs it now: nothing waits to be pushed or advanced, and no thread is parked. */
    @HotPath
    public boolean isQuiet() {
        return !pusher.hasPending() && !pusher.hasTasks() && parked.isEmpty() && !helper.isWanted();
    }

    /** Makes one turn if no other thread is polling. */
    public void poke() {
        if (tryEnter()) {
            try {
                turn();
            } finally {
                exit();
            }
        }
        pushOwned();
    }

    /**
     * Waits until a request is complete.
     *
     * @param deadlineNs on the clock of {@link System#nanoTime}; {@link Long#MAX_VALUE} for no limit
     * @return false if the time is over
     */
    public boolean await(Request request, long deadlineNs) {
        boolean wasInterrupted = false;
        while (!request.isComplete()) {
            if (!Thread.currentThread().isVirtual() && tryEnter()) {
                try {
                    poll(request, null, deadlineNs);
                } finally {
                    exit();
                }
            } else {
                ThreadWaiter waiter = new ThreadWaiter(Thread.currentThread());
                if (request.addWaiter(waiter)) {
                    wasInterrupted |= Thread.interrupted();
                    park(request::isComplete, deadlineNs, pusher.hasOwned());
                    waiter.retire();
                }
            }
            pushOwned();
            if (isOver(deadlineNs)) {
                break;
            }
        }
        interruptAgain(wasInterrupted);
        return request.isComplete();
    }

    /** A thread that was interrupted is never parked, and would spin: so it is told when its wait is over. */
    private static void interruptAgain(boolean wasInterrupted) {
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Polls until the request is complete or the time is over; only the poller.
     *
     * @param preferred the device over which the request will complete, polled at every turn, the others at every
     *     {@value #OTHERS_EVERY}th; null to poll all alike
     */
    @HotPath
    public void poll(Request request, Device preferred, long deadlineNs) {
        idleTurns = 0;
        int turns = 0;
        while (!request.isComplete()) {
            int work = preferred == null || (++turns & OTHERS_EVERY - 1) == 0 ? turn() : turn(preferred);
            if (work != 0) {
                idleTurns = 0;
                if (isOver(deadlineNs)) {
                    return;
                }
            } else if (++idleTurns > freeTurns && idle(deadlineNs)) {
                return;
            }
            pushOwned();
        }
    }

    @HotPath
    private int turn(Device preferred) {
        int work = preferred.progress();
        return pusher.hasPending() ? work + pusher.push() : work;
    }

    /**
     * Waits until a condition holds that becomes true through progress only, or through a {@link #wakeAll}.
     *
     * @return false if the time is over
     */
    public boolean awaitCondition(BooleanSupplier condition, Request[] requests, long deadlineNs) {
        boolean wasInterrupted = false;
        boolean holds = condition.getAsBoolean();
        while (!holds) {
            if (!Thread.currentThread().isVirtual() && tryEnter()) {
                try {
                    pollCondition(condition, requests, deadlineNs);
                } finally {
                    exit();
                }
            } else {
                wasInterrupted |= Thread.interrupted();
                parkForAny(condition, requests, deadlineNs);
            }
            holds = condition.getAsBoolean();
            if (isOver(deadlineNs)) {
                break;
            }
        }
        interruptAgain(wasInterrupted);
        return holds;
    }

    private void pollCondition(BooleanSupplier condition, Request[] requests, long deadlineNs) {
        idleTurns = 0;
        while (!condition.getAsBoolean()) {
            if (turn() != 0) {
                idleTurns = 0;
                if (isOver(deadlineNs)) {
                    return;
                }
            } else if (++idleTurns > freeTurns && idle(deadlineNs)) {
                return;
            }
            pushOwned();
        }
    }

    /**
     * Runs a task. It is advanced here for as long as possible, else by the poller: while another thread polls, in a virtual thread,
     * and after the time is over.
     *
     * @param waiting makes the request that a task gets when it is handed over, to be waited for; inactive
     * @return false if the time is over
     */
    public boolean run(SharedTask task, Function<SharedTask, Request> waiting, long deadlineNs) {
        int looks = policy.spinNs() == 0 ? LOOKS_SHARED : LOOKS;
        for (int i = 0; i < looks; i++) {
            if (task.advance() == SharedTask.DONE) {
                return true;
            }
        }
        if (!Thread.currentThread().isVirtual() && tryEnter()) {
            boolean done;
            try {
                done = pollTask(task, deadlineNs);
            } finally {
                running = null;
                exit();
            }
            if (!done) {
                task.setRequest(waiting.apply(task));
                pusher.handOver(task);
            }
            return done;
        }
        Request request = waiting.apply(task);
        task.setRequest(request);
        pusher.handOver(task);
        return await(request, deadlineNs);
    }

    private boolean pollTask(SharedTask task, long deadlineNs) {
        running = task;
        idleTurns = 0;
        for (int turns = 1;; turns++) {
            int moved = task.advance();
            if (moved == SharedTask.DONE) {
                return true;
            }
            boolean worked = moved != SharedTask.IDLE;
            // Flags are looked at more often than devices, but these too while the task moves.
            if (turns % (idleTurns > freeTurns ? YIELDS_PER_TURN : LOOKS_PER_TURN) == 0) {
                worked |= turn() != 0;
                pushOwned();
            }
            if (worked) {
                idleTurns = 0;
                if (turns % LOOKS_PER_TURN == 0 && isOver(deadlineNs)) {
                    return false;
                }
            } else if (++idleTurns > freeTurns && idle(deadlineNs)) {
                return false;
            }
        }
    }

    private void parkForAny(BooleanSupplier condition, Request[] requests, long deadlineNs) {
        ThreadWaiter[] waiters = new ThreadWaiter[requests.length];
        boolean wait = true;
        for (int i = 0; i < requests.length && wait; i++) {
            if (requests[i] != null) {
                ThreadWaiter w = new ThreadWaiter(Thread.currentThread());
                waiters[i] = w;
                wait = requests[i].addWaiter(w) || !condition.getAsBoolean();
            }
        }
        if (wait) {
            Thread me = Thread.currentThread();
            conditionParked.add(me);
            conditionWaiters.incrementAndGet();
            park(condition, deadlineNs, pusher.hasOwned());
            conditionWaiters.decrementAndGet();
            conditionParked.remove(me);
        }
        for (int i = 0; i < requests.length; i++) {
            if (waiters[i] != null) {
                waiters[i].retire();
            }
        }
        pushOwned();
    }

    private void pushOwned() {
        if (pusher.hasOwned()) {
            pusher.pushOwned();
        }
    }

    /** Parks until woken; takes part in the hand-over of polling unless the thread is virtual. */
    private void park(BooleanSupplier done, long deadlineNs, boolean briefly) {
        Thread me = Thread.currentThread();
        boolean virtual = me.isVirtual();
        if (virtual) {
            helper.addWaiter();
        } else {
            parked.add(me);
        }
        try {
            Thread holder = (Thread) POLLER.getVolatile(this);
            if (!virtual && holder == null) {
                return;
            }
            if (virtual) {
                helper.wakeIfWanted();
            } else if (holder == helper.thread()) {
                doorbell.ring();
            }
            if (!done.getAsBoolean()) {
                long limit = briefly ? 50_000 : PARK_NS;
                LockSupport.parkNanos(this, deadlineNs == FOREVER ? limit
                        : Math.max(1, Math.min(limit, deadlineNs - System.nanoTime())));
            }
        } finally {
            if (virtual) {
                helper.removeWaiter();
            } else {
                parked.remove(me);
                // This thread may have been woken to take over, and leaves instead: pass it on.
                if (!parked.isEmpty() || helper.isWanted()) {
                    handOver();
                }
            }
        }
    }

    /** Wakes every parked thread, so that conditions are looked at again. */
    public void wakeAll() {
        parked.forEach(LockSupport::unpark);
        conditionParked.forEach(LockSupport::unpark);
        doorbell.ring();
    }

    /** Wakes the threads that wait for a message to arrive; cheap if there are none. Called by the poller. */
    public void wakeProbers() {
        // The store of the message must come before the look for waiters; a waiter registers, then looks for messages.
        VarHandle.fullFence();
        if (conditionWaiters.get() > 0) {
            conditionParked.forEach(LockSupport::unpark);
        }
    }

    /** Returns whether a platform thread is parked, so that the helper should leave polling to it. */
    boolean hasParked() {
        return !parked.isEmpty();
    }

    /** Ends a sleep of the poller, if that is another thread, because this one has left it work or completed its request. */
    public void ringOthers() {
        if (!isPoller()) {
            doorbell.ring();
        }
    }

    /** Spends a turn in which nothing happened; returns true if the time is over. */
    private boolean idle(long deadlineNs) {
        long now = System.nanoTime();
        if (idleTurns == freeTurns + 1) {
            idleSince = now;
        }
        if (deadlineNs != FOREVER && now - deadlineNs >= 0) {
            return true;
        }
        long idleNs = now - idleSince;
        if (idleNs < policy.spinNs()) {
            Thread.onSpinWait();
        } else if (idleNs < policy.spinNs() + policy.yieldNs()) {
            Thread.yield();
        } else {
            sleep(deadlineNs == FOREVER ? policy.sleepNs() : Math.min(policy.sleepNs(), deadlineNs - now));
        }
        return false;
    }

    /**
     * Idles as the poller of a helper thread would.
     *
     * @param maySpin whether it has a CPU to itself; who has not would take time from the program, and sleeps at once
     */
    void idleTurn(boolean maySpin) {
        idleTurns++;
        if (idleTurns > freeTurns) {
            if (maySpin) {
                idle(FOREVER);
            } else {
                sleep(policy.sleepNs());
            }
        }
    }

    /** Says that the last turn did work. */
    void busyTurn() {
        idleTurns = 0;
    }

    private void sleep(long timeoutNs) {
        interrupted |= Thread.interrupted();
        int seen = doorbell.prepare();
        try {
            boolean quiet = true;
            for (SleepSource s : sleepSources) {
                quiet &= s.arm();
            }
            if (quiet && turn() == 0 && (running == null || running.advance() == SharedTask.IDLE)) {
                doorbell.sleep(seen, pusher.hasPending() ? Math.min(timeoutNs, 100_000) : timeoutNs);
            } else {
                idleTurns = 0;
            }
        } finally { // a turn may throw, and peers must not go on ringing
            doorbell.awake();
            for (SleepSource s : sleepSources) {
                s.disarm();
            }
        }
    }

    private static boolean isOver(long deadlineNs) {
        return deadlineNs != FOREVER && System.nanoTime() - deadlineNs >= 0;
    }

    /** From now on a thread of ours polls whenever no other does. Any thread. */
    public void helpAlways() {
        helper.helpAlways();
    }

    /**
     * Ends the helper thread, and makes sure that no thread polls any more: what they wait for must have been failed, by
     * something that the last turn finds.
     */
    public void close() {
        helper.close();
        long until = System.nanoTime() + CLOSE_NS;
        while (!isPoller() && !tryEnter() && System.nanoTime() - until < 0) {
            doorbell.ring();
            LockSupport.parkNanos(50_000);
        }
        if (isPoller()) {
            turn();
            wakeAll();
        }
    }
}
