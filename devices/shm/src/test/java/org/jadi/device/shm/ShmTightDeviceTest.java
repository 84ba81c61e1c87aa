package org.jadi.device.shm;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

/** The contract with a ring of a few records, and without calls into libc. */
class ShmTightDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new ShmDeviceProvider();
    }

    @Override
    public Config config() {
        return Config.of(Map.of("shm.ringBytes", "1k", "native", "none"));
    }
}
