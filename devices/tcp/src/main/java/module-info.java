/** The device tcp: messages over TCP, between nodes and everywhere. */
module org.jadi.device.tcp {
    requires org.jadi.adi;

    provides org.jadi.adi.device.DeviceProvider with org.jadi.device.tcp.TcpDeviceProvider;
}
