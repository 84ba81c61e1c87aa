package org.jadi.device.self;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

/** The contract with a ring of two records. */
class SelfTightDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new SelfDeviceProvider();
    }

    @Override
    public Config config() {
        return Config.of(Map.of("self.ringBytes", "512"));
    }
}
