package org.jadi.device.ucx.binding;

/** UCX refused something that was asked for while setting up. */
public final class UcxFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UcxFailure(String what, int status) {
        super(what + ": " + UcxStatus.text(status));
    }
}
