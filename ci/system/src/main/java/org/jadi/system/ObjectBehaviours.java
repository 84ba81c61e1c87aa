package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Message;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.ObjectRequest;
import org.jadi.mpi.Request;

/** Objects as messages. */
final class ObjectBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("objects", ObjectBehaviours::objects),
            Behaviour.of("objects_large", ObjectBehaviours::large),
            Behaviour.of("objects_nonblocking", ObjectBehaviours::nonblocking),
            Behaviour.of("objects_probe", ObjectBehaviours::probed),
            Behaviour.of("objects_errors", ObjectBehaviours::errors));

    /** A class of the program's own. */
    record Parcel(String label, int[] content, LocalDate day) implements Serializable {}

    private ObjectBehaviours() {}

    @SuppressWarnings("unchecked") // the test is whether the cast holds
    private static <T> T exchanged(IntraComm c, T object) {
        Request s = c.isendObject(object, next(c), 1);
        T got = (T) c.recvObject(previous(c), 1);
        s.await();
        return got;
    }

    private static void objects(IntraComm c) {
        for (Object o : new Object[] {null, "", "text \u20ac \ud83d\ude00", "\ud83d half", 42, List.of(1, 2, 3), new TreeMap<>(Map.of("a", 1)),
                LocalDate.of(2026, 11, 20), Thread.State.RUNNABLE, new int[][] {{1}, {2, 3}}}) {
            Check.equal(o, exchanged(c, o), "object");
        }
        Parcel got = exchanged(c, new Parcel("p" + c.rank(), new int[] {1, 2}, LocalDate.EPOCH));
        Check.equal("p" + previous(c), got.label(), "a record of the program's");
        Check.equal(new int[] {1, 2}, got.content(), "its array");
        c.sendObject("x", Comm.PROC_NULL, 1);
        Check.equal(null, c.recvObject(Comm.PROC_NULL, 1), "from nobody");
    }

    private static void large(IntraComm c) {
        Map<String, Integer> map = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            map.put("word" + i, i);
        }
        Check.equal(map, exchanged(c, map), "a large map");
        String text = "0123456789".repeat(50_000);
        Check.equal(text, exchanged(c, text), "a large text");
    }

    private static void nonblocking(IntraComm c) throws Exception {
        ObjectRequest<String> r = c.irecvObject(Comm.ANY_SOURCE, 1);
        ObjectRequest<String> staged = c.irecvObject(previous(c), 2);
        var stage = staged.toValueStage(Runnable::run);
        c.barrier();
        c.sendObject("hello", next(c), 1);
        c.ssendObject("stage", next(c), 2);
        Check.equal("hello", r.awaitValue(), "value");
        Check.equal("hello", r.awaitValue(), "value, again");
        Check.equal(previous(c), r.await().source(), "source");
        Check.equal("stage", stage.toCompletableFuture().get(20, TimeUnit.SECONDS), "value of the stage");
        ObjectRequest<String> cancelled = c.irecvObject(previous(c), 3);
        cancelled.cancel();
        Check.equal(null, cancelled.awaitValue(), "value of a cancelled receive");
        c.barrier();
    }

    private static void probed(IntraComm c) {
        Request s = c.isendObject(List.of("a", "b"), next(c), 7);
        Message m = c.mprobe(Comm.ANY_SOURCE, Comm.ANY_TAG);
        Check.equal(previous(c), m.status().source(), "source");
        Check.equal(7, m.status().tag(), "tag");
        Check.equal(List.of("a", "b"), m.<List<String>>recvObject(), "object");
        s.await();
    }

    private static void errors(IntraComm c) throws Exception {
        MpiException e = Check.fails(ErrorClass.TYPE, () -> c.sendObject(new Object(), c.rank(), 1));
        Check.that(e.getMessage().contains("java.lang.Object"), e.getMessage());
        Request s = c.isend(new byte[] {9, 9, 9}, next(c), 1);
        Check.fails(ErrorClass.TYPE, () -> c.recvObject(previous(c), 1));
        s.await();
        // Refused by the default filter: a class that has no business in a message.
        Request remote = c.isendObject(new javax.management.ObjectName("a:b=c"), next(c), 1);
        e = Check.fails(ErrorClass.TYPE, () -> c.recvObject(previous(c), 1));
        Check.that(e.getMessage().contains("jadi.objects.filter"), e.getMessage());
        remote.await();
    }
}
