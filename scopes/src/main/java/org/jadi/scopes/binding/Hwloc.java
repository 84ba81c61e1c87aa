package org.jadi.scopes.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * hwloc 2 or 3: it finds out what a machine is made of, and tells it as XML.
 *
 * <p>Its functions that are used here have the same signatures in both; its structures, whose layouts differ, are not
 * touched. Any thread; loading is serial, as hwloc demands.
 */
public final class Hwloc {
    private static final long INCLUDE_DISALLOWED = 1;
    private static final long BLACKLIST = 1;
    private static final int KEEP_IMPORTANT = 3;
    private static final long EXPORT_AS_VERSION_2 = 2; // of hwloc 3, whose own form hwloc 2 does not read

    private final String name;
    private final int apiVersion;
    private final MethodHandle init;
    private final MethodHandle destroy;
    private final MethodHandle setFlags;
    private final MethodHandle setDevices;
    private final MethodHandle setComponents;
    private final MethodHandle setSynthetic;
    private final MethodHandle setXml;
    private final MethodHandle load;
    private final MethodHandle isThisSystem;
    private final MethodHandle export;
    private final MethodHandle freeExport;

    /** What a load has found. */
    public record Description(String xml, boolean thisSystem) {}

    /** Says what is to be described, before it is loaded; returns hwloc's 0 or -1. */
    @FunctionalInterface
    private interface Source {
        int set(Arena arena, MemorySegment topology) throws Throwable;
    }

    private Hwloc(String name, SymbolLookup lookup) {
        this.name = name;
        try {
            apiVersion = (int) handle(lookup, "hwloc_get_api_version", FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable e) {
            throw failed(e);
        }
        init = handle(lookup, "hwloc_topology_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        destroy = handle(lookup, "hwloc_topology_destroy", FunctionDescriptor.ofVoid(ADDRESS));
        setFlags = handle(lookup, "hwloc_topology_set_flags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        setDevices = handle(lookup, "hwloc_topology_set_io_types_filter", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        setComponents = handle(lookup, "hwloc_topology_set_components", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG,
                ADDRESS));
        setSynthetic = handle(lookup, "hwloc_topology_set_synthetic", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        setXml = handle(lookup, "hwloc_topology_set_xmlbuffer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        load = handle(lookup, "hwloc_topology_load", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        isThisSystem = handle(lookup, "hwloc_topology_is_thissystem", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        export = handle(lookup, "hwloc_topology_export_xmlbuffer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
                JAVA_LONG));
        freeExport = handle(lookup, "hwloc_free_xmlbuffer", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    }

    /**
     * Links a library by its file.
     *
     * @throws IllegalArgumentException if it is no library that this process can load
     * @throws UnsupportedOperationException if it has not the functions of hwloc 2 or 3
     */
    @SuppressWarnings("restricted")
    public static Hwloc link(Path file) {
        return new Hwloc(file.toString(), SymbolLookup.libraryLookup(file, Arena.ofAuto()));
    }

    /** Links a library by a name that the system's loader knows, such as {@code libhwloc.so.15}; errors as with a file. */
    @SuppressWarnings("restricted")
    public static Hwloc link(String soname) {
        return new Hwloc(soname, SymbolLookup.libraryLookup(soname, Arena.ofAuto()));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(SymbolLookup lookup, String function, FunctionDescriptor type) {
        MemorySegment address = lookup.find(function).orElseThrow(() -> new UnsupportedOperationException("there is no function "
                + function));
        return Linker.nativeLinker().downcallHandle(address, type);
    }

    /** Returns the version of the interface, {@code 0x20800} for 2.8 and what is compatible with it. */
    public int apiVersion() {
        return apiVersion;
    }

    /** Returns version and name, {@code hwloc 2.8 (libhwloc.so.15)}. */
    @Override
    public String toString() {
        return "hwloc " + (apiVersion >> 16) + "." + (apiVersion >> 8 & 0xFF) + " (" + name + ")";
    }

    /** Describes this machine, or what hwloc's own environment variables put in its place. */
    public Description describeMachine() {
        return describe((arena, topology) -> 0, "this machine");
    }

    /**
     * Describes a machine of hwloc's synthetic notation, {@code "package:2 core:8 pu:2"}.
     *
     * @throws IllegalArgumentException if hwloc does not understand it
     */
    public Description describeSynthetic(String description) {
        return describe((arena, topology) -> (int) setSynthetic.invokeExact(topology, arena.allocateFrom(description)),
                "the synthetic machine \"" + description + "\"");
    }

    /**
     * Reads XML that another version of hwloc may have written, and tells it in our form.
     *
     * @throws IllegalArgumentException if this hwloc does not read it
     */
    public Description describeXml(String xml) {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        return describe((arena, topology) -> {
            MemorySegment text = arena.allocate(bytes.length + 1L); // hwloc wants the final zero in the length
            MemorySegment.copy(bytes, 0, text, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
            return (int) setXml.invokeExact(topology, text, bytes.length + 1);
        }, "XML of " + bytes.length + " bytes");
    }

    private synchronized Description describe(Source source, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            if ((int) init.invokeExact(pointer) != 0) {
                throw new IllegalStateException(this + " cannot begin a topology");
            }
            MemorySegment topology = pointer.get(ADDRESS, 0);
            try {
                // These two load the drivers of graphics cards into this process, and one of them can hang.
                for (String component : new String[] {"gl", "opencl"}) {
                    int ignored = (int) setComponents.invokeExact(topology, BLACKLIST, arena.allocateFrom(component));
                }
                if ((int) setFlags.invokeExact(topology, INCLUDE_DISALLOWED) != 0
                        || (int) setDevices.invokeExact(topology, KEEP_IMPORTANT) != 0
                        || source.set(arena, topology) != 0 || (int) load.invokeExact(topology) != 0) {
                    throw new IllegalArgumentException(this + " does not understand " + what);
                }
                return new Description(exported(arena, topology), (int) isThisSystem.invokeExact(topology) != 0);
            } finally {
                destroy.invokeExact(topology);
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @SuppressWarnings("restricted")
    private String exported(Arena arena, MemorySegment topology) throws Throwable {
        MemorySegment buffer = arena.allocate(ADDRESS);
        MemorySegment length = arena.allocate(JAVA_INT);
        long flags = apiVersion >> 16 >= 3 ? EXPORT_AS_VERSION_2 : 0;
        if ((int) export.invokeExact(topology, buffer, length, flags) != 0) {
            throw new IllegalStateException(this + " cannot export a topology");
        }
        MemorySegment text = buffer.get(ADDRESS, 0);
        try {
            int bytes = length.get(JAVA_INT, 0);
            byte[] xml = text.reinterpret(bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            return new String(xml, 0, bytes > 0 && xml[bytes - 1] == 0 ? bytes - 1 : bytes, StandardCharsets.UTF_8);
        } finally {
            freeExport.invokeExact(topology, text);
        }
    }

    private static RuntimeException failed(Throwable e) {
        return switch (e) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }

}
