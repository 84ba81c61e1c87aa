/** The device for fast networks, over OpenUCX. */
@SuppressWarnings("requires-automatic") // jucx is published without a module descriptor
module org.jadi.device.ucx {
    requires org.jadi.adi;
    requires jucx;

    provides org.jadi.adi.device.DeviceProvider with org.jadi.device.ucx.UcxDeviceProvider;
}
