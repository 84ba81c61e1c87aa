package org.jadi.device.ucx.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What UCX makes of the parameters that go through jucx: asked of UCX itself. */
class UcxSessionTest {
    /** {@code ucp_worker_attr_t}: the mask of fields, then the thread mode; the rest is larger in newer versions. */
    private static final int ATTRIBUTES_BYTES = 256;
    private static final long THREAD_MODE_FIELD = 1;
    private static final long THREAD_MODE_OFFSET = 8;

    @BeforeAll
    static void needsUcx() {
        String reason = UcxLibrary.load(UcxLibrary.LIBRARY, Map.of("UCX_LOG_LEVEL", "error", "UCX_ERROR_SIGNALS", ""));
        assumeTrue(reason == null, "ucx " + reason);
    }

    @Test
    void shouldLeaveTheEnvironmentAsItWas() {
        String tls = LibC.getenv("UCX_TLS");
        String level = LibC.getenv("UCX_LOG_LEVEL");
        UcxSession.open(2, Map.of("UCX_TLS", "posix", "UCX_LOG_LEVEL", "fatal")).close();
        assertThrows(RuntimeException.class, () -> UcxSession.open(2, Map.of("UCX_TLS", "there-is-none")));
        assertEquals(tls, LibC.getenv("UCX_TLS"));
        assertEquals(level, LibC.getenv("UCX_LOG_LEVEL"));
        assertNotNull(level);
    }

    @Test
    void shouldLetThreadsTakeTurns() throws Throwable {
        try (UcxSession session = UcxSession.open(2, Map.of("UCX_TLS", "posix")); Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 8);
            attributes.set(ValueLayout.JAVA_LONG, 0, THREAD_MODE_FIELD);
            attributes.set(ValueLayout.JAVA_INT, THREAD_MODE_OFFSET, -1);
            assertEquals(0, query(session.workerHandle(), attributes));
            assertEquals(UcxSession.SERIALIZED, attributes.get(ValueLayout.JAVA_INT, THREAD_MODE_OFFSET));
        }
    }

    @SuppressWarnings("restricted")
    private static int query(long worker, MemorySegment attributes) throws Throwable {
        return (int) Linker.nativeLinker().downcallHandle(
                SymbolLookup.libraryLookup(UcxLibrary.LIBRARY, Arena.global()).find("ucp_worker_query").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
                .invokeExact(worker, attributes);
    }
}
