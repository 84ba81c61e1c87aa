/** The device self: messages among the ranks of one process. */
module org.jadi.device.self {
    requires org.jadi.adi;

    provides org.jadi.adi.device.DeviceProvider with
            org.jadi.device.self.SelfDeviceProvider;
}
