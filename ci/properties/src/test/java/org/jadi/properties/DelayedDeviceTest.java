package org.jadi.properties;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.decorate.Decorated;

/** Every packet arrives some polls later. */
class DelayedDeviceTest extends DecoratedContract {
    @Override
    DeviceProvider decorate(DeviceProvider inner) {
        return Decorated.delay(inner, 1, 5);
    }
}
