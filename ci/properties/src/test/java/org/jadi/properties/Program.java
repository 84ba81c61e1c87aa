package org.jadi.properties;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A random program of sends and receives in phases: within a phase, every message has a receive that can take it,
 * whatever the order of events, so that a correct engine ends each phase.
 */
final class Program {
    static final int ANY = -1;

    /** How a receive finds its message. */
    enum Way { POSTED, BLOCKING, MATCHED_PROBE, PROBED }

    /** Which memory an operation uses. */
    enum Memory { HEAP, LONGS, SHARED, CONFINED, ALLOCATED, STRIDED }

    /**
     * A message.
     *
     * @param sequence number among the messages of the phase with the same sender, receiver and context
     */
    record Message(int from, int to, int context, int tag, int sequence, int bytes, boolean synchronous, Memory memory) {
        /** Returns from what its contents are made. */
        long seed() {
            return ((from * 64L + to) * 64 + context) * 1024 + sequence;
        }
    }

    /** A receive; {@code source} and {@code tag} may be ANY; {@code room} is what the buffer holds beyond the largest message. */
    record Receive(int at, int context, int source, int tag, int capacity, Way way, Memory memory) {
        boolean matches(Message m) {
            return m.to == at && m.context == context && (source == ANY || source == m.from) && (tag == ANY || tag == m.tag);
        }
    }

    /** What the engine's limits allow a program to do. */
    record Shape(int ranks, int contexts, int tags, int phases, int messagesPerPhase, int mostBytes) {}

    /** Sends and receives of a phase; a rank posts them in the order of the lists. */
    record Phase(List<Message> messages, List<Receive> receives) {}

    final Shape shape;
    final List<Phase> phases = new ArrayList<>();
    private final SplittableRandom random;

    Program(long seed, Shape shape) {
        this.shape = shape;
        this.random = new SplittableRandom(seed);
        for (int p = 0; p < shape.phases; p++) {
            phases.add(phase());
        }
    }

    private Phase phase() {
        int[][][] sequences = new int[shape.ranks][shape.ranks][shape.contexts];
        List<Message> messages = new ArrayList<>();
        int count = 1 + random.nextInt(shape.messagesPerPhase);
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(shape.ranks);
            int to = random.nextInt(shape.ranks);
            int context = random.nextInt(shape.contexts);
            messages.add(new Message(from, to, context, random.nextInt(shape.tags), sequences[from][to][context]++, bytes(),
                    random.nextInt(4) == 0, memory()));
        }
        List<Receive> receives = new ArrayList<>();
        for (int to = 0; to < shape.ranks; to++) {
            for (int context = 0; context < shape.contexts; context++) {
                int me = to;
                int mine = context;
                receives.addAll(receivesFor(messages.stream().filter(m -> m.to == me && m.context == mine).toList()));
            }
        }
        return new Phase(messages, receives);
    }

    /** Receives for the messages of one rank and context, in an order and of a kind that any matching can complete. */
    private List<Receive> receivesFor(List<Message> messages) {
        List<Receive> receives = new ArrayList<>();
        int policy = random.nextInt(5);
        int mostBytes = messages.stream().mapToInt(Message::bytes).max().orElse(0);
        boolean[] choice = new boolean[64];
        for (int i = 0; i < choice.length; i++) {
            choice[i] = random.nextBoolean();
        }
        List<Receive> last = new ArrayList<>();
        for (Message m : messages) {
            boolean anySource = policy == 1 && choice[m.tag] || policy == 3;
            boolean anyTag = policy == 2 && choice[m.from] || policy == 3;
            boolean late = policy == 4 && random.nextBoolean();
            Receive receive = new Receive(m.to, m.context, anySource || late ? ANY : m.from, anyTag || late ? ANY : m.tag,
                    mostBytes + random.nextInt(3), way(), memory());
            (late ? last : receives).add(receive);
        }
        shuffle(receives);
        receives.addAll(last); // takes whatever the others, posted before, leave
        return receives;
    }

    private Way way() {
        return random.nextInt(3) == 0 ? Way.values()[1 + random.nextInt(3)] : Way.POSTED;
    }

    private Memory memory() {
        return Memory.values()[random.nextInt(Memory.values().length)];
    }

    private int bytes() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(2);
            case 1, 2, 3 -> random.nextInt(70);
            case 4, 5 -> random.nextInt(Math.min(1500, shape.mostBytes) + 1);
            default -> random.nextInt(shape.mostBytes + 1);
        };
    }

    private <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T kept = list.get(i);
            list.set(i, list.get(other));
            list.set(other, kept);
        }
    }
}
