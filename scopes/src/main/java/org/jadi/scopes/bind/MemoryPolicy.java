package org.jadi.scopes.bind;

import java.lang.foreign.MemorySegment;
import org.jadi.scopes.binding.Kernel;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.topology.NodeSet;

/**
 * On which memory nodes the pages of native memory are put. Any platform thread.
 *
 * <p>Works on whole pages: those that lie partly outside the segment are left alone, so that neighbours are not moved.
 */
public final class MemoryPolicy {
    private static final long PAGE_BYTES = 4096; // on arm64 possibly more; the kernel then refuses with EINVAL
    private static final int MOVE = 2;

    private static final class OfThisProcess {
        private static final Kernel KERNEL = link();

        private static Kernel link() {
            try {
                return Kernel.link();
            } catch (UnsupportedOperationException e) {
                return null;
            }
        }
    }

    /** How pages are put. The numbers are the kernel's. */
    public enum Kind {
        /** Where the thread runs that touches a page first: the default. */
        FIRST_TOUCH(0),
        /** On these nodes and no others. */
        BIND(2),
        /** On these nodes in turn. */
        INTERLEAVE(3);

        private final int mode;

        Kind(int mode) {
            this.mode = mode;
        }
    }

    private MemoryPolicy() {}

    /** Returns whether memory can be bound here. */
    public static boolean isSupported() {
        return OfThisProcess.KERNEL != null;
    }

    /**
     * Says where the pages of a segment are put; those that are in use already are moved there as far as the kernel can.
     *
     * @param memory native memory, mapped files included
     * @param nodes for BIND and INTERLEAVE: which
     * @return the number of bytes whose pages were meant: 0 if the segment has no whole page
     * @throws IllegalArgumentException if the memory is on the heap, or there are no nodes where some are needed
     * @throws ScopeException NOT_SUPPORTED where memory cannot be bound; SYSTEM if the kernel refuses
     */
    public static long set(MemorySegment memory, Kind kind, NodeSet nodes) {
        if (!memory.isNative() || kind != Kind.FIRST_TOUCH && nodes.isEmpty()) {
            throw new IllegalArgumentException(memory.isNative() ? "memory is bound to one node at least: kind=" + kind
                    : "memory on the heap cannot be bound, the collector moves it");
        }
        if (!isSupported()) {
            throw new ScopeException(ErrorCode.NOT_SUPPORTED, "memory cannot be bound here, as threads cannot");
        }
        long begin = (memory.address() + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        long end = (memory.address() + memory.byteSize()) / PAGE_BYTES * PAGE_BYTES;
        if (begin >= end) {
            return 0;
        }
        MemorySegment pages = memory.asSlice(begin - memory.address(), end - begin);
        long[] mask = kind == Kind.FIRST_TOUCH ? new long[0] : nodes.toWords();
        int errno = OfThisProcess.KERNEL.bindMemory(pages, kind.mode, mask, kind == Kind.FIRST_TOUCH ? 0 : MOVE);
        if (errno != 0) {
            throw new ScopeException(ErrorCode.SYSTEM, "the kernel refused to bind memory: nodes=" + nodes + " kind=" + kind + " errno="
                    + errno + (errno == 22 ? " (there are no such nodes, or none with memory)" : ""));
        }
        return end - begin;
    }
}
