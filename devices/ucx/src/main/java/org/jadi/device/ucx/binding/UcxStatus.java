package org.jadi.device.ucx.binding;

/** UCX's error codes in words. */
public final class UcxStatus {
    /** There is no endpoint. */
    public static final int NOT_CONNECTED = -24;

    private UcxStatus() {}

    /** Returns what a code means. */
    public static String text(int status) {
        String words = switch (status) {
            case 0 -> "success";
            case -1 -> "no message";
            case -2 -> "no resource";
            case -3 -> "input/output error";
            case -4 -> "no memory";
            case -5 -> "invalid parameter";
            case -6 -> "unreachable";
            case -16 -> "canceled";
            case -17 -> "shared memory error";
            case -20 -> "timed out";
            case NOT_CONNECTED -> "not connected";
            case -25 -> "connection reset by the remote peer";
            case -80 -> "endpoint timeout";
            default -> "error";
        };
        return words + " (UCX status " + status + ")";
    }
}
