package org.jadi.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Reads variables of an environment that describe a job, for every way into one. What is malformed is refused by a
 * {@link BootstrapException} that names the variable and its value. Without state; any thread.
 */
public final class Variables {
    /** The largest port. */
    public static final int MAX_PORT = 65535;

    private static final long DEFAULT_PATIENCE_SECONDS = 120;
    private static final int MAX_JOB_ID_CHARS = 64;

    private Variables() {
    }

    /** Returns whether a variable is set, and not blank. */
    public static boolean isPresent(Map<String, String> env, String name) {
        String value = env.get(name);
        return value != null && !value.isBlank();
    }

    /**
     * Returns the number in a variable that is present.
     *
     * @throws BootstrapException if it is none, or not between {@code least} and {@code most}
     */
    public static int number(Map<String, String> env, String name, int least, int most) {
        String value = env.get(name).strip();
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BootstrapException(name + " must be a whole number: value=" + value, e);
        }
        throw new BootstrapException(name + " must be between " + least + " and " + most + ": value=" + value);
    }

    /** Returns how long blocking calls wait: {@link JobSettings#PATIENCE}, 2 minutes if not set. */
    public static Duration patience(Map<String, String> env) {
        return Duration.ofSeconds(isPresent(env, JobSettings.PATIENCE) ? number(env, JobSettings.PATIENCE, 1, Integer.MAX_VALUE)
                : DEFAULT_PATIENCE_SECONDS);
    }

    /** Returns whether a text can be the identity of a job: 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}. */
    public static boolean isJobId(String text) {
        boolean legal = !text.isEmpty() && text.length() <= MAX_JOB_ID_CHARS;
        for (int i = 0; i < text.length(); i++) { // no regular expression: it costs milliseconds at the start of every rank
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            legal &= letter || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-';
        }
        return legal;
    }

    /**
     * Reads a job's secret from its file.
     *
     * @param hint what may be the reason if the file cannot be read, or an empty text
     */
    public static JobSecret secret(String file, String hint) {
        try {
            return JobSecret.fromHex(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new BootstrapException("cannot read the job's secret: file=" + file + " (" + e + ")" + hint, e);
        } catch (IllegalArgumentException e) {
            throw new BootstrapException("the job's secret must be 64 hexadecimal digits: file=" + file, e);
        }
    }
}
