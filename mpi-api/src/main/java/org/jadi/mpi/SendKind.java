package org.jadi.mpi;

import org.jadi.adi.engine.SendMode;

/** The four send modes. MPI 4.1 §3.4; each with the names of its blocking, nonblocking and persistent call. */
enum SendKind {
    /** Standard mode. */
    STANDARD("send", "isend", "sendInit", SendMode.STANDARD),
    /** Buffered mode: a standard send of a copy. */
    BUFFERED("bsend", "ibsend", "bsendInit", SendMode.STANDARD),
    /** Synchronous mode. */
    SYNCHRONOUS("ssend", "issend", "ssendInit", SendMode.SYNCHRONOUS),
    /** Ready mode: the standard allows to treat it as standard mode, and so do we. */
    READY("rsend", "irsend", "rsendInit", SendMode.STANDARD);

    final String blocking;
    final String nonblocking;
    final String persistent;
    final int engineMode;

    SendKind(String blocking, String nonblocking, String persistent, int engineMode) {
        this.blocking = blocking;
        this.nonblocking = nonblocking;
        this.persistent = persistent;
        this.engineMode = engineMode;
    }
}
