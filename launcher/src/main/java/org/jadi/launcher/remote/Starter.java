package org.jadi.launcher.remote;

import java.util.PriorityQueue;

/**
 * Starts remote shells on a thread that lives as long as the process, to which the kernel ties them; not more of them at
 * a time than an sshd takes in before it has let the first ones in (MaxStartups is 10 by default).
 */
final class Starter {
    private static final int MOST_AT_ONCE = 8;

    private record Task(long atNanos, long order, Runnable start) {
    }

    // Guarded by this.
    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) -> a.atNanos != b.atNanos
            ? Long.compare(a.atNanos - b.atNanos, 0) : Long.compare(a.order, b.order));
    private long orders;
    private int inProgress;

    Starter() {
        Thread thread = new Thread(this::run, "jadi-starter");
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a start after a while, when there is room for it. It must be followed by {@link #settled}. */
    synchronized void start(long delayMillis, Runnable start) {
        tasks.add(new Task(System.nanoTime() + delayMillis * 1_000_000, orders++, start));
        notifyAll();
    }

    /** A start has come to its end, good or bad. */
    synchronized void settled() {
        inProgress--;
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                next().start().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Task next() throws InterruptedException {
        while (true) {
            long left = tasks.isEmpty() ? Long.MAX_VALUE : tasks.peek().atNanos - System.nanoTime();
            if (inProgress >= MOST_AT_ONCE || left == Long.MAX_VALUE) {
                wait();
            } else if (left > 0) {
                wait(left / 1_000_000 + 1);
            } else {
                inProgress++;
                return tasks.remove();
            }
        }
    }
}
