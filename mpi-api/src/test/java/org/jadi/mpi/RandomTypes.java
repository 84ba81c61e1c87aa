package org.jadi.mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jadi.mpi.Datatype.Distribution;
import org.jadi.mpi.Datatype.Order;
import org.jadi.mpi.datatype.Kind;

/** Random trees of types, each with its model. */
final class RandomTypes {
    private static final int MOST_ENTRIES = 1500;
    private static final long MOST_BYTES = 1 << 19;

    record Pair(Datatype type, TypeModel model) {}

    private final Random random;

    RandomTypes(Random random) {
        this.random = random;
    }

    Pair next(int depth) {
        for (;;) {
            Pair p = depth == 0 || random.nextInt(12) == 0 ? basic() : derived(depth);
            if (p.model.entries.size() <= MOST_ENTRIES && p.model.trueUb() < MOST_BYTES && p.model.trueLb() > -MOST_BYTES) {
                return p;
            }
        }
    }

    private Pair basic() {
        int i = random.nextInt(Kind.values().length + 1);
        if (i == Kind.values().length) {
            return new Pair(Datatype.DOUBLE_INT, new TypeModel().add(TypeModel.basic(Kind.DOUBLE), 1, 0)
                    .add(TypeModel.basic(Kind.INT), 1, 8));
        }
        List<Datatype> all = List.of(Datatype.BYTE, Datatype.BOOLEAN, Datatype.CHAR, Datatype.SHORT, Datatype.INT, Datatype.LONG,
                Datatype.FLOAT, Datatype.DOUBLE, Datatype.PACKED);
        return new Pair(all.get(i), TypeModel.basic(Kind.values()[i]));
    }

    private Pair derived(int depth) {
        Pair old = next(depth - 1);
        return switch (random.nextInt(12)) {
            case 0 -> contiguous(old);
            case 1, 2 -> vector(old);
            case 3 -> hvector(old);
            case 4, 5 -> indexed(old);
            case 6 -> hindexed(old);
            case 7 -> blocks(old);
            case 8 -> struct(depth);
            case 9 -> subarray(old);
            case 10 -> darray(old);
            default -> resized(old);
        };
    }

    private int count() {
        return random.nextInt(5) == 0 ? random.nextInt(30) : random.nextInt(4);
    }

    private Pair contiguous(Pair old) {
        int n = count();
        return new Pair(Datatype.contiguous(n, old.type), old.model.repeated(n));
    }

    private Pair vector(Pair old) {
        int n = count();
        int length = count();
        int stride = random.nextBoolean() ? length + random.nextInt(3) : random.nextInt(20) - 10;
        TypeModel m = new TypeModel();
        for (int i = 0; i < n; i++) {
            m.add(old.model, length, i * stride * old.model.extent());
        }
        return new Pair(Datatype.vector(n, length, stride, old.type), m);
    }

    private Pair hvector(Pair old) {
        int n = count();
        int length = count();
        long stride = random.nextBoolean() ? length * old.model.extent() + random.nextInt(9) : random.nextInt(400) - 200;
        TypeModel m = new TypeModel();
        for (int i = 0; i < n; i++) {
            m.add(old.model, length, i * stride);
        }
        return new Pair(Datatype.hvector(n, length, stride, old.type), m);
    }

    private long[] lengths(int n) {
        boolean equal = random.nextBoolean();
        int length = random.nextInt(4);
        return random.longs(n, 0, 4).map(v -> equal ? length : v).toArray();
    }

    /** Places that often, but not always, leave room for the blocks, and often touch. */
    private long[] places(long[] lengths, long unit) {
        long[] places = new long[lengths.length];
        boolean tight = random.nextBoolean();
        boolean regular = random.nextBoolean();
        long at = random.nextInt(20) - 10;
        for (int i = 0; i < places.length; i++) {
            places[i] = tight ? at : random.nextInt(60) - 20;
            at += (i < lengths.length ? lengths[i] : 1) * unit + (regular ? 1 : random.nextInt(2));
        }
        return places;
    }

    private Pair indexed(Pair old) {
        long[] lengths = lengths(count());
        long[] places = places(lengths, 1);
        TypeModel m = new TypeModel();
        for (int i = 0; i < places.length; i++) {
            m.add(old.model, lengths[i], places[i] * old.model.extent());
        }
        return new Pair(Datatype.indexed(lengths, places, old.type), m);
    }

    private Pair hindexed(Pair old) {
        long[] lengths = lengths(count());
        long[] places = places(lengths, old.model.extent());
        TypeModel m = new TypeModel();
        for (int i = 0; i < places.length; i++) {
            m.add(old.model, lengths[i], places[i]);
        }
        return new Pair(Datatype.hindexed(lengths, places, old.type), m);
    }

    private Pair blocks(Pair old) {
        long[] lengths = new long[count()];
        Arrays.fill(lengths, random.nextInt(3));
        boolean bytes = random.nextBoolean();
        long[] places = places(lengths, bytes ? old.model.extent() : 1);
        TypeModel m = new TypeModel();
        for (int i = 0; i < places.length; i++) {
            m.add(old.model, lengths[i], places[i] * (bytes ? 1 : old.model.extent()));
        }
        long length = lengths.length == 0 ? 1 : lengths[0];
        return new Pair(bytes ? Datatype.hindexedBlock(length, places, old.type)
                : Datatype.indexedBlock(length, places, old.type), m);
    }

    private Pair struct(int depth) {
        long[] lengths = lengths(count());
        long[] places = new long[lengths.length];
        List<Datatype> types = new ArrayList<>();
        TypeModel m = new TypeModel();
        long at = random.nextInt(9) - 4;
        for (int i = 0; i < lengths.length; i++) {
            Pair p = next(random.nextInt(depth));
            types.add(p.type);
            places[i] = random.nextInt(4) == 0 ? random.nextInt(200) - 100 : at;
            at += lengths[i] * p.model.extent() + random.nextInt(2);
            m.add(p.model, lengths[i], places[i]);
        }
        return new Pair(Datatype.struct(lengths, places, types.toArray(Datatype[]::new)), m);
    }

    private Pair subarray(Pair old) {
        int n = 1 + random.nextInt(3);
        long[] sizes = random.longs(n, 1, 7).toArray();
        long[] subsizes = Arrays.stream(sizes).map(s -> 1 + random.nextInt((int) s)).toArray();
        long[] starts = new long[n];
        Arrays.setAll(starts, d -> random.nextInt((int) (sizes[d] - subsizes[d] + 1)));
        Order order = Order.values()[random.nextInt(2)];
        TypeModel m = ArrayModel.of(old.model, sizes, order,
                (d, i) -> i >= starts[d] && i < starts[d] + subsizes[d]);
        return new Pair(Datatype.subarray(sizes, subsizes, starts, order, old.type), m);
    }

    private Pair darray(Pair old) {
        int n = 1 + random.nextInt(3);
        long[] sizes = random.longs(n, 1, 9).toArray();
        int[] processes = random.ints(n, 1, 4).toArray();
        Distribution[] how = new Distribution[n];
        long[] given = new long[n];
        long[] blocks = new long[n];
        int size = 1;
        for (int d = 0; d < n; d++) {
            how[d] = Distribution.values()[random.nextInt(3)];
            processes[d] = how[d] == Distribution.NONE ? 1 : processes[d];
            size *= processes[d];
            long least = (sizes[d] + processes[d] - 1) / processes[d];
            given[d] = random.nextBoolean() ? Datatype.DEFAULT_BLOCK
                    : how[d] == Distribution.BLOCK ? least + random.nextInt(2) : 1 + random.nextInt(3);
            blocks[d] = how[d] == Distribution.NONE ? sizes[d] : given[d] != Datatype.DEFAULT_BLOCK ? given[d]
                    : how[d] == Distribution.BLOCK ? least : 1;
        }
        int rank = random.nextInt(size);
        Order order = Order.values()[random.nextInt(2)];
        int[] coordinates = ArrayModel.coordinates(rank, processes);
        TypeModel m = ArrayModel.of(old.model, sizes, order, (d, i) -> i / blocks[d] % processes[d] == coordinates[d]);
        return new Pair(Datatype.darray(size, rank, sizes, how, given, processes, order, old.type), m);
    }

    private Pair resized(Pair old) {
        long lb = random.nextInt(3) == 0 ? random.nextInt(40) - 20 : old.model.lb();
        long extent = random.nextInt(6) == 0 ? random.nextInt(100) - 40 : old.model.extent() + random.nextInt(17);
        return new Pair(Datatype.resized(old.type, lb, extent), old.model.resized(lb, extent));
    }
}
