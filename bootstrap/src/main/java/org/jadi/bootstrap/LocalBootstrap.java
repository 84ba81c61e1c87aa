package org.jadi.bootstrap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jadi.bootstrap.crypto.Randomness;

/**
 * A rank that is a thread of this JVM. The ranks of a {@link #group} share one key-value space, guarded by the monitor of
 * their job; a fence is a barrier; an abort ends all present and future fences with an exception and runs what the
 * others registered with {@link #onLauncherLost}, since for them the job is over.
 */
public final class LocalBootstrap implements Bootstrap {
    /**
     * Why a job of threads was ended.
     *
     * @param rank the rank that called abort
     * @param code exit code, 1 to 255
     * @param reason one line for the user
     */
    public record Abort(int rank, int code, String reason) {
    }

    private static final class Job {
        final JobSecret secret = JobSecret.random();
        final String jobId;
        final List<LocalBootstrap> ranks = new ArrayList<>();
        final ConcurrentMap<String, Object> local = new ConcurrentHashMap<>();
        final Map<String, byte[]> pending = new HashMap<>();
        final Map<String, byte[]> visible = new HashMap<>();
        int arrived;
        long fences;
        Abort abort;

        Job() {
            jobId = Randomness.name("local-");
        }
    }

    private final Job job;
    private final int rank;
    private volatile Supplier<String> state = () -> "";
    private Runnable lost;
    private boolean finished;
    private boolean closed;

    private LocalBootstrap(Job job, int rank) {
        this.job = job;
        this.rank = rank;
    }

    /** Returns the places of a new job of threads, one for each rank. */
    public static List<LocalBootstrap> group(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a job has 1 rank or more: size=" + size);
        }
        Job job = new Job();
        for (int rank = 0; rank < size; rank++) {
            job.ranks.add(new LocalBootstrap(job, rank));
        }
        return List.copyOf(job.ranks);
    }

    @Override
    public ConcurrentMap<String, Object> local() {
        return job.local;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return job.ranks.size();
    }

    @Override
    public String jobId() {
        return job.jobId;
    }

    @Override
    public JobSecret secret() {
        return job.secret;
    }

    @Override
    public void put(String key, byte[] value) {
        KeyRules.check(key, value);
        synchronized (job) {
            job.pending.put(key, value.clone());
        }
    }

    @Override
    public byte[] get(String key) {
        synchronized (job) {
            byte[] value = job.visible.get(key);
            return value == null ? null : value.clone();
        }
    }

    @Override
    public void fence() {
        synchronized (job) {
            failIfAborted();
            long mine = job.fences;
            job.arrived++;
            if (job.arrived == size()) {
                job.arrived = 0;
                job.visible.putAll(job.pending);
                job.pending.clear();
                job.fences++;
                job.notifyAll();
            }
            awaitFenceAfter(mine);
        }
    }

    private void awaitFenceAfter(long mine) {
        long deadline = System.nanoTime() + patience().toNanos();
        while (job.fences == mine) {
            failIfAborted();
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new BootstrapException("fence: " + (size() - job.arrived) + " of " + size()
                        + " ranks did not come within " + patience().toSeconds() + " s");
            }
            try {
                job.wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BootstrapException("interrupted in a fence: rank=" + rank, e);
            }
        }
    }

    private void failIfAborted() {
        if (job.abort != null) {
            throw new BootstrapException("the job was aborted: rank=" + job.abort.rank() + " code=" + job.abort.code()
                    + " reason=" + job.abort.reason());
        }
    }

    @Override
    public void finish() {
        synchronized (job) {
            finished = true;
        }
    }

    /** Returns whether this rank has called {@link #finish}. */
    public boolean finished() {
        synchronized (job) {
            return finished;
        }
    }

    @Override
    public void abort(int code, String reason) {
        List<Runnable> actions = new ArrayList<>();
        synchronized (job) {
            if (job.abort != null) {
                return;
            }
            job.abort = new Abort(rank, code, reason);
            job.notifyAll();
            for (LocalBootstrap other : job.ranks) {
                if (other != this && other.lost != null && !other.closed) {
                    actions.add(other.lost);
                }
            }
        }
        actions.forEach(Runnable::run);
    }

    /** Returns why the job was aborted, or null while it was not. */
    public Abort aborted() {
        synchronized (job) {
            return job.abort;
        }
    }

    @Override
    public void onStateRequest(Supplier<String> supplier) {
        state = supplier;
    }

    /** Returns what this rank says of its state, as a launcher would ask for it. */
    public String state() {
        return state.get();
    }

    @Override
    public void onLauncherLost(Runnable action) {
        boolean over;
        synchronized (job) {
            lost = action;
            over = job.abort != null;
        }
        if (over) {
            // The job was aborted before this rank could say what it wants to do then.
            action.run();
        }
    }

    /** Runs what this rank registered with {@link #onLauncherLost}: for a runner that gives up every rank. */
    public void abandon() {
        Runnable action;
        synchronized (job) {
            action = closed ? null : lost;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Returns whether this place was taken: a program has registered with it. */
    public boolean isJoined() {
        synchronized (job) {
            return lost != null;
        }
    }

    /**
     * Waits until this place is closed, if it was taken at all.
     *
     * @return false if the time was over before
     */
    public boolean awaitClosed(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (job) {
            while (lost != null && !closed) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    return false;
                }
                try {
                    job.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void close() {
        synchronized (job) {
            closed = true;
            job.notifyAll();
        }
    }
}
