package org.jadi.device.tcp;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

class TcpDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new TcpDeviceProvider();
    }

    @Override
    public Config config() {
        return Config.of(Map.of("tcp.bind", "127.0.0.1"));
    }
}
