package org.jadi.device.shm;

import java.util.List;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;

/** Opens the device within one node. */
public final class ShmDeviceProvider implements DeviceProvider {
    static final String NAME = "shm";

    /** For the service loader. */
    public ShmDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ConfigKey> configKeys() {
        return ShmConfig.KEYS;
    }

    @Override
    public Device open(DeviceContext context) {
        return ShmDevice.open(context, ShmConfig.of(context.config()));
    }
}
