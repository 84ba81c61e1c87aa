package org.jadi.device.ucx;

import java.util.List;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;

/** Entry of the device {@code ucx}. */
public final class UcxDeviceProvider implements DeviceProvider {
    /** Name of the device. */
    static final String NAME = "ucx";

    /** For the service loader. */
    public UcxDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ConfigKey> configKeys() {
        return UcxConfig.KEYS;
    }

    @Override
    public Device open(DeviceContext context) {
        return UcxDevice.open(context, UcxConfig.of(context.config()));
    }
}
