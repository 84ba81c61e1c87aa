package org.jadi.bootstrap;

import java.util.Map;
import org.jadi.bootstrap.kvs.KvsClient;

/** Finds out by whom this process was started, and joins its job. */
public final class Bootstraps {
    private Bootstraps() {
    }

    /** Joins the job that this process's environment describes; without a launcher, a job of size 1. */
    public static Bootstrap open() {
        return open(System.getenv());
    }

    /**
     * Joins the job that an environment describes: Jadi's key-value server where the {@code JADI_*} variables of a
     * launcher are set, otherwise a job of size 1.
     *
     * @throws BootstrapException if only a part of the variables is set, or the launcher cannot be reached
     */
    public static Bootstrap open(Map<String, String> env) {
        JobSettings settings = JobSettings.from(env);
        return settings == null ? new SingletonBootstrap() : KvsClient.connect(settings);
    }
}
