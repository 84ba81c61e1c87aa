package org.jadi.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Waits for facts that announce themselves by no event: what a thread does, what a file holds, which processes live. Where there is
 * an event (a latch, a message, the end of a process), tests wait for that. The limit is no guess about how long something
 * takes, only when to give up. Any thread.
 */
public final class Eventually {
    private static final long LOOK_MS = 5;
    private static final Path TASKS = Path.of("/proc/self/task");

    private Eventually() {}

    /** A fact that can be looked at again and again. */
    @FunctionalInterface
    public interface Condition {
        /** Returns whether it is so now. */
        boolean holds() throws Exception;
    }

    /** Waits until a condition holds; fails with the stacks of this JVM once the time is over. */
    public static void until(String what, Duration limit, Condition condition) throws Exception {
        until(what, limit, condition, Stacks::all);
    }

    /**
     * Waits until a condition holds.
     *
     * @param what   the fact, in words
     * @param states what is said of the states when the time is over
     * @throws AssertionError if it does not hold within the limit
     */
    public static void until(String what, Duration limit, Condition condition, Supplier<String> states) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what + "\n" + states.get());
            }
            Thread.sleep(LOOK_MS);
        }
    }

    /** Returns whether a thread waits in a method: its state is not runnable, and the method, as {@code Class.method}, on its stack. */
    public static boolean isWaitingIn(Thread thread, String method) {
        boolean inside = false;
        for (StackTraceElement frame : thread.getStackTrace()) {
            inside |= (frame.getClassName() + "." + frame.getMethodName()).endsWith(method);
        }
        return inside && isWaiting(thread);
    }

    /** Returns whether a thread waits for another one, or for its time. */
    public static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    /**
     * Returns whether threads sleep in the kernel, also within a system call, which Java takes for running. True if there is none.
     *
     * @param prefix how the names of these platform threads begin; the kernel knows 15 bytes of a name
     */
    public static boolean areAsleep(String prefix) throws IOException {
        return statesOf(prefix).stream().allMatch("S"::equals);
    }

    /** Returns the kernel's states of the threads of this process whose names begin so, such as S (asleep) and R (running). */
    public static List<String> statesOf(String prefix) throws IOException {
        List<String> states = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    int name = stat.indexOf('(') + 1;
                    int end = stat.lastIndexOf(')');
                    if (stat.substring(name, end).startsWith(prefix)) {
                        states.add(stat.substring(end + 2, end + 3));
                    }
                } catch (NoSuchFileException e) {
                    // it has just ended
                } catch (IOException e) {
                    if (Files.exists(task)) { // reading the file of a thread that ends says "no such process"
                        throw e;
                    }
                }
            }
        }
        return states;
    }
}
