package org.jadi.device.ucx;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;
import org.junit.jupiter.api.BeforeAll;

/** The contract with put, get and atomic operations of UCX, where load and store would do. */
class UcxPutGetDeviceTest extends DeviceContract {
    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    @Override
    public DeviceProvider provider() {
        return new UcxDeviceProvider();
    }

    @Override
    public Config config() {
        return Config.of(Map.of("ucx.tls", "sysv", "ucx.pointers", "false"));
    }
}
