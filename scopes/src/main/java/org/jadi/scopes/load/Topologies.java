package org.jadi.scopes.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.binding.Hwloc;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.TopologyLoadException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Topology;

/**
 * Loads pictures of machines: of this one, from hwloc's XML, and from hwloc's synthetic notation. Any thread.
 *
 * <p>The library is looked for when it is first needed, in this order: the one that {@link LoadOptions} name; the one bundled
 * in our jar; the system's; none, and then this machine is described from the kernel's files, without devices. Each must
 * describe a known machine rightly before it is believed.
 */
public final class Topologies {
    private static final class Standard {
        private static final Topologies INSTANCE = new Topologies(LoadOptions.load(),
                CpuSet.parse(LoadOptions.setting(LoadOptions.MASK, "")));
    }

    private final LoadOptions options;
    private final CpuSet mask; // empty if none is given
    private boolean searched; // guarded by this
    private Hwloc library; // guarded by this; null if there is none
    private List<String> refused = List.of(); // guarded by this
    private Topology local; // guarded by this
    private ThreadBinder binder; // guarded by this

    private Topologies(LoadOptions options, CpuSet mask) {
        this.options = options;
        this.mask = mask;
    }

    /** Returns the loader of this process, with options from properties and environment; the machine is loaded once. */
    public static Topologies standard() {
        return Standard.INSTANCE;
    }

    /** Returns a loader with other options. */
    public static Topologies of(LoadOptions options) {
        return new Topologies(options, CpuSet.EMPTY);
    }

    /**
     * Returns the machine on which this process runs, or the one that the options put in its place. Loaded at the first call
     * (some 50 ms), then the same.
     *
     * @throws TopologyLoadException if the machine that the options name cannot be loaded; never for this machine unless a
     *     library was named that does not work
     */
    public synchronized Topology local() {
        if (local == null) {
            String machine = options.machine();
            local = machine.startsWith("xml:") ? fromXml(Path.of(machine.substring("xml:".length())))
                    : machine.startsWith("synthetic:") ? fromSynthetic(machine.substring("synthetic:".length())) : thisMachine();
        }
        return local;
    }

    /**
     * Returns what binds threads to the CPUs of {@link #local}: for this machine the kernel's, if it can be asked. Always the same,
     * so that everybody who uses this loader sees what the others have bound.
     */
    public synchronized ThreadBinder binder() {
        if (binder == null) {
            Topology machine = local();
            CpuSet start = mask.and(machine.cpus());
            binder = machine.isThisSystem() || start.isEmpty() ? ThreadBinder.of(machine) : ThreadBinder.recording(machine, start);
        }
        return binder;
    }

    private Topology thisMachine() {
        Hwloc hwloc = library();
        if (hwloc == null) {
            if (!options.library().equals("auto") && !options.library().equals("none")) {
                throw new TopologyLoadException(ErrorCode.HWLOC, LoadOptions.LIBRARY + "=" + options.library() + ": "
                        + String.join("; ", refused), null);
            }
            return KernelFiles.describe(Path.of("/"));
        }
        try {
            Hwloc.Description machine = hwloc.describeMachine();
            return Topology.fromXml(machine.xml(), hwloc.toString(), machine.thisSystem());
        } catch (RuntimeException e) {
            throw new TopologyLoadException(ErrorCode.HWLOC, hwloc + " cannot describe this machine: " + e.getMessage()
                    + "; set " + LoadOptions.LIBRARY + "=none to do without", e);
        }
    }

    /**
     * Reads a machine from hwloc's XML. Versions 2 and 3 are read by ourselves; version 1 by a hwloc 2, if one is found.
     *
     * @throws TopologyLoadException if the file cannot be read, or nobody understands it
     */
    public Topology fromXml(Path file) {
        try {
            return fromXml(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new TopologyLoadException(ErrorCode.IO, "cannot read the machine from " + file + ": " + e, e);
        }
    }

    private Topology fromXml(String xml, String source) {
        try {
            try {
                return Topology.fromXml(xml, source, false);
            } catch (IllegalArgumentException e) {
                Hwloc hwloc = library();
                if (hwloc == null || !e.getMessage().contains("hwloc 1")) {
                    throw e;
                }
                return Topology.fromXml(hwloc.describeXml(xml).xml(), source, false);
            }
        } catch (RuntimeException e) {
            throw new TopologyLoadException(ErrorCode.INVALID_ARGUMENT, "cannot read the machine from " + source + ": "
                    + e.getMessage(), e);
        }
    }

    /**
     * Makes up a machine from hwloc's synthetic notation, {@code "numa:2 l3:4 core:8 pu:2"}; see "Synthetic topologies" in
     * hwloc's manual.
     *
     * @throws TopologyLoadException if the notation is wrong, or there is no hwloc
     */
    public Topology fromSynthetic(String description) {
        Hwloc hwloc = library();
        if (hwloc == null) {
            throw new TopologyLoadException(ErrorCode.HWLOC, "a synthetic machine needs hwloc, use XML without: "
                    + (refused().isEmpty() ? LoadOptions.LIBRARY + "=" + options.library() : String.join("; ", refused())), null);
        }
        try {
            return Topology.fromXml(hwloc.describeSynthetic(description).xml(), "synthetic " + description, false);
        } catch (RuntimeException e) {
            throw new TopologyLoadException(ErrorCode.INVALID_ARGUMENT, e.getMessage() + "; write for example "
                    + "\"package:2 numa:1 l3:4 core:8 pu:2\"", e);
        }
    }

    /** Returns the library in use, {@code hwloc 3.0 (/tmp/...)}, or {@code none}. Looks for it if nobody has yet. */
    public String libraryName() {
        Hwloc hwloc = library();
        return hwloc == null ? "none" : hwloc.toString();
    }

    /** Returns why libraries were refused, one line each; empty while none was looked for. */
    public synchronized List<String> refused() {
        return refused;
    }

    private synchronized Hwloc library() {
        if (!searched) {
            LibrarySearch search = new LibrarySearch();
            library = search.find(options.library());
            refused = search.refused();
            searched = true;
        }
        return library;
    }
}
