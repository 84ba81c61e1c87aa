package org.jadi.bootstrap.kvs;

/** Names and limits of the key-value protocol; {@code PROTOCOL.md} of this module describes the exchange. */
final class KvsProtocol {
    /** Name under which proofs are made. */
    static final String NAME = "kvs";
    /** Version of the lines; goes into the hello. */
    static final int VERSION = 1;

    /** Longest line in bytes, without its end; what is longer ends the connection. */
    static final int MAX_LINE_BYTES = 128 * 1024;
    /** Longest report of a rank's state in bytes, so that its Base64 form fits into a line. */
    static final int MAX_REPORT_BYTES = 96_000;
    /** Longest reason of an abort in bytes; longer ones are cut. */
    static final int MAX_REASON_BYTES = 16_000;
    /** Most that all ranks together may store, in characters of lines. */
    static final long MAX_STORE_CHARS = 256L << 20;

    /** Time within which a connection must have proved itself. */
    static final long HANDSHAKE_MILLIS = 5_000;
    /** Connections that may be waiting for their proof; the oldest is dropped for a new one. */
    static final int MAX_UNPROVED = 64;

    static final String CMD = "cmd";
    static final String PUT = "put";
    static final String BARRIER_IN = "barrier_in";
    static final String BARRIER_OUT = "barrier_out";
    static final String KEY_VALUE = "kv";
    static final String FINALIZE = "finalize";
    static final String FINALIZE_ACK = "finalize_ack";
    static final String ABORT = "abort";
    static final String ABORT_ACK = "abort_ack";
    static final String STATE = "state";
    static final String STATE_RESULT = "state_result";
    static final String DIE = "die";
    static final String REFUSED = "refused";
    static final String PING = "ping";
    static final String PONG = "pong";

    static final String KEY = "key";
    static final String VALUE = "value";
    static final String CODE = "exitcode";
    static final String TEXT = "text";
    static final String LIMIT = "limit_ms";

    private KvsProtocol() {
    }
}
