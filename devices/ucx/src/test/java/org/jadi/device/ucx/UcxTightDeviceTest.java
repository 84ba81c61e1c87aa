package org.jadi.device.ucx;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;
import org.junit.jupiter.api.BeforeAll;

/** The contract with packets of a few bytes, which are all kept where UCX put them. */
class UcxTightDeviceTest extends DeviceContract {
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
        return Config.of(Map.of("ucx.tls", "sysv", "ucx.maxPayloadBytes", "500", "ucx.sendBytes", "0", "ucx.keepBytes", "0",
                "ucx.mailboxBytes", "0"));
    }
}
