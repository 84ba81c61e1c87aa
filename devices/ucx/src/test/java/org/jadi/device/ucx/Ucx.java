package org.jadi.device.ucx;

import org.jadi.device.ucx.binding.UcxLibrary;
import org.junit.jupiter.api.Assumptions;

/** Whether these tests can run. */
final class Ucx {
    private Ucx() {}

    /** Skips the tests, visibly, where UCX is not installed. */
    static void assumePresent() {
        String reason = UcxLibrary.load("libucp.so.0", UcxConfig.environment());
        Assumptions.assumeTrue(reason == null, "ucx " + reason);
    }
}
