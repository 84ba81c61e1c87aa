package org.jadi.scopes.load;

import java.util.Locale;

/**
 * Which library describes the machine, and which machine. Immutable.
 *
 * @param library {@code auto} (the bundled library, else the system's, else the kernel's files), {@code bundled},
 *     {@code system}, {@code none} (the kernel's files), or the path of a {@code libhwloc.so}. Only {@code auto} goes on to the
 *     next where one does not work. Property {@code jadi.scopes.hwloc}, environment {@code JADI_SCOPES_HWLOC}.
 * @param machine {@code this}, {@code xml:FILE} or {@code synthetic:DESCRIPTION}: another machine in place of this one, to try
 *     a program on; threads are then not bound, and what would have been bound is recorded. Property
 *     {@code jadi.scopes.topology}, environment {@code JADI_SCOPES_TOPOLOGY}.
 */
public record LoadOptions(String library, String machine) {
    /** Property that names the library. */
    public static final String LIBRARY = "jadi.scopes.hwloc";

    /** Property that names the machine. */
    public static final String MACHINE = "jadi.scopes.topology";

    /**
     * Property that tells with which CPUs this process counts as started, where the machine is not this one; so that a job can be
     * tried out on another machine, each rank where it would be. Environment {@code JADI_SCOPES_MASK}.
     */
    public static final String MASK = "jadi.scopes.mask";

    /** The bundled library, else the system's, else the kernel's files; this machine. */
    public static final LoadOptions DEFAULT = new LoadOptions("auto", "this");

    /** Checks both values. */
    public LoadOptions {
        if (!machine.equals("this") && !machine.startsWith("xml:") && !machine.startsWith("synthetic:")) {
            throw new IllegalArgumentException(MACHINE + " must be this, xml:FILE or synthetic:DESCRIPTION: value=" + machine);
        }
        if (library.isBlank()) {
            throw new IllegalArgumentException(LIBRARY + " must be auto, bundled, system, none or a path: value=" + library);
        }
    }

    /** Reads properties and environment; the property wins. */
    public static LoadOptions load() {
        return new LoadOptions(setting(LIBRARY, "auto"), setting(MACHINE, "this"));
    }

    /** Returns these options with another machine. */
    public LoadOptions withMachine(String other) {
        return new LoadOptions(library, other);
    }

    /** Returns a setting from its property, its environment variable, or the default. */
    public static String setting(String property, String absent) {
        String value = System.getProperty(property);
        String environment = property.replaceAll("([A-Z])", "_$1").replace('.', '_').toUpperCase(Locale.ROOT);
        value = value == null ? System.getenv(environment) : value;
        return value == null || value.isBlank() ? absent : value.strip();
    }
}
