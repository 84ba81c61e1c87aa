package org.jadi.properties;

import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.decorate.Decorated;

/** Remote memory that is complete after flush: proves the hook. */
class RemoteMemoryDeviceTest extends DecoratedContract {
    @Override
    DeviceProvider decorate(DeviceProvider inner) {
        return Decorated.remoteMemory(inner);
    }
}
