package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jadi.junit.MpiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behaviours infomany, infoorder, infovallen, infoenv, comm_info2. */
@Timeout(20)
class InfoTest {
    @Test
    void shouldKeepTheOrderOfKeys() {
        Info info = new Info().set("c", "1").set("a", "2").set("b", "3").set("a", "4");
        assertEquals(List.of("c", "a", "b"), info.keys());
        info.delete("a");
        assertEquals(List.of("c", "b"), info.keys());
        info.set("a", "5");
        assertEquals(List.of("c", "b", "a"), info.dup().keys());
        assertEquals(Optional.of("5"), info.get("a"));
        assertEquals(Optional.empty(), info.get("d"));
        assertClass(ErrorClass.INFO_NOKEY, () -> info.delete("d"));
    }

    @Test
    void shouldHoldManyPairs() {
        Info info = new Info();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            keys.add("key" + i * 7919 % 1000);
            info.set(keys.get(i), "value" + i);
        }
        assertEquals(1000, info.size());
        assertEquals(keys, info.keys());
        assertEquals(Optional.of("value999"), info.get(keys.get(999)));
    }

    @Test
    void shouldLimitLengths() {
        Info info = new Info().set("k".repeat(Info.MAX_KEY), "v".repeat(Info.MAX_VALUE)).set("empty", "");
        assertEquals(2, info.size());
        assertClass(ErrorClass.INFO_KEY, () -> info.set("k".repeat(Info.MAX_KEY + 1), ""));
        assertClass(ErrorClass.INFO_KEY, () -> info.set("", "v"));
        assertClass(ErrorClass.INFO_KEY, () -> info.get(null));
        assertClass(ErrorClass.INFO_VALUE, () -> info.set("k", "v".repeat(Info.MAX_VALUE + 1)));
        assertClass(ErrorClass.INFO_VALUE, () -> info.set("k", null));
        assertEquals(2, info.size());
    }

    @Test
    void shouldCopy() {
        Info info = new Info().set("a", "1");
        Info copy = info.dup();
        copy.set("a", "2");
        assertEquals(Optional.of("1"), info.get("a"));
    }

    @Test
    void shouldKnowTheEnvironment() {
        Info info = Info.environment();
        assertEquals(Optional.of("MPI_THREAD_MULTIPLE"), info.get("thread_level"));
        assertTrue(info.get("wdir").isPresent() && info.get("arch").isPresent());
    }

    @MpiTest(ranks = {1, 2})
    void hintsOfCommunicatorsAreAddedAndCopied(IntraComm world) {
        Info mine = new Info().set("a", "1").set("b", "2");
        world.setInfo(mine);
        mine.set("a", "changed");
        world.info().set("b", "changed");
        world.setInfo(new Info().set("c", "3"));
        assertEquals("{a=1, b=2, c=3}", world.info().toString());
        assertClass(ErrorClass.INFO, () -> world.setInfo(null));
        assertEquals("{x=y}", world.dup(new Info().set("x", "y")).info().toString());
    }
}
