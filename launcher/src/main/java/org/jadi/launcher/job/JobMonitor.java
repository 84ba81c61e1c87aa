package org.jadi.launcher.job;

import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jadi.launcher.options.JobOptions;

/**
 * Waits for the ranks, decides how the job has ended, and ends what is left of it. Runs on the main thread alone; others
 * reach it through the queue of events.
 *
 * <pre>
 *  RUNNING --first failure--> JUDGING --50 ms--> ENDING (asked, killed, given up) --all have exited--> done
 *     +--signal, time limit, output gone--------^
 * </pre>
 *
 * A failure is not announced at once: when a rank is killed, the others notice and fail too, and their word may arrive
 * before the kernel's. So the job waits a moment for a death by signal, which is a cause and never a consequence.
 */
public final class JobMonitor {
    private static final long JUDGING_MILLIS = 50;
    private static final long GRACE_AFTER_FAILURE_MILLIS = 500;
    private static final long GRACE_AFTER_SIGNAL_MILLIS = 2000;

    private static final long PATIENCE_AFTER_KILL_MILLIS = 5000;

    private final JobOptions options;
    private final StartedRanks ranks;
    private final BlockingQueue<JobEvent> events;
    private final BitSet running = new BitSet();
    private final StateSurvey survey;
    private final long limitNanos;

    private Ending ending;
    private long judgeAtNanos;

    /** What happens next to ranks that were told to end and have not. */
    private enum Measure { NONE, KILL, ABANDON }

    private boolean announced;
    private Measure next = Measure.NONE;
    private long nextAtNanos;

    /** Prepares to watch ranks; events come from a queue. */
    public JobMonitor(JobOptions options, StartedRanks ranks, BlockingQueue<JobEvent> events) {
        this.options = options;
        this.ranks = ranks;
        this.events = events;
        this.survey = new StateSurvey(ranks);
        this.limitNanos = options.timeoutMillis() == 0 ? Long.MAX_VALUE
                : System.nanoTime() + options.timeoutMillis() * 1_000_000;
        running.set(0, ranks.size());
    }

    /** Returns the exit code of the job when all its processes have ended. */
    public int run() throws InterruptedException {
        while (!running.isEmpty()) {
            JobEvent event = events.poll(nanosToDeadline(), TimeUnit.NANOSECONDS);
            if (event != null) {
                take(event);
            }
            meetDeadlines();
        }
        if (ending != null && !announced) {
            announce();
        }
        return ending == null ? 0 : ending.exitCode();
    }

    private void take(JobEvent event) {
        // No pattern switch: its first use costs milliseconds, just when the ranks start on the same CPUs.
        if (event instanceof JobEvent.Exited e) {
            exited(e.rank(), e.code());
        } else if (event instanceof JobEvent.Aborted e) {
            fail(Ending.aborted(ranks.describe(e.rank()), e.code(), e.reason()));
        } else if (event instanceof JobEvent.StateTold e) {
            survey.told(e.rank(), e.report());
        } else if (event instanceof JobEvent.HostLost e) {
            hostLost(e);
        } else if (event instanceof JobEvent.Signalled e) {
            signalled(e.name(), e.number());
        } else if (event instanceof JobEvent.OutputGone) {
            endWith(Ending.outputGone(), GRACE_AFTER_FAILURE_MILLIS);
        }
    }

    private void exited(int rank, int code) {
        running.clear(rank);
        survey.gone(rank);
        if (code != 0) {
            fail(Ending.exited(ranks.describe(rank), code));
        } else if (ranks.hasJoined(rank) && !ranks.hasFinished(rank)) {
            fail(Ending.unfinished(ranks.describe(rank)));
        }
    }

    private void hostLost(JobEvent.HostLost lost) {
        if (running.intersects(lost.ranks())) {
            fail(Ending.hostLost(lost.exitCode(), lost.reason()));
        }
        lost.ranks().stream().forEach(survey::gone);
        running.andNot(lost.ranks());
    }

    private void fail(Ending failure) {
        if (announced) {
            return; // A consequence of our own ending of the job.
        }
        if (ending == null) {
            ending = failure;
            judgeAtNanos = System.nanoTime() + JUDGING_MILLIS * 1_000_000;
        } else if (failure.rootCause() && !ending.rootCause()) {
            ending = failure;
        }
    }

    private void signalled(String name, int number) {
        if (name.startsWith("USR") || name.equals("CONT")) {
            ranks.signal(name, running);
        } else if (name.equals("TSTP")) {
            // First the ranks, wherever they are, then we.
            ranks.signal("STOP", running);
            Signals.stopThis();
        } else if (announced) {
            kill(); // Asked twice: no more grace.
        } else {
            endWith(Ending.signalled(name, number), GRACE_AFTER_SIGNAL_MILLIS);
        }
    }

    private void endWith(Ending how, long graceMillis) {
        if (!announced) {
            ending = how;
            announce();
            ranks.terminate();
            plan(Measure.KILL, graceMillis);
        }
    }

    private void kill() {
        ranks.kill();
        plan(Measure.ABANDON, PATIENCE_AFTER_KILL_MILLIS);
    }

    private void plan(Measure measure, long millis) {
        next = measure;
        nextAtNanos = System.nanoTime() + millis * 1_000_000;
    }

    private void announce() {
        announced = true;
        if (!ending.message().isEmpty()) {
            System.err.println("mpirun: ".concat(ending.message()));
        }
    }

    private long nanosToDeadline() {
        long now = System.nanoTime();
        if (announced) {
            return next == Measure.NONE ? Long.MAX_VALUE : Math.max(1_000_000, nextAtNanos - now);
        }
        if (ending != null) {
            return Math.max(0, judgeAtNanos - now);
        }
        if (limitNanos == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, (survey.isOpen() ? survey.closesAtNanos() : limitNanos) - now);
    }

    private void meetDeadlines() {
        long now = System.nanoTime();
        if (announced) {
            if (next == Measure.KILL && now - nextAtNanos >= 0) {
                kill();
            } else if (next == Measure.ABANDON && now - nextAtNanos >= 0) {
                next = Measure.NONE;
                ranks.abandon();
            }
        } else if (ending != null) {
            if (now - judgeAtNanos >= 0) {
                endWith(ending, GRACE_AFTER_FAILURE_MILLIS);
            }
        } else if (limitNanos != Long.MAX_VALUE && now - limitNanos >= 0) {
            if (!survey.isOpen()) {
                System.err.println("mpirun: the time limit is over; what each rank is doing:");
                survey.open(running);
            }
            if (survey.isComplete() || now - survey.closesAtNanos() >= 0) {
                survey.print();
                endWith(Ending.timedOut(options.timeoutMillis()), GRACE_AFTER_FAILURE_MILLIS);
            }
        }
    }
}
