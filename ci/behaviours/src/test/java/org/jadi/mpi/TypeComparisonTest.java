package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages whose types are compared: what differs legally passes, what does not fails at the receiver. MPI 4.1 §3.3.1. */
@Timeout(120)
class TypeComparisonTest {
    private static Map<String, String> settings(String eager) {
        return Map.of("check.types", "true", "eager.limitBytes", eager);
    }

    private interface Sender {
        void send(IntraComm world, int tag);
    }

    private interface Receiver {
        Status recv(IntraComm world, int tag);
    }

    private record Pair(boolean fits, Sender sender, Receiver receiver) {}

    private static List<Pair> pairs() {
        Datatype pair = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, Datatype.INT, Datatype.DOUBLE).commit();
        Datatype tight = Datatype.struct(new long[] {1, 1}, new long[] {0, 4}, Datatype.INT, Datatype.DOUBLE).commit();
        Datatype swapped = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, Datatype.DOUBLE, Datatype.INT).commit();
        Datatype column = Datatype.vector(4, 1, 2, Datatype.INT).commit();
        List<Pair> pairs = new ArrayList<>();
        Sender ints = (w, tag) -> w.send(new int[4], 1, tag);
        pairs.add(new Pair(true, ints, (w, tag) -> w.recv(new int[4], 0, tag)));
        pairs.add(new Pair(true, ints, (w, tag) -> w.recv(new int[9], 0, tag)));
        pairs.add(new Pair(true, ints, (w, tag) -> w.recv(new int[7], 0, 1, column, 0, tag)));
        pairs.add(new Pair(true, ints, (w, tag) -> w.recv(MemorySegment.ofArray(new byte[16]), 4, Datatype.INT, 0, tag)));
        pairs.add(new Pair(true, ints, (w, tag) -> w.recv(Arena.ofAuto().allocate(16), 0, tag)));
        pairs.add(new Pair(true, ints, (w, tag) -> w.irecv(MemorySegment.ofArray(new byte[16]), 16, Datatype.PACKED, 0, tag).await()));
        pairs.add(new Pair(true, ints, (w, tag) -> w.mprobe(0, tag).recv(new int[4])));
        pairs.add(new Pair(false, ints, (w, tag) -> w.recv(new float[4], 0, tag)));
        pairs.add(new Pair(false, ints, (w, tag) -> w.recv(new double[2], 0, tag)));
        pairs.add(new Pair(false, ints, (w, tag) -> w.irecv(new byte[16], 0, tag).await()));
        pairs.add(new Pair(false, ints, (w, tag) -> w.recv(ByteBuffer.allocate(16), 0, tag)));
        pairs.add(new Pair(false, ints, (w, tag) -> w.mprobe(0, tag).recv(new float[4])));
        pairs.add(new Pair(false, ints, (w, tag) -> w.recv(MemorySegment.ofArray(new byte[64]), 2, pair, 0, tag)));
        Sender structs = (w, tag) -> w.isend(MemorySegment.ofArray(new byte[64]), 3, pair, 1, tag).await();
        pairs.add(new Pair(true, structs, (w, tag) -> w.recv(MemorySegment.ofArray(new byte[64]), 3, tight, 0, tag)));
        pairs.add(new Pair(true, structs, (w, tag) -> w.recv(MemorySegment.ofArray(new byte[64]), 4, pair, 0, tag)));
        pairs.add(new Pair(false, structs, (w, tag) -> w.recv(MemorySegment.ofArray(new byte[64]), 3, swapped, 0, tag)));
        pairs.add(new Pair(false, structs, (w, tag) -> w.recv(new int[20], 0, tag)));
        Sender two = (w, tag) -> w.ssend(new boolean[] {true, false}, 1, tag);
        pairs.add(new Pair(true, two, (w, tag) -> w.recv(new boolean[3], 0, tag)));
        pairs.add(new Pair(false, two, (w, tag) -> w.recv(new byte[2], 0, tag)));
        pairs.add(new Pair(true, (w, tag) -> w.send(new double[0], 1, tag), (w, tag) -> w.recv(new int[1], 0, tag)));
        pairs.add(new Pair(false, (w, tag) -> w.send(new byte[3], 1, tag), (w, tag) -> w.recv(new int[1], 0, tag)));
        Sender replaced = (w, tag) -> w.sendrecvReplace(new int[3], 1, tag, Comm.PROC_NULL, 0);
        pairs.add(new Pair(true, replaced, (w, tag) -> w.recv(new int[3], 0, tag)));
        pairs.add(new Pair(false, replaced, (w, tag) -> w.recv(new byte[12], 0, tag)));
        Sender persistent = (w, tag) -> {
            PersistentRequest r = w.sendInit(new long[2], 1, tag);
            r.start();
            r.await();
            r.free();
        };
        pairs.add(new Pair(true, persistent, (w, tag) -> w.recv(new long[2], 0, tag)));
        pairs.add(new Pair(false, persistent, (w, tag) -> w.recv(new double[2], 0, tag)));
        pairs.add(new Pair(true, (w, tag) -> w.sendObject("text", 1, tag), (w, tag) -> {
            w.recvObject(0, tag);
            return Status.EMPTY;
        }));
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "64k"})
    void differencesAreSeenAtTheReceiverOnly(String eager) {
        List<Pair> pairs = pairs();
        Ranks.run(2, settings(eager), world -> {
            for (int i = 0; i < 2 * pairs.size(); i++) {
                Pair p = pairs.get(i / 2);
                int tag = i;
                if (i % 2 == 1) {
                    world.barrier(); // the receive is posted later, or the message is unexpected
                }
                if (world.rank() == 0) {
                    p.sender().send(world, tag);
                } else if (p.fits()) {
                    p.receiver().recv(world, tag);
                } else {
                    MpiException e = assertClass(ErrorClass.TYPE, () -> p.receiver().recv(world, tag));
                    assertTrue(e.getMessage().contains("other basic types"), "pair " + i / 2 + ": " + e.getMessage());
                }
            }
            assertEquals(3, world.allreduceObject(world.rank() + 1, Integer::sum), "still usable");
        });
    }

    @Test
    void nothingIsComparedUnlessAskedFor() {
        Ranks.run(2, Map.of(), world -> {
            if (world.rank() == 0) {
                world.send(new int[4], 1, 0);
            } else {
                assertEquals(16, world.recv(new byte[16], 0, 0).bytes());
            }
        });
    }

    /** Random types of one signature, and random prefixes of it, on both sides. */
    @Test
    void randomTypesOfOneSignatureMatch() {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        System.out.println("TypeComparisonTest: -Djadi.seed=" + seed);
        Ranks.run(2, settings("64"), world -> {
            Random random = new Random(seed);
            for (int turn = 0; turn < 200; turn++) {
                int n = 1 + random.nextInt(20);
                Datatype[] kinds = new Datatype[n];
                for (int i = 0; i < n; i++) {
                    kinds[i] = List.of(Datatype.BYTE, Datatype.INT, Datatype.DOUBLE).get(random.nextInt(3));
                }
                boolean same = random.nextInt(3) > 0;
                Datatype sent = scattered(kinds, random);
                Datatype received = scattered(kinds, random);
                int change = random.nextInt(n);
                Datatype other = kinds[change] == Datatype.INT ? Datatype.FLOAT : Datatype.INT;
                Datatype[] changed = kinds.clone();
                changed[change] = other;
                Datatype wrong = scattered(changed, random);
                MemorySegment memory = MemorySegment.ofArray(new byte[10_000]);
                if (world.rank() == 0) {
                    world.send(memory, 1, sent, 1, 5);
                } else if (same) {
                    world.recv(memory, 1, received, 0, 5);
                } else {
                    MpiException e = org.junit.jupiter.api.Assertions.assertThrows(MpiException.class,
                            () -> world.recv(memory, 2, wrong, 0, 5));
                    assertEquals(ErrorClass.TYPE, e.errorClass(), e.getMessage());
                }
            }
        });
    }

    private static Datatype scattered(Datatype[] kinds, Random random) {
        long[] lengths = new long[kinds.length];
        long[] places = new long[kinds.length];
        long at = 0;
        for (int i = 0; i < kinds.length; i++) {
            at += random.nextInt(3) * 8;
            lengths[i] = 1;
            places[i] = at;
            at += kinds[i].size();
        }
        return Datatype.resized(Datatype.struct(lengths, places, kinds), 0, at + 8).commit();
    }
}
