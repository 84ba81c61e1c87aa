package org.jadi.device.ucx.binding;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libucp that the FFM path calls. Pointers and handles are {@code long}s, so that a call allocates
 * nothing. Linked when the class is first used: only after {@link UcxLibrary#load} found the library.
 */
final class Ucp {
    /** A request that is complete at once. */
    static final long OK = 0;

    /** Lowest error code; pointers below that are requests under way. */
    static final long LAST_ERROR = -100;

    static final int IN_PROGRESS = 1;
    static final int BUSY = -15;
    static final int CANCELED = -16;

    static final MethodHandle WORKER_PROGRESS = link("ucp_worker_progress", JAVA_INT, JAVA_LONG);
    static final MethodHandle WORKER_ARM = link("ucp_worker_arm", JAVA_INT, JAVA_LONG);
    static final MethodHandle WORKER_FLUSH = link("ucp_worker_flush_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle EP_FLUSH = link("ucp_ep_flush_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle EP_CREATE = link("ucp_ep_create", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle EP_CLOSE = link("ucp_ep_close_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle SET_AM_HANDLER = link("ucp_worker_set_am_recv_handler", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle AM_SEND = link("ucp_am_send_nbx", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle AM_RELEASE = link("ucp_am_data_release", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle TAG_SEND = link("ucp_tag_send_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle TAG_RECV = link("ucp_tag_recv_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG);
    static final MethodHandle PUT = link("ucp_put_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle GET = link("ucp_get_nbx", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle ATOMIC = link("ucp_atomic_op_nbx", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle RKEY_UNPACK = link("ucp_ep_rkey_unpack", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle RKEY_DESTROY = link("ucp_rkey_destroy", null, JAVA_LONG);
    static final MethodHandle RKEY_PTR = link("ucp_rkey_ptr", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle REQUEST_CANCEL = link("ucp_request_cancel", null, JAVA_LONG, JAVA_LONG);
    static final MethodHandle REQUEST_FREE = link("ucp_request_free", null, JAVA_LONG);
    static final MethodHandle REQUEST_STATUS = link("ucp_request_check_status", JAVA_INT, JAVA_LONG);

    private Ucp() {}

    /**
     * Offsets and bits of {@code ucp_request_param_t}. Compared with the headers of UCX 1.13 to 1.19: the same in all;
     * newer versions append fields, which the mask excludes.
     */
    static final class RequestParam {
        /** More than any version's size. */
        static final int BYTES = 128;
        static final long MASK = 0;
        static final long FLAGS = 4;
        static final long CALLBACK = 16;
        static final long DATATYPE = 24;
        static final long USER_DATA = 32;
        static final long REPLY_BUFFER = 40;
        static final long MEMORY_TYPE = 48;
        static final long MEMORY_HANDLE = 64;

        static final int HAS_CALLBACK = 1 << 1;
        static final int HAS_USER_DATA = 1 << 2;
        static final int HAS_DATATYPE = 1 << 3;
        static final int HAS_FLAGS = 1 << 4;
        static final int HAS_REPLY_BUFFER = 1 << 5;
        static final int HAS_MEMORY_TYPE = 1 << 6;
        static final int HAS_MEMORY_HANDLE = 1 << 8;

        /** A datatype of n bytes without gaps is n shifted by this. */
        static final int CONTIGUOUS_SHIFT = 3;
        static final int AM_SEND_EAGER = 1 << 1;
        static final int CLOSE_BY_FORCE = 1;
        static final int HOST_MEMORY = 0;

        private RequestParam() {}
    }

    /** Offsets and bits of {@code ucp_am_handler_param_t} and {@code ucp_am_recv_param_t}. */
    static final class AmParam {
        static final int BYTES = 64;
        static final long MASK = 0;
        static final long ID = 8;
        static final long FLAGS = 12;
        static final long CALLBACK = 16;

        /** Fields id, flags and callback are set. */
        static final long HAS_ALL_BUT_ARGUMENT = 0b111;
        static final int WHOLE_MESSAGE = 1;
        static final int PERSISTENT_DATA = 2;

        /** In {@code recv_attr}: the data may be kept by answering {@link #IN_PROGRESS}. */
        static final long RECEIVED_KEEPABLE = 1 << 16;

        /** In {@code recv_attr}: there is no data, but a rendezvous descriptor. */
        static final long RECEIVED_RENDEZVOUS = 1 << 17;

        private AmParam() {}
    }

    /** Offsets and bits of {@code ucp_ep_params_t}. */
    static final class EpParam {
        static final int BYTES = 256;
        static final long MASK = 0;
        static final long ADDRESS = 8;
        static final long ERROR_MODE = 16;
        static final long ERROR_CALLBACK = 24;
        static final long ERROR_ARGUMENT = 32;

        static final long HAS_ADDRESS = 1;
        static final long HAS_ERROR_MODE = 1 << 1;
        static final long HAS_ERROR_HANDLER = 1 << 2;
        static final int PEER_ERRORS = 1;

        private EpParam() {}
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        SymbolLookup library = SymbolLookup.libraryLookup(UcxLibrary.LIBRARY, Arena.global());
        FunctionDescriptor type = result == null ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(result, arguments);
        return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(
                () -> new UnsatisfiedLinkError(UcxLibrary.LIBRARY + " has no " + name)), type);
    }
}
