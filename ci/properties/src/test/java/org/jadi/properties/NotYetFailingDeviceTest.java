package org.jadi.properties;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.decorate.Decorated;

/** A device that will fail obeys the contract until then. */
class NotYetFailingDeviceTest extends DecoratedContract {
    @Override
    DeviceProvider decorate(DeviceProvider inner) {
        return Decorated.fail(inner, 1, Long.MAX_VALUE);
    }
}
