package org.jadi.bootstrap.pmix;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.manager.ParentWatch;
import org.jadi.bootstrap.manager.ProcessManager;
import org.jadi.bootstrap.pmix.binding.LibPmix;

/**
 * The client of PMIx. A fence cannot be given up half-way: libpmix has no call for that, so its patience is the server's.
 * That the server is gone shows by the end of the process that started this one.
 */
public final class PmixManager implements ProcessManager {
    /** File name or path of libpmix, where it is not found by itself. */
    public static final String LIBRARY = "JADI_PMIX_LIBRARY";

    private static final String RANK = "PMIX_RANK";
    private static final List<String> LIBRARIES = List.of("libpmix.so.2", "libpmix.so");
    private static final int MOST_VALUE_CHARS = 16_000;
    private static final long ABORT_MILLIS = 900;

    private final LibPmix pmix;
    private final int size;
    private ParentWatch watch;

    private PmixManager(LibPmix pmix) {
        this.pmix = pmix;
        this.size = pmix.jobNumber("pmix.job.size");
    }

    /**
     * Joins the server that the environment names.
     *
     * @return null if there is none, or no library to speak to it
     * @throws BootstrapException if the server does not want this process
     */
    public static PmixManager connect(Map<String, String> env) {
        if (!env.containsKey(RANK) || !env.containsKey("PMIX_NAMESPACE")) {
            return null;
        }
        LibPmix pmix = library(env);
        if (pmix == null) {
            return null;
        }
        check(pmix, pmix.init(), "init: is the launcher still there, and does it speak PMIx 3 or later?");
        PmixManager manager = new PmixManager(pmix);
        if (manager.size < 1 || manager.rank() < 0 || manager.rank() >= manager.size) {
            throw new BootstrapException("the PMIx server names a rank outside its job: rank=" + manager.rank() + " size="
                    + manager.size);
        }
        return manager;
    }

    private static LibPmix library(Map<String, String> env) {
        String named = env.get(LIBRARY);
        for (String name : named == null ? LIBRARIES : List.of(named)) {
            try {
                return LibPmix.load(name);
            } catch (IllegalArgumentException e) {
                if (named != null) {
                    throw new BootstrapException("cannot load the PMIx library: " + LIBRARY + "=" + named + " ("
                            + e.getMessage() + ")", e);
                }
            }
        }
        return null;
    }

    private static void check(LibPmix pmix, int status, String what) {
        if (status != 0) {
            throw new BootstrapException("PMIx refused: " + what + " (" + pmix.meaning(status) + ", status=" + status + ")");
        }
    }

    @Override
    public String name() {
        return "PMIx";
    }

    @Override
    public int rank() {
        return pmix.rank();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int maxValueChars() {
        return MOST_VALUE_CHARS;
    }

    @Override
    public void put(String key, String value) {
        check(pmix, pmix.put(key, value), "put");
    }

    @Override
    public String get(int owner, String key) {
        return pmix.text(owner, key);
    }

    @Override
    public void fence(Duration patience) {
        check(pmix, pmix.commit(), "commit");
        check(pmix, pmix.fence(), "fence");
    }

    @Override
    public void finish(Duration patience) {
        stopWatching();
        check(pmix, pmix.finish(), "finalize");
    }

    /** The server answers, but kills us as well: so a thread asks it that nobody need wait for. */
    @Override
    public void abort(int code, String reason) {
        stopWatching();
        Thread asking = Thread.ofPlatform().daemon().name("jadi-pmix-abort").start(() -> pmix.abort(code, reason));
        try {
            asking.join(ABORT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void onLost(Consumer<String> because) {
        watch = new ParentWatch(because);
    }

    private synchronized void stopWatching() {
        if (watch != null) {
            watch.close();
        }
    }

    @Override
    public void close() {
        stopWatching();
    }
}
