package org.jadi.adi.placement;

import java.util.Set;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.placement.ThreadPlacement.Decision;
import org.jadi.adi.placement.ThreadPlacement.Kind;
import org.jadi.adi.placement.ThreadPlacement.Place;
import org.jadi.adi.stats.Log;

/**
 * The helper threads of an engine. Each is placed by itself, as the first thing that it does, so that nobody waits for it; the
 * service is not even looked for where nothing is to be decided. Any thread.
 */
public final class PlacedThreads implements HelperThreads {
    /** Set by the binder of threads when it is there: threads may inherit a mask that is not meant for them. */
    public static final String BINDS_PROPERTY = "jadi.scopes.binds";

    private final HelperSite site;
    private final Log log;
    private final Supplier<ThreadPlacement> finder;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** Uses the service that {@link ServiceLoader} finds. */
    public PlacedThreads(HelperSite site, Log log) {
        this(site, log, () -> ServiceLoader.load(ThreadPlacement.class, PlacedThreads.class.getClassLoader()).findFirst().orElse(null));
    }

    /** Uses a service, which may be found to be null. */
    public PlacedThreads(HelperSite site, Log log, Supplier<ThreadPlacement> finder) {
        this.site = site;
        this.log = log;
        this.finder = finder;
    }

    @Override
    public Thread unstarted(String name, Runnable code) {
        return HelperThreads.UNPLACED.unstarted(name, () -> {
            // Who sleeps most of the time is well off with the mask of the process, which it has unless bound threads are about.
            if (site.utility().isEmpty() && System.getProperty(BINDS_PROPERTY) == null) {
                code.run();
            } else {
                run(Kind.BLOCKING, name, code, decision -> { });
            }
        });
    }

    /**
     * Returns a thread, not started, that polls.
     *
     * @param decided told what is decided, by any thread
     */
    public Thread polling(String name, Runnable code, Consumer<Decision> decided) {
        return HelperThreads.UNPLACED.unstarted(name, () -> run(Kind.POLLING, name, code, decided));
    }

    private void run(Kind kind, String name, Runnable code, Consumer<Decision> decided) {
        Place place = null;
        try {
            ThreadPlacement service = finder.get();
            if (service != null) {
                place = service.place(kind, site, decision -> {
                    decided.accept(decision);
                    logOnce(name + ": " + decision.reason());
                });
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            logOnce(name + " is not placed: " + e); // it works all the same
        }
        try {
            code.run();
        } finally {
            if (place != null) {
                place.close();
            }
        }
    }

    private void logOnce(String message) {
        if (logged.add(message)) {
            log.info(message);
        }
    }
}
