package org.jadi.launcher.job;

/**
 * Why a job ends badly.
 *
 * @param exitCode exit code of mpirun
 * @param message the one line for the user, or empty
 * @param rootCause whether it is surely a cause; an exit code or an abort may be the consequence of another rank's death
 */
record Ending(int exitCode, String message, boolean rootCause) {
    private static final int SIGNAL_BASE = 128;
    private static final int PIPE_SIGNAL = 13;

    /** A rank's process has returned something other than 0. */
    static Ending exited(String rank, int code) {
        String name = SignalNames.of(code - SIGNAL_BASE);
        String what = name == null ? "ended with exit code " + code
                : "was killed by signal " + (code - SIGNAL_BASE) + " (SIG" + name + ")";
        return new Ending(code, rank + " " + what + "; the job was ended", name != null);
    }

    /** A rank has called abort. */
    static Ending aborted(String rank, int code, String reason) {
        return new Ending(code, rank + " aborted the job with code " + code + (reason.isBlank() ? "" : ": " + reason), false);
    }

    /** A rank's process returned 0 but it had not finished. */
    static Ending unfinished(String rank) {
        return new Ending(1, rank + " ended without Mpi.close(); the job was ended", false);
    }

    /** The ranks of a host cannot be reached any more, or never could. */
    static Ending hostLost(int code, String reason) {
        return new Ending(code, reason + "; the job was ended", true);
    }

    /** mpirun was told to end. */
    static Ending signalled(String name, int number) {
        return new Ending(SIGNAL_BASE + number, "ended by signal " + number + " (SIG" + name + ")", true);
    }

    /** The time limit has passed. */
    static Ending timedOut(long limitMillis) {
        String limit = limitMillis % 1000 == 0 ? limitMillis / 1000 + " s" : limitMillis + " ms";
        return new Ending(124, "the job did not end within its time limit of " + limit, true);
    }

    /** Nobody reads our output: as a shell's pipeline ends, without words. */
    static Ending outputGone() {
        return new Ending(SIGNAL_BASE + PIPE_SIGNAL, "", true);
    }
}
