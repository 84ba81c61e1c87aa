package org.jadi.device.ucx.binding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openucx.jucx.NativeLibs;

/** Finds out whether libucp is here, and loads it with the settings that Jadi needs. Any thread. */
public final class UcxLibrary {
    static final String LIBRARY = "libucp.so.0";
    private static final int LEAST_MAJOR = 1;
    private static final int LEAST_MINOR = 13;

    private UcxLibrary() {}

    /** Version of libucp. */
    record Version(int major, int minor, int release) {
        @Override
        public String toString() {
            return major + "." + minor + "." + release;
        }
    }

    /**
     * Loads libucp and jucx.
     *
     * @param file name or path of libucp; jucx, which asks for {@code libucp.so.0}, gets the one that is loaded already
     * @param environment variables of the process that are set if they are not yet, for good: before the libraries are
     *     loaded, which read global settings then. Others are for {@link UcxSession#open}
     * @return null, or why UCX cannot be used here, as a clause that follows the device's name
     */
    public static String load(String file, Map<String, String> environment) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "needs Linux";
        }
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "needs x86-64: jucx is published for no other architecture; os.arch=" + System.getProperty("os.arch");
        }
        environment.forEach(LibC::setDefault);
        String reason = find(file);
        if (reason == null) {
            NativeLibs.load();
            removeExtracted();
        }
        return reason;
    }

    /**
     * Removes the folder into which jucx has unpacked its library, now that it is mapped: jucx would do so at an orderly exit,
     * which a rank that is killed does not have.
     */
    private static void removeExtracted() {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            List<Path> found = mappings.filter(line -> line.contains("/jucx") && line.endsWith(".so"))
                    .map(line -> Path.of(line.substring(line.indexOf('/')))).distinct().toList();
            for (Path library : found) {
                Files.deleteIfExists(library);
                Files.deleteIfExists(library.getParent());
            }
        } catch (IOException | UncheckedIOException e) {
            return; // it is jucx's to remove, then
        }
    }

    @SuppressWarnings("restricted")
    private static String find(String file) {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            return "finds no " + file + "; install UCX " + LEAST_MAJOR + "." + LEAST_MINOR
                    + " or newer (Debian: apt install libucx0), or give its path as jadi.ucx.library";
        } catch (IllegalCallerException e) {
            return "may not call native code: " + e.getMessage();
        }
        Version v = version(library);
        return v.major == LEAST_MAJOR && v.minor >= LEAST_MINOR ? null : "needs UCX " + LEAST_MAJOR + "." + LEAST_MINOR
                + " or newer 1.x; found=" + v;
    }

    /** Returns libucp's version, for reports. */
    @SuppressWarnings("restricted")
    public static String version() {
        return version(SymbolLookup.libraryLookup(LIBRARY, Arena.global())).toString();
    }

    @SuppressWarnings("restricted")
    private static Version version(SymbolLookup library) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(3 * Integer.BYTES, 8);
            Linker.nativeLinker().downcallHandle(library.find("ucp_get_version").orElseThrow(), FunctionDescriptor.ofVoid(
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                    .invokeExact(numbers, numbers.asSlice(4), numbers.asSlice(8));
            return new Version(numbers.get(ValueLayout.JAVA_INT, 0), numbers.get(ValueLayout.JAVA_INT, 4),
                    numbers.get(ValueLayout.JAVA_INT, 8));
        } catch (Throwable e) {
            throw new IllegalStateException("cannot ask for the version of " + LIBRARY + ": " + e, e);
        }
    }
}
