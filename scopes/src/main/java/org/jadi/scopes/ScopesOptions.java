package org.jadi.scopes;

import java.util.Set;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.topology.CpuSet;

/**
 * Settings of scopes. Immutable.
 *
 * @param load library and machine
 * @param bind {@code auto}: bind if possible; {@code required}: fail if not; {@code none}: only record. Property
 *     {@code jadi.scopes.bind}, environment {@code JADI_SCOPES_BIND}
 * @param utility CPUs that are set aside for helper threads. Property {@code jadi.scopes.utility}, as {@code 3,7} or {@code 0-1}
 * @param claims {@code auto}: shared by all processes of this user on this node, in a file in /dev/shm or the temporary
 *     directory; {@code process}: this process alone; else the folder for the file. Property {@code jadi.scopes.claims}
 */
public record ScopesOptions(LoadOptions load, String bind, CpuSet utility, String claims) {
    /** Property that says whether threads are bound. */
    public static final String BIND = "jadi.scopes.bind";

    /** Property that sets CPUs aside. */
    public static final String UTILITY = "jadi.scopes.utility";

    /** Property that says who shares claims. */
    public static final String CLAIMS = "jadi.scopes.claims";

    /** Checks the choice. */
    public ScopesOptions {
        if (!Set.of("auto", "required", "none").contains(bind)) {
            throw new IllegalArgumentException(BIND + " must be auto, required or none: value=" + bind);
        }
    }

    /** Reads properties and environment. */
    public static ScopesOptions fromSystem() {
        return new ScopesOptions(LoadOptions.load(), LoadOptions.setting(BIND, "auto"), CpuSet.parse(LoadOptions.setting(UTILITY, "")),
                LoadOptions.setting(CLAIMS, "auto"));
    }

    /** Returns options with another machine, and claims of this process alone; for tests and trials. */
    public static ScopesOptions on(String machine) {
        return new ScopesOptions(LoadOptions.DEFAULT.withMachine(machine), "auto", CpuSet.EMPTY, "process");
    }
}
