package org.jadi.launcher.job;

import java.util.Map;
import org.jadi.bootstrap.JobSettings;

/** The variables by which the ranks on one host know their places, and those that stand for options of mpirun. */
final class RankEnvironment {
    /** The same folder, under the name by which the shm device is told. */
    static final String SHM_FOLDER = "JADI_SHM_JOB_DIR";

    private final JobPlan plan;
    private final int localSize;
    private final String root;
    private final JobPlace place;
    private final RankLayout layout;

    /**
     * Prepares the variables.
     *
     * @param localSize number of ranks on this host
     * @param root address of their key-value server
     * @param layout where they run, or null
     */
    RankEnvironment(JobPlan plan, int localSize, String root, JobPlace place, RankLayout layout) {
        this.plan = plan;
        this.localSize = localSize;
        this.root = root;
        this.place = place;
        this.layout = layout;
    }

    /** Adds a rank's variables. */
    void addTo(Map<String, String> variables, int rank, int localRank) {
        variables.put(JobSettings.RANK, Integer.toString(rank));
        variables.put(JobSettings.SIZE, Integer.toString(plan.size()));
        variables.put(JobSettings.ROOT, root);
        variables.put(JobSettings.JOB_ID, plan.jobId());
        variables.put(JobSettings.SECRET_FILE, place.secretFile().toString());
        variables.put(JobSettings.JOB_DIR, place.folder().toString());
        variables.put(SHM_FOLDER, place.folder().toString());
        variables.put("JADI_LOCAL_RANK", Integer.toString(localRank));
        variables.put("JADI_LOCAL_SIZE", Integer.toString(localSize));
        if (layout != null) {
            layout.addTo(variables, localRank);
        }
        variables.putAll(plan.settings());
    }
}
