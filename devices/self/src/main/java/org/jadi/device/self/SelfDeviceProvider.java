package org.jadi.device.self;

import java.util.List;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;

/** Opens the device {@code self}; it can run everywhere. */
public final class SelfDeviceProvider implements DeviceProvider {
    static final String NAME = "self";

    /** For the service loader. */
    public SelfDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ConfigKey> configKeys() {
        return SelfConfig.KEYS;
    }

    @Override
    public Device open(DeviceContext context) {
        return SelfDevice.open(context, SelfConfig.read(context.config()));
    }
}
