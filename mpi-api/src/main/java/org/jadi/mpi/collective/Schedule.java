package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jadi.adi.request.PackPlan;
import org.jadi.mpi.datatype.Kind;

/**
 * What one rank does in a collective operation, written down in order; see {@link Run} for how it is executed.
 *
 * <p>A step waits for the earlier ones whose memory it needs. Sends to one peer start in the order in which they are written,
 * and so do receives from one peer, so that the k-th message finds the k-th receive. Steps of length 0 that are no messages
 * are left out.
 */
public final class Schedule {
    private static final Block EMPTY = new Block(new Memory(MemorySegment.ofArray(new byte[0])), 0, 0);

    /** Our rank. */
    public final int rank;

    /** Number of ranks. */
    public final int size;

    private final Run run;
    private final Kind kind;
    private final List<Step> steps = new ArrayList<>();
    private final List<Memory> memories = new ArrayList<>();
    private final Step[] lastSend;
    private final Step[] lastReceive;
    private Step fence;
    private int fenced;

    /**
     * Begins a schedule.
     *
     * @param peers number of ranks that can be sent to
     * @param kind of temporary memory
     */
    public Schedule(Port port, String operation, int rank, int size, int peers, Kind kind) {
        this.run = new Run(port, operation);
        this.rank = rank;
        this.size = size;
        this.kind = kind;
        this.lastSend = new Step[peers];
        this.lastReceive = new Step[peers];
    }

    /** Returns the run of the schedule; nothing can be added afterwards. */
    public Run finish() {
        run.steps(steps.toArray(Step[]::new));
        memories.forEach(Memory::settle);
        return run;
    }

    /** Returns the number of steps. */
    public int length() {
        return steps.size();
    }

    // ----------------------------------------------------------------- memory

    /** Returns a block without bytes. */
    public Block empty() {
        return EMPTY;
    }

    /** Returns memory of the user as a block; once for each buffer. */
    public Block user(MemorySegment memory, long offset, long bytes) {
        return block(memory, offset, bytes);
    }

    /** Returns temporary memory. */
    public Block temp(long bytes) {
        return bytes == 0 ? EMPTY : block(Temporary.allocate(kind, bytes), 0, bytes);
    }

    private Block block(MemorySegment memory, long offset, long bytes) {
        Memory m = new Memory(memory);
        memories.add(m);
        return new Block(m, offset, bytes);
    }

    // ------------------------------------------------------------------ steps

    /** Sends a block; an empty one too. */
    public void send(int peer, Block block) {
        Step s = add(new Step(Step.Kind.SEND, run, peer, block, null, null, null));
        block.memory().touch(s, block.from(), block.bytes(), false);
        if (lastSend[peer] != null) {
            s.follow(lastSend[peer]);
        }
        lastSend[peer] = s;
    }

    /** Receives a block; an empty one too. */
    public void receive(int peer, Block block) {
        Step s = add(new Step(Step.Kind.RECEIVE, run, peer, block, null, null, null));
        block.memory().touch(s, block.from(), block.bytes(), true);
        if (lastReceive[peer] != null) {
            s.follow(lastReceive[peer]);
        }
        lastReceive[peer] = s;
    }

    /** Sends a block unless it is empty: where both sides know its length. */
    public void sendSome(int peer, Block block) {
        if (block.bytes() > 0) {
            send(peer, block);
        }
    }

    /** Receives a block unless it is empty: where both sides know its length. */
    public void receiveSome(int peer, Block block) {
        if (block.bytes() > 0) {
            receive(peer, block);
        }
    }

    /** Copies a block to another of the same length, unless it is the same. */
    public void copy(Block from, Block to) {
        assert from.bytes() == to.bytes();
        if (from.bytes() == 0 || from.isSame(to)) {
            return;
        }
        Step s = add(new Step(Step.Kind.COPY, run, -1, from, to, null, null));
        from.memory().touch(s, from.from(), from.bytes(), false);
        to.memory().touch(s, to.from(), to.bytes(), true);
    }

    /** Reduces: {@code right = left op right}. */
    public void reduce(Block left, Block right, Reduction reduction) {
        assert left.bytes() == right.bytes();
        if (left.bytes() == 0) {
            return;
        }
        Step s = add(new Step(Step.Kind.REDUCE, run, -1, left, right, null, reduction));
        left.memory().touch(s, left.from(), left.bytes(), false);
        right.memory().touch(s, right.from(), right.bytes(), true);
    }

    /** Packs memory of the user into a block. */
    public void pack(PackPlan plan, Block to) {
        if (to.bytes() > 0) {
            Step s = add(new Step(Step.Kind.PACK, run, -1, to, null, plan, null));
            to.memory().touch(s, to.from(), to.bytes(), true);
        }
    }

    /** Unpacks a block into memory of the user. */
    public void unpack(Block from, PackPlan plan) {
        if (from.bytes() > 0) {
            Step s = add(new Step(Step.Kind.UNPACK, run, -1, from, null, plan, null));
            from.memory().touch(s, from.from(), from.bytes(), false);
        }
    }

    /** Makes all that follows wait for all that is written so far. */
    public void fence() {
        Step s = new Step(Step.Kind.FENCE, run, -1, null, null, null, null);
        for (int i = fenced; i < steps.size(); i++) {
            s.after(steps.get(i));
        }
        if (fence != null) {
            s.after(fence);
        }
        steps.add(s);
        fenced = steps.size();
        fence = s;
        memories.forEach(Memory::settle);
    }

    private Step add(Step step) {
        steps.add(step);
        if (fence != null) {
            step.after(fence);
        }
        return step;
    }
}
