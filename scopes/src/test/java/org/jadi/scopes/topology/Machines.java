package org.jadi.scopes.topology;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.load.Topologies;

/** Machines that tests run on: written by hand, and synthetic ones. */
public final class Machines {
    /** Written by hand, in src/test/resources/machines. */
    public static final List<String> FILES = List.of("smt-scrambled", "hybrid", "two-memories", "accelerators", "container");

    /** In hwloc's notation. */
    public static final List<String> SYNTHETIC = List.of("pu:1", "core:3 pu:1", "package:2 core:2 pu:2", "numa:2 l3:4 core:8 pu:2",
            "package:2 die:2 numa:1 l2:3 core:3 pu:4", "package:2 l3:2 core:3 pu:2(indexes=12*2:1*12)", "package:2 numa:4 core:24 pu:2");

    private static final Topologies LOADER = Topologies.of(new LoadOptions("auto", "this"));

    private Machines() {}

    /** Returns the machine of a file. */
    public static Topology file(String name) {
        return Topology.fromXml(path(name));
    }

    /** Returns where the file of a machine is. */
    public static Path path(String name) {
        try {
            return Path.of(Machines.class.getResource("/machines/" + name + ".xml").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a machine in hwloc's notation. */
    public static Topology synthetic(String description) {
        return LOADER.fromSynthetic(description);
    }

    /** Returns all of them. */
    public static Stream<Topology> all() {
        return Stream.concat(FILES.stream().map(Machines::file), SYNTHETIC.stream().map(Machines::synthetic));
    }
}
