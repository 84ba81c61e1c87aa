package org.jadi.launcher;

/** The job cannot be started as asked. The message is for the user: what is wrong, and what to do. */
public final class LauncherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit code for a command line that makes no sense. */
    public static final int USAGE = 2;
    /** Exit code for a program that is not there, as shells have it. */
    public static final int NOT_FOUND = 127;

    private final int exitCode;

    /** Creates an exception with mpirun's exit code and a message. */
    public LauncherException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Creates an exception with mpirun's exit code, a message and its cause. */
    public LauncherException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Returns the exit code that mpirun ends with. */
    public int exitCode() {
        return exitCode;
    }
}
