package org.jadi.device.tcp;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;

/** The contract with buffers of a few packets, and with the selector from the first connection on. */
class TcpTightDeviceTest extends DeviceContract {
    @Override
    public DeviceProvider provider() {
        return new TcpDeviceProvider();
    }

    @Override
    public Config config() {
        return Config.of(Map.of("tcp.bind", "127.0.0.1", "tcp.maxPayloadBytes", "1000", "tcp.receiveBufferBytes", "0",
                "tcp.sendBufferBytes", "0", "tcp.socketBufferBytes", "128k", "tcp.pollLimit", "0"));
    }
}
