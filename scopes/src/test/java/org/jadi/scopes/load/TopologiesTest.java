package org.jadi.scopes.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jadi.scopes.binding.Hwloc;
import org.jadi.scopes.error.TopologyLoadException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologiesTest {
    private static Topologies loader(String library) {
        Topologies loader = Topologies.of(new LoadOptions(library, "this"));
        assumeTrue(!library.equals("system") || !loader.libraryName().equals("none"), "this system has no hwloc");
        return loader;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundled", "system", "none"})
    void shouldDescribeThisMachineAsTheKernelDoes(String library) throws IOException {
        Topologies loader = loader(library);
        Topology t = loader.local();
        assertTrue(t.isThisSystem());
        assertEquals(CpuSet.parse(Files.readString(Path.of("/sys/devices/system/cpu/online"))), t.cpus());
        assertTrue(t.cpus().containsAll(t.allowed()));
        assertEquals(t.cpus().count(), t.objects(HwType.PU).size());
        assertEquals(loader("none").local().fingerprint(), t.fingerprint(), "described otherwise than by the kernel's files");
        assertSame(t, loader.local());
        assertEquals(library.equals("none"), loader.libraryName().equals("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundled", "system"})
    void shouldReadMachinesAsBothVersionsOfHwlocDo(String library) throws IOException {
        Hwloc hwloc = new LibrarySearch().find(library);
        assumeTrue(hwloc != null, "this system has no hwloc");
        for (String name : Machines.FILES) {
            Topology ours = Machines.file(name);
            Hwloc.Description theirs = hwloc.describeXml(Files.readString(Machines.path(name)));
            assertFalse(theirs.thisSystem());
            Topology read = Topology.fromXml(theirs.xml());
            assertEquals(ours.fingerprint(), read.fingerprint(), name);
            assertEquals(ours.allowed(), read.allowed(), name);
            assertEquals(ours.devices(HwType.GPU), read.devices(HwType.GPU), name);
            assertEquals(ours.devices(HwType.NIC), read.devices(HwType.NIC), name);
            assertEquals(ours.distances("NUMALatency").isPresent(), read.distances("NUMALatency").isPresent(), name);
            assertEquals(ours.fingerprint(), Topology.fromXml(hwloc.describeXml(ours.toXml()).xml()).fingerprint(), name);
        }
    }

    @Test
    void shouldMakeUpTheSameMachinesWithBothVersionsOfHwloc() {
        Topologies system = loader("system");
        for (String description : Machines.SYNTHETIC) {
            Topology a = loader("bundled").fromSynthetic(description);
            Topology b = system.fromSynthetic(description);
            assertEquals(a.fingerprint(), b.fingerprint(), description);
            assertEquals(a.types(), b.types(), description);
        }
    }

    @Test
    void shouldUseTheBundledLibraryByItself() {
        Topologies loader = loader("auto");
        assertTrue(loader.libraryName().startsWith("hwloc 3.0 (") && loader.libraryName().contains("jadi"), loader.libraryName());
        assertEquals(List.of(), loader.refused());
    }

    @Test
    void shouldRefuseALibraryAndSayWhy() {
        Path foreign = Path.of(System.getProperty("java.home"), "lib/libverify.so");
        Topologies other = Topologies.of(new LoadOptions(foreign.toString(), "this"));
        TopologyLoadException e = assertThrows(TopologyLoadException.class, other::local);
        assertTrue(e.getMessage().contains(foreign + " refused: "), e.getMessage());
        assertEquals("none", other.libraryName());
        assertTrue(other.refused().getFirst().contains("there is no function hwloc_get_api_version"), other.refused().toString());
        Topologies absent = Topologies.of(new LoadOptions("/nowhere/libhwloc.so", "this"));
        assertTrue(assertThrows(TopologyLoadException.class, absent::local).getMessage().contains("no such file"));
    }

    @Test
    void shouldFindALibraryOutThatDescribesTheKnownMachineWrongly() {
        assertNull(LibrarySearch.faultOf(Machines.synthetic("package:2 core:2 pu:2").toXml()));
        for (String wrong : List.of("package:2 core:4 pu:1", "package:1 core:4 pu:2", "package:2 core:2 pu:2(indexes=4*2:1*4)")) {
            String fault = LibrarySearch.faultOf(Machines.synthetic(wrong).toXml());
            assertTrue(fault.contains("it describes"), wrong);
        }
    }

    @Test
    void shouldPutTheLibraryIntoAPrivateFolderOnce(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("a");
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            Callable<Path> extract = () -> BundledLibrary.extract(folder);
            for (var done : pool.invokeAll(List.of(extract, extract, extract, extract))) {
                assertTrue(Files.size(done.get()) > 100_000);
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        IOException e = assertThrows(IOException.class, () -> BundledLibrary.extract(folder));
        assertTrue(e.getMessage().contains("others may write"), e.getMessage());
        Files.createSymbolicLink(parent.resolve("b"), folder);
        assertThrows(IOException.class, () -> BundledLibrary.extract(parent.resolve("b")));
    }

    @Test
    void shouldReplaceADamagedLibrary(@TempDir Path parent) throws IOException {
        Path file = BundledLibrary.extract(parent.resolve("a"));
        long size = Files.size(file);
        Files.writeString(file, "damaged");
        assertEquals(size, Files.size(BundledLibrary.extract(parent.resolve("a"))));
    }

    @Test
    void shouldTakeAnotherMachineInPlaceOfThisOne() {
        Topology t = Topologies.of(new LoadOptions("auto", "xml:" + Machines.path("hybrid"))).local();
        assertFalse(t.isThisSystem());
        assertEquals(8, t.cpus().count());
        assertEquals(128, Topologies.of(new LoadOptions("auto", "synthetic:numa:2 l3:4 core:8 pu:2")).local().cpus().count());
        assertThrows(TopologyLoadException.class, () -> Topologies.of(new LoadOptions("auto", "xml:/nowhere")).local());
        assertThrows(TopologyLoadException.class, () -> Topologies.of(new LoadOptions("auto", "synthetic:cores!")).local());
        String message = assertThrows(TopologyLoadException.class, () -> Topologies.of(new LoadOptions("none", "synthetic:pu:2"))
                .local()).getMessage();
        assertTrue(message.contains("jadi.scopes.hwloc=none"), message);
        assertThrows(IllegalArgumentException.class, () -> new LoadOptions("auto", "elsewhere"));
    }
}
