package org.jadi.mpi.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.mpi.datatype.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemporaryTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldBeAnArrayOfTheKindAsLongAsOneIsLongEnough(Kind kind) {
        MemorySegment memory = Temporary.allocate(kind, 2 * kind.bytes + 1, 3);
        assertEquals(3 * kind.bytes, memory.byteSize());
        Object array = memory.heapBase().orElseThrow();
        if (kind == Kind.DOUBLE) {
            assertInstanceOf(double[].class, array);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldBeNativeBeyondThat(Kind kind) {
        MemorySegment memory = Temporary.allocate(kind, 3 * kind.bytes + 1, 3);
        assertTrue(memory.isNative());
        assertEquals(4 * kind.bytes, memory.byteSize());
        assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, 4 * kind.bytes - 1));
        assertTrue(memory.isAccessibleBy(new Thread()));
    }
}
