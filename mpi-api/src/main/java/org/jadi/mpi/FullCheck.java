package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jadi.mpi.collective.Check;

/**
 * The full check of collective calls: before a blocking operation, all ranks tell each other what they call, and where. Everybody
 * throws who finds a call that does not match his own.
 */
final class FullCheck {
    private static final int RECORD_BYTES = 256;
    private static final int SITE_OFFSET = 16;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final StackWalker WALKER = StackWalker.getInstance();

    /** The classes between a program and here: programs may have classes in any package. */
    private static final Set<String> OWN = Set.of("FullCheck", "IntraCall", "CollectiveCalls", "RaggedCalls", "Collectives",
            "Reductions", "ObjectCollectives", "Comm", "IntraComm");

    private FullCheck() {}

    /**
     * Compares.
     *
     * @param word what must be equal on all ranks
     * @param bytes length that must be equal on all ranks, or -1
     */
    static void run(Comm comm, String call, long word, long bytes) {
        Transfer t = comm.transfer;
        byte[] mine = record(word, bytes, site());
        byte[] all = new byte[mine.length * comm.size()];
        CollectiveCalls.allgather(comm, IntraCall.CHECKING, Operand.of(t, mine, 0, mine.length), Operand.of(t, all, 0, all.length)).run();
        MemorySegment records = MemorySegment.ofArray(all);
        for (int r = 0; r < comm.size(); r++) {
            long at = (long) r * RECORD_BYTES;
            long theirs = records.get(LONG, at);
            long theirBytes = records.get(LONG, at + 8);
            Check.Difference d = Check.difference(word, theirs, bytes, theirBytes);
            if (d != null) {
                throw t.error(Sharing.errorClass(d), call, "the ranks call different operations, or with different arguments: here "
                        + Check.describe(word, bytes) + " at " + site() + ", and at rank " + r + " " + Check.describe(theirs, theirBytes)
                        + " at " + text(all, (int) at + SITE_OFFSET), null);
            }
        }
    }

    private static byte[] record(long word, long bytes, String site) {
        byte[] record = new byte[RECORD_BYTES];
        MemorySegment m = MemorySegment.ofArray(record);
        m.set(LONG, 0, word);
        m.set(LONG, 8, bytes);
        byte[] text = site.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, record, SITE_OFFSET, Math.min(text.length, RECORD_BYTES - SITE_OFFSET));
        return record;
    }

    private static String text(byte[] all, int at) {
        int end = at;
        while (end < at - SITE_OFFSET + RECORD_BYTES && all[end] != 0) {
            end++;
        }
        return new String(Arrays.copyOfRange(all, at, end), StandardCharsets.UTF_8);
    }

    /** Where the program calls the library. */
    private static String site() {
        String ours = FullCheck.class.getPackageName() + ".";
        return WALKER.walk(frames -> frames.filter(f -> !isOurs(f, ours)).findFirst()
                .map(f -> f.getClassName() + "." + f.getMethodName() + "(" + f.getFileName() + ":" + f.getLineNumber() + ")")
                .orElse("an unknown place"));
    }

    private static boolean isOurs(StackWalker.StackFrame frame, String ours) {
        String name = frame.getClassName();
        return name.startsWith(ours) && OWN.stream().anyMatch(c -> name.equals(ours + c) || name.startsWith(ours + c + "$"));
    }
}
