package org.jadi.launcher.remote;

import java.util.Locale;

/**
 * Tells failures that pass from those that stay, by what ssh says: hosts that are just coming up have no address yet, no
 * sshd yet, or an sshd with too many callers at once.
 */
final class Transience {
    private static final String[] PASSING = {
        "connection refused", "timed out", "timeout", "could not resolve", "temporary failure", "name or service not known",
        "no route to host", "network is unreachable", "connection reset", "connection closed", "kex_exchange_identification",
        "ssh_exchange_identification", "banner exchange", "broken pipe", "did not answer", "system is booting up",
    };

    private Transience() {
    }

    /** Returns whether it is worth trying again. */
    static boolean of(String failure) {
        String lower = failure.toLowerCase(Locale.ROOT);
        for (String text : PASSING) {
            if (lower.contains(text)) {
                return true;
            }
        }
        return false;
    }
}
