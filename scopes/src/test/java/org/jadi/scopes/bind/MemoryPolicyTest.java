package org.jadi.scopes.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.topology.NodeSet;
import org.junit.jupiter.api.Test;

class MemoryPolicyTest {
    private static String policyAt(long address) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/numa_maps")).stream().filter(l -> Long.parseUnsignedLong(l.split(" ")[0], 16)
                == address).findFirst().orElse("none");
    }

    @Test
    void shouldBindWholePages() throws IOException {
        assumeTrue(MemoryPolicy.isSupported() && Files.isReadable(Path.of("/proc/self/numa_maps")),
                "this kernel has no policies of memory");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4 << 20, 4096);
            memory.fill((byte) 1);
            assertEquals(4 << 20, MemoryPolicy.set(memory, MemoryPolicy.Kind.BIND, NodeSet.of(0)));
            assertTrue(policyAt(memory.address()).contains("bind:0"), policyAt(memory.address()));
            assertEquals(4 << 20, MemoryPolicy.set(memory, MemoryPolicy.Kind.INTERLEAVE, NodeSet.of(0)));
            assertTrue(policyAt(memory.address()).contains("interleave:0"), policyAt(memory.address()));
            MemoryPolicy.set(memory, MemoryPolicy.Kind.FIRST_TOUCH, NodeSet.EMPTY);
            assertEquals(4096, MemoryPolicy.set(memory.asSlice(1, 8191), MemoryPolicy.Kind.BIND, NodeSet.of(0)));
            assertEquals(0, MemoryPolicy.set(memory.asSlice(8, 4096), MemoryPolicy.Kind.BIND, NodeSet.of(0)));
            ScopeException e = assertThrows(ScopeException.class, () -> MemoryPolicy.set(memory, MemoryPolicy.Kind.BIND, NodeSet.of(900)));
            assertEquals(ErrorCode.SYSTEM, e.code());
            assertTrue(e.getMessage().contains("errno=22"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> MemoryPolicy.set(memory, MemoryPolicy.Kind.BIND, NodeSet.EMPTY));
        }
        assertThrows(IllegalArgumentException.class, () -> MemoryPolicy.set(MemorySegment.ofArray(new byte[8192]),
                MemoryPolicy.Kind.BIND, NodeSet.of(0)));
    }
}
