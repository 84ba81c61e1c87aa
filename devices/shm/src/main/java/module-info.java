/** The device within one node. */
module org.jadi.device.shm {
    requires org.jadi.adi;

    provides org.jadi.adi.device.DeviceProvider with org.jadi.device.shm.ShmDeviceProvider;
}
