package org.jadi.bootstrap;

import java.util.Map;
import org.jadi.bootstrap.kvs.KvsClient;
import org.jadi.bootstrap.manager.EngineMarks;
import org.jadi.bootstrap.manager.ManagedBootstrap;
import org.jadi.bootstrap.manager.ProcessManager;
import org.jadi.bootstrap.pmi.PmiManager;
import org.jadi.bootstrap.pmix.PmixManager;
import org.jadi.bootstrap.rendezvous.RendezvousBootstrap;
import org.jadi.bootstrap.rendezvous.RendezvousSettings;

/** Finds out by whom this process was started, and joins its job. */
public final class Bootstraps {
    private Bootstraps() {
    }

    /** Joins the job that this process's environment describes; without a launcher, a job of size 1. */
    public static Bootstrap open() {
        return open(System.getenv());
    }

    /**
     * Joins the job that an environment describes. Asked in this order: Jadi's launcher ({@code JADI_ROOT} and the other
     * variables of {@link JobSettings}), a rendezvous that the user named ({@code JADI_RENDEZVOUS}), PMIx, PMI-1, a task of Slurm without either; otherwise a job of size 1, unless an engine says
     * that it started several processes.
     *
     * @throws BootstrapException if only a part of the variables is set, the launcher cannot be reached, or an engine started
     *     several processes and offers no way to them
     */
    public static Bootstrap open(Map<String, String> env) {
        if (!env.containsKey(JobSettings.ROOT) && RendezvousSettings.isNamed(env)) {
            return RendezvousBootstrap.join(RendezvousSettings.from(env));
        }
        JobSettings settings = JobSettings.from(env);
        if (settings != null) {
            return KvsClient.connect(settings);
        }
        return EngineMarks.singletonWanted(env) ? new SingletonBootstrap() : underOtherLauncher(env);
    }

    private static Bootstrap underOtherLauncher(Map<String, String> env) {
        ProcessManager manager = PmixManager.connect(env);
        if (manager == null && PmiManager.isNamed(env)) {
            manager = PmiManager.connect(env);
        }
        if (manager != null) {
            return ManagedBootstrap.join(manager, Variables.patience(env));
        }
        RendezvousSettings slurm = RendezvousSettings.fromSlurm(env);
        if (slurm != null) {
            return RendezvousBootstrap.join(slurm);
        }
        EngineMarks.refuseSilentSingleton(env);
        return new SingletonBootstrap();
    }
}
