package org.jadi.scopes.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.binding.Hwloc;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwObject;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Topology;

/**
 * Finds a hwloc that works. Each one found is tried on a machine that we know before it is asked about this one; one that
 * fails is refused with a reason, and the next is tried. Not safe for several threads.
 */
final class LibrarySearch {
    private static final String KNOWN_MACHINE = "package:2 core:2 pu:2";
    private static final List<String> SYSTEM_NAMES = List.of("libhwloc.so.15", "libhwloc.so");

    private final List<String> refused = new ArrayList<>();

    /** Links one library. */
    private interface Link {
        Hwloc link() throws IOException;
    }

    /** Returns the first library that works, or null. */
    Hwloc find(String wanted) {
        return switch (wanted) {
            case "none" -> null;
            case "bundled" -> bundled();
            case "system" -> system();
            case "auto" -> {
                Hwloc bundled = bundled();
                yield bundled == null ? system() : bundled;
            }
            default -> attempt(wanted, () -> {
                if (!Files.isReadable(Path.of(wanted))) {
                    throw new IOException("there is no such file that can be read");
                }
                return Hwloc.link(Path.of(wanted).toAbsolutePath());
            });
        };
    }

    /** Returns why libraries were refused, in the order in which they were tried. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    private Hwloc bundled() {
        for (Path folder : BundledLibrary.folders()) {
            Hwloc library = attempt("bundled hwloc in " + folder, () -> Hwloc.link(BundledLibrary.extract(folder)));
            if (library != null) {
                return library;
            }
        }
        return null;
    }

    private Hwloc system() {
        for (String name : SYSTEM_NAMES) {
            Hwloc library = attempt(name, () -> Hwloc.link(name));
            if (library != null) {
                return library;
            }
        }
        return null;
    }

    private Hwloc attempt(String name, Link link) {
        try {
            Hwloc library = link.link();
            String fault = faultOf(library);
            if (fault == null) {
                return library;
            }
            refused.add(library + " refused: " + fault);
        } catch (IOException | RuntimeException | LinkageError e) {
            refused.add(name + " refused: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
        return null;
    }

    private static String faultOf(Hwloc library) {
        int version = library.apiVersion() >> 16;
        if (version != 2 && version != 3) {
            return "its interface has version 0x" + Integer.toHexString(library.apiVersion()) + ", and 2 and 3 are known";
        }
        return faultOf(library.describeSynthetic(KNOWN_MACHINE).xml());
    }

    /** Returns what is wrong with the description of the known machine, or null. */
    static String faultOf(String xml) {
        Topology t = Topology.fromXml(xml);
        List<HwObject> cores = t.objects(HwType.CORE);
        boolean right = t.cpus().equals(CpuSet.range(0, 7)) && t.objects(HwType.PU).size() == 8 && cores.size() == 4
                && t.objects(HwType.PACKAGE).size() == 2;
        for (int i = 0; right && i < 8; i++) {
            HwObject pu = t.pu(i);
            right = pu.osIndex() == i && pu.logicalIndex() == i && pu.enclosing(HwType.CORE) == cores.get(i / 2)
                    && pu.enclosing(HwType.PACKAGE).logicalIndex() == i / 4;
        }
        return right ? null : "it describes the machine \"" + KNOWN_MACHINE + "\" as " + t;
    }
}
