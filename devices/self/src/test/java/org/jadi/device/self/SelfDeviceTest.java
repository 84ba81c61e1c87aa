package org.jadi.device.self;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

class SelfDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new SelfDeviceProvider();
    }
}
