package org.jadi.device.tcp;

import java.util.List;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;

/** Entry of the device {@code tcp}. */
public final class TcpDeviceProvider implements DeviceProvider {
    /** Name of the device, and of its protocol in the handshake. */
    static final String NAME = "tcp";

    /** For the service loader. */
    public TcpDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ConfigKey> configKeys() {
        return TcpConfig.KEYS;
    }

    @Override
    public Device open(DeviceContext context) {
        return TcpDevice.open(context, TcpConfig.from(context.config()));
    }
}
