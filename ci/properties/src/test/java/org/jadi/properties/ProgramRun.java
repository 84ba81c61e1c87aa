package org.jadi.properties;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.engine.SendMode;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.request.PackPlan;
import org.jadi.adi.request.Request;
import org.jadi.testkit.Snapshots;
import org.jadi.testkit.contract.Payload;

/** Runs the part of a {@link Program} that belongs to one rank and some contexts, on one thread, and checks it. */
final class ProgramRun {
    private final Program program;
    private final Engine engine;
    private final int rank;
    private final int onlyContext;
    private final long deadlineNs;
    private final SplittableRandom random;

    private record Sent(Program.Message message, Request request, Buffers buffers) {}

    private record Received(Program.Receive receive, Request request, Buffers buffers) {}

    /** {@code onlyContext} -1: all contexts. */
    ProgramRun(Program program, Engine engine, int onlyContext, long seed, long deadlineNs) {
        this.program = program;
        this.engine = engine;
        this.rank = engine.rank();
        this.onlyContext = onlyContext;
        this.deadlineNs = deadlineNs;
        this.random = new SplittableRandom(seed + rank * 7919L + onlyContext);
    }

    void run() {
        for (int p = 0; p < program.phases.size(); p++) {
            try (Arena confined = Arena.ofConfined()) {
                runPhase(p, confined);
            } catch (RuntimeException e) {
                throw new AssertionError("phase " + p + " rank " + rank + ": " + e, e);
            }
        }
    }

    private void runPhase(int p, Arena confined) {
        Program.Phase phase = program.phases.get(p);
        List<Program.Message> toSend = phase.messages().stream().filter(m -> m.from() == rank && isMine(m.context())).toList();
        List<Program.Receive> toPost = phase.receives().stream().filter(r -> r.at() == rank && isMine(r.context())).toList();
        List<Sent> sent = new ArrayList<>();
        List<Received> received = new ArrayList<>();
        int r = 0;
        while (sent.size() < toSend.size() || r < toPost.size()) {
            boolean mustNotSend = sent.size() == toSend.size();
            boolean mustNotReceive = r == toPost.size()
                    || toPost.get(r).way() != Program.Way.POSTED && sent.size() < toSend.size();
            if (!mustNotReceive && (mustNotSend || random.nextBoolean())) {
                received.add(receive(p, toPost.get(r++), confined));
            } else {
                sent.add(send(p, toSend.get(sent.size()), confined));
            }
            disturb();
        }
        finish(p, sent, received);
    }

    private void finish(int p, List<Sent> sent, List<Received> received) {
        for (Received r : received) {
            await(r.request, "phase " + p + ": " + r.receive);
        }
        for (Sent s : sent) {
            await(s.request, "phase " + p + ": " + s.message);
        }
        List<Program.Message> incoming = program.phases.get(p).messages().stream()
                .filter(m -> m.to() == rank && isMine(m.context())).toList();
        new Oracle(incoming).check(received.stream().map(r -> new Oracle.Outcome(r.receive, r.request.statusSource,
                r.request.statusTag, r.request.statusBytes, r.buffers)).toList(), p);
        sent.forEach(s -> s.buffers.free(engine));
        received.forEach(r -> r.buffers.free(engine));
    }

    private boolean isMine(int context) {
        return onlyContext < 0 || context == onlyContext;
    }

    /** Every phase has contexts of its own, because a rank may be a phase ahead of another. */
    private int context(int p, int context) {
        return p * program.shape.contexts() + context + 3;
    }

    private Sent send(int p, Program.Message m, Arena confined) {
        Buffers buffers = new Buffers(m.memory(), m.bytes(), engine, confined);
        for (int i = 0; i < m.bytes(); i++) {
            buffers.set(i, contents(p, m, i));
        }
        Request request = new Request();
        request.operation = "isend";
        int mode = m.synchronous() ? SendMode.SYNCHRONOUS : SendMode.STANDARD;
        PackPlan plan = buffers.plan();
        if (plan != null) {
            engine.startSendPiece(request, mode, context(p, m.context()), rank, m.to(), m.tag(), plan);
        } else {
            engine.startSend(request, mode, context(p, m.context()), rank, m.to(), m.tag(), buffers.memory(),
                    buffers.offset(), m.bytes());
        }
        return new Sent(m, request, buffers);
    }

    /** The first byte tells which message it is, the others are its contents. */
    static byte contents(int p, Program.Message m, int i) {
        return i == 0 ? (byte) m.sequence() : Payload.at(m.seed() + p, i);
    }

    private Received receive(int p, Program.Receive r, Arena confined) {
        Buffers buffers = new Buffers(r.memory(), r.capacity(), engine, confined);
        int context = context(p, r.context());
        PackPlan plan = buffers.plan();
        Request request = new Request();
        request.operation = "irecv";
        switch (r.way()) {
            case POSTED -> start(request, r, context, buffers, plan);
            case BLOCKING -> {
                if (plan == null) {
                    request = engine.receive(context, r.source(), r.source(), r.tag(), buffers.memory(), buffers.offset(),
                            r.capacity(), Snapshots.RECEIVED);
                } else {
                    start(request, r, context, buffers, plan);
                    await(request, "phase " + p + ": " + r);
                }
            }
            case MATCHED_PROBE -> {
                Arrival arrival = probe(p, r, context, true);
                if (plan == null) {
                    engine.startMatched(request, arrival, buffers.memory(), buffers.offset(), r.capacity());
                } else {
                    engine.startMatched(request, arrival, plan);
                }
            }
            case PROBED -> {
                Arrival arrival = probe(p, r, context, false);
                start(request, r, context, buffers, plan);
                await(request, "phase " + p + " probed: " + r);
                boolean same = request.statusSource == arrival.source && request.statusTag == arrival.tag
                        && request.statusBytes == arrival.bytes;
                if (!same) {
                    throw new AssertionError("probe announced " + arrival + " but received source=" + request.statusSource
                            + " tag=" + request.statusTag + " bytes=" + request.statusBytes);
                }
            }
        }
        return new Received(r, request, buffers);
    }

    private Arrival probe(int p, Program.Receive r, int context, boolean remove) {
        Arrival arrival = random.nextBoolean() ? engine.probe(context, r.source(), r.tag(), remove) : null;
        if (arrival == null) {
            arrival = engine.probe(context, r.source(), r.source(), r.tag(), remove, deadlineNs);
        }
        if (arrival == null) {
            throw new AssertionError("no message in time for a probe, phase " + p + ": " + r);
        }
        return arrival;
    }

    private void start(Request request, Program.Receive r, int context, Buffers buffers, PackPlan plan) {
        if (plan != null) {
            engine.startReceivePiece(request, context, r.source(), r.source(), r.tag(), plan);
        } else {
            engine.startReceivePiece(request, context, r.source(), r.source(), r.tag(), buffers.memory(), buffers.offset(),
                    r.capacity());
        }
    }

    private void disturb() {
        switch (random.nextInt(12)) {
            case 0 -> engine.poke();
            case 1 -> Thread.yield();
            case 2 -> engine.probe(1, Program.ANY, Program.ANY, false);
            default -> { }
        }
    }

    private void await(Request request, String what) {
        while (random.nextInt(3) == 0) {
            if (engine.test(request)) {
                break;
            }
        }
        if (!engine.await(request, deadlineNs)) {
            throw new AssertionError("not complete in time: " + what + " " + request);
        }
        if (request.failure() != null) {
            throw new AssertionError("failed: " + what + " " + request.failure());
        }
    }
}
