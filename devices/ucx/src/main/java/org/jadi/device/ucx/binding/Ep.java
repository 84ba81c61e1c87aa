package org.jadi.device.ucx.binding;

import org.openucx.jucx.ucp.UcpEndpoint;

/** An endpoint of the worker's. */
public final class Ep {
    final long handle;

    /** The endpoint as an object of jucx, where jucx made it: held here, because jucx holds it weakly. */
    final UcpEndpoint jucx;

    Ep(long handle) {
        this.handle = handle;
        this.jucx = null;
    }

    Ep(UcpEndpoint jucx) {
        this.handle = jucx.getNativeId();
        this.jucx = jucx;
    }
}
