package org.jadi.device.shm;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

class ShmDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new ShmDeviceProvider();
    }
}
