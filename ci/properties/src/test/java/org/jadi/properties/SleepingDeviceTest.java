package org.jadi.properties;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.decorate.Decorated;

/** A watcher that rings only while armed: proves the hook. */
class SleepingDeviceTest extends DecoratedContract {
    @Override
    DeviceProvider decorate(DeviceProvider inner) {
        return Decorated.sleepSource(inner);
    }
}
