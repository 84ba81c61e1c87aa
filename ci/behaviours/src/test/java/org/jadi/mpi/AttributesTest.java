package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jadi.junit.MpiTest;
import org.jadi.mpi.launch.LocalJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behaviours attrt, attrorder, attrend2, attrdeleteget, keyval_double_free. */
class AttributesTest {
    @MpiTest(ranks = {1, 2})
    void valuesAreSetReplacedAndDeleted(IntraComm world) {
        List<String> deleted = new ArrayList<>();
        Keyval<Comm, String> key = Keyval.create((old, k, v) -> Optional.empty(), (c, k, v) -> deleted.add(v));
        assertEquals(Optional.empty(), world.attribute(key));
        world.setAttribute(key, "one");
        assertEquals(Optional.of("one"), world.attribute(key));
        world.setAttribute(key, "two");
        assertEquals(List.of("one"), deleted);
        assertTrue(world.deleteAttribute(key));
        assertFalse(world.deleteAttribute(key));
        assertEquals(List.of("one", "two"), deleted);
        assertEquals(Optional.empty(), world.attribute(key));
        assertClass(ErrorClass.ARG, () -> world.setAttribute(key, null));
        assertClass(ErrorClass.KEYVAL, () -> world.setAttribute(null, "x"));
        assertClass(ErrorClass.ARG, () -> Keyval.create(null, null));
    }

    @MpiTest(ranks = {1, 3})
    void dupAsksTheCopyCallbacksInOrder(IntraComm world) {
        List<Integer> asked = new ArrayList<>();
        List<Keyval<Comm, Integer>> keys = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int n = i;
            Keyval<Comm, Integer> key = Keyval.create((old, k, v) -> {
                asked.add(n);
                return n % 2 == 0 ? Optional.of(v + 10) : Optional.empty();
            }, (c, k, v) -> {});
            keys.add(key);
            world.setAttribute(key, i);
        }
        Keyval<Comm, String> shared = Keyval.shared();
        Keyval<Comm, String> alone = Keyval.create();
        world.setAttribute(shared, "s");
        world.setAttribute(alone, "a");
        IntraComm dup = world.dup();
        assertEquals(List.of(0, 1, 2, 3), asked);
        assertEquals(Optional.of(12), dup.attribute(keys.get(2)));
        assertEquals(Optional.of(2), world.attribute(keys.get(2)));
        assertEquals(Optional.empty(), dup.attribute(keys.get(1)));
        assertEquals(Optional.of("s"), dup.attribute(shared));
        assertEquals(Optional.empty(), dup.attribute(alone));
        assertEquals(Optional.empty(), world.split(0, 0).attribute(shared), "split copies no attributes");
        ObjectRequest<? extends IntraComm> later = world.idup();
        assertEquals(8, asked.size(), "idup copies when it is called");
        world.setAttribute(shared, "changed");
        assertEquals(Optional.of("s"), later.awaitValue().attribute(shared));
    }

    @MpiTest(ranks = {1, 2})
    void failingCopyLeavesTheCommunicatorUsable(IntraComm world) {
        Keyval<Comm, String> bad = Keyval.create((old, k, v) -> {
            throw new IllegalStateException("no copy today");
        }, (c, k, v) -> {});
        world.setAttribute(bad, "x");
        int used = world.seed.instance().contexts.inUse();
        MpiException e = assertClass(ErrorClass.OTHER, world::dup);
        assertTrue(e.getMessage().contains("no copy today"), e.getMessage());
        assertEquals(used, world.seed.instance().contexts.inUse());
        world.deleteAttribute(bad);
        CommTest.ring(world.dup());
    }

    @MpiTest(ranks = {1, 2})
    void freeDeletesTheLatestFirst(IntraComm world) {
        List<String> deleted = new ArrayList<>();
        IntraComm dup = world.dup();
        for (String name : List.of("a", "b", "c")) {
            Keyval<Comm, String> key = Keyval.create((old, k, v) -> Optional.empty(), (c, k, v) -> {
                CommTest.ring((IntraComm) c);
                deleted.add(v + c.attribute(k).isPresent());
            });
            dup.setAttribute(key, name);
        }
        dup.free();
        assertEquals(List.of("ctrue", "btrue", "atrue"), deleted);
    }

    @MpiTest(ranks = {1, 2})
    void failingDeleteKeepsAttributeAndCommunicator(IntraComm world) {
        boolean[] refuse = {true};
        Keyval<Comm, String> key = Keyval.create((old, k, v) -> Optional.empty(), (c, k, v) -> {
            if (refuse[0]) {
                throw new MpiException(ErrorClass.ACCESS, "stays");
            }
        });
        IntraComm dup = world.dup();
        dup.setAttribute(key, "here");
        List<ErrorClass> told = new ArrayList<>();
        dup.setErrhandler((c, e) -> told.add(e.errorClass()));
        assertClass(ErrorClass.ACCESS, () -> dup.deleteAttribute(key));
        assertClass(ErrorClass.ACCESS, () -> dup.setAttribute(key, "other"));
        assertClass(ErrorClass.ACCESS, dup::free);
        assertEquals(Optional.of("here"), dup.attribute(key));
        assertEquals(List.of(ErrorClass.ACCESS, ErrorClass.ACCESS, ErrorClass.ACCESS), told);
        CommTest.ring(dup);
        refuse[0] = false;
        dup.free();
    }

    @MpiTest(ranks = {1, 2})
    void freedKeysLiveOnWhereTheyAreAttached(IntraComm world) {
        int[] deleted = new int[1];
        Keyval<Comm, String> key = Keyval.create((old, k, v) -> Optional.of(v), (c, k, v) -> deleted[0]++);
        IntraComm dup = world.dup();
        dup.setAttribute(key, "v");
        key.free();
        key.free();
        assertClass(ErrorClass.KEYVAL, () -> world.setAttribute(key, "w"));
        assertEquals(Optional.of("v"), dup.attribute(key));
        IntraComm second = dup.dup();
        dup.free();
        second.free();
        assertEquals(2, deleted[0]);
    }

    @Test
    void typesHaveAttributes() {
        List<String> deleted = new ArrayList<>();
        Keyval<Datatype, String> key = Keyval.create((old, k, v) -> Optional.of(v + "'"), (t, k, v) -> deleted.add(v));
        Keyval<Datatype, String> alone = Keyval.create();
        Datatype type = Datatype.contiguous(3, Datatype.INT);
        type.setAttribute(key, "a");
        type.setAttribute(alone, "b");
        assertEquals(Optional.of("a"), type.attribute(key));
        Datatype dup = type.dup();
        assertEquals(Optional.of("a'"), dup.attribute(key));
        assertEquals(Optional.empty(), dup.attribute(alone));
        assertTrue(type.deleteAttribute(alone));
        assertFalse(type.deleteAttribute(alone));
        type.free();
        assertEquals(List.of("a"), deleted);
        assertClass(ErrorClass.TYPE, () -> type.setAttribute(key, "x"));
        Keyval<Datatype, String> refuses = Keyval.create((old, k, v) -> Optional.empty(), (t, k, v) -> {
            throw new MpiException(ErrorClass.ACCESS, "stays");
        });
        dup.setAttribute(refuses, "c");
        assertClass(ErrorClass.ACCESS, dup::free);
        assertFalse(dup.isFreed());
    }

    private static final Map<Integer, List<String>> ENDS = new ConcurrentHashMap<>();

    @MpiTest(ranks = 2)
    void closeDeletesTheAttributesOfSelfFirst(Mpi mpi, IntraComm world) {
        List<String> ends = Collections.synchronizedList(new ArrayList<>());
        ENDS.put(world.rank(), ends);
        Keyval.Delete<Comm, String> note = (c, k, v) -> ends.add(v + mpi.isOpen());
        world.setAttribute(Keyval.<Comm, String>create((old, k, v) -> Optional.empty(), note), "world");
        for (int i = 0; i < 5; i++) {
            mpi.self().setAttribute(Keyval.<Comm, String>create((old, k, v) -> Optional.empty(), note), "self" + i);
        }
    }

    @AfterAll
    static void theLatestCameFirst() {
        for (List<String> ends : ENDS.values()) {
            assertEquals(List.of("self4true", "self3true", "self2true", "self1true", "self0true", "worldtrue"), ends);
        }
        assertEquals(2, ENDS.size());
    }

    @Test
    @Timeout(20)
    void shouldCloseInSpiteOfAFailingCallback() {
        LocalJob.Failure failure = new LocalJob(1).run(null, null, place -> {
            Mpi mpi = Mpi.init(place, org.jadi.adi.config.Config.of(Map.of("device", "self")));
            mpi.self().setAttribute(Keyval.<Comm, String>create((old, k, v) -> Optional.empty(), (c, k, v) -> {
                throw new IllegalStateException("no end");
            }), "x");
            assertClass(ErrorClass.OTHER, mpi::close);
            assertFalse(mpi.isOpen());
        });
        assertEquals(null, failure);
    }
}
