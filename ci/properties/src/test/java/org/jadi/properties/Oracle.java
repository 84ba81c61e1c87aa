package org.jadi.properties;

import java.util.ArrayList;
import java.util.List;

/**
 * The model: knows what was sent to one rank in one phase, and judges what each receive, in the order of posting, got.
 * SPEC: MPI 4.1 §3.5 (order): a receive never takes a message while an earlier one of the same sender and communicator,
 * which it matches too, is left for a receive that was posted later.
 */
final class Oracle {
    private final List<Program.Message> sent;

    /** What a receive got. */
    record Outcome(Program.Receive receive, int source, int tag, long bytes, Buffers buffers) {}

    Oracle(List<Program.Message> sent) {
        this.sent = sent;
    }

    void check(List<Outcome> outcomes, int phase) {
        List<Program.Message> left = new ArrayList<>(sent);
        List<Program.Message> taken = new ArrayList<>();
        for (Outcome o : outcomes) {
            Program.Message m = identify(o, left);
            if (m == null) {
                throw new AssertionError("phase " + phase + ": received what nobody sent, or twice: " + o + " left=" + left);
            }
            left.remove(m);
            taken.add(m);
            checkContents(o, m, phase);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("phase " + phase + ": never received: " + left);
        }
        for (int i = 0; i < taken.size(); i++) {
            checkOrder(outcomes.get(i), taken, i, phase);
        }
    }

    /** Messages without bytes carry no number: of those, the earliest is assumed. */
    private static Program.Message identify(Outcome o, List<Program.Message> left) {
        for (Program.Message m : left) {
            boolean same = m.from() == o.source && m.tag() == o.tag && m.bytes() == o.bytes && o.receive.matches(m);
            if (same && (m.bytes() == 0 || o.buffers.get(0) == (byte) m.sequence())) {
                return m;
            }
        }
        return null;
    }

    private static void checkContents(Outcome o, Program.Message m, int phase) {
        for (int i = 0; i < m.bytes(); i++) {
            if (o.buffers.get(i) != ProgramRun.contents(phase, m, i)) {
                throw new AssertionError("phase " + phase + ": wrong content at byte " + i + " of " + m + " in " + o);
            }
        }
        if (!o.buffers.isUntouchedBeyond(m.bytes())) {
            throw new AssertionError("phase " + phase + ": written beyond " + m + " in " + o);
        }
    }

    private static void checkOrder(Outcome o, List<Program.Message> taken, int i, int phase) {
        Program.Message mine = taken.get(i);
        for (int later = i + 1; later < taken.size(); later++) {
            Program.Message other = taken.get(later);
            boolean overtaken = other.from() == mine.from() && other.context() == mine.context()
                    && other.sequence() < mine.sequence() && o.receive.matches(other);
            if (overtaken) {
                throw new AssertionError("phase " + phase + ": " + mine + " overtook " + other + " in " + o);
            }
        }
    }
}
