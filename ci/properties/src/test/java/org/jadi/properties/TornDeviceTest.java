package org.jadi.properties;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.decorate.Decorated;

/** Small packets, and back-pressure out of nowhere. */
class TornDeviceTest extends DecoratedContract {
    @Override
    DeviceProvider decorate(DeviceProvider inner) {
        return Decorated.tear(inner, 3, 64, 4);
    }
}
