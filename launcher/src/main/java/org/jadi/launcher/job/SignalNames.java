package org.jadi.launcher.job;

/** Names of the signals that end processes, by the numbers that Linux gives them on all its platforms of ours. */
final class SignalNames {
    private static final String[] NAMES = {
        null, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", null, null, null, null, null, null, null, "XCPU", "XFSZ", "VTALRM", "PROF", null, "IO", "PWR",
        "SYS",
    };

    private SignalNames() {
    }

    /** Returns the name without SIG, or null if a process does not end of that number. */
    static String of(int number) {
        return number > 0 && number < NAMES.length ? NAMES[number] : null;
    }
}
