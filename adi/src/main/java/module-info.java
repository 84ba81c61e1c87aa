/** The abstract device interface: device SPI and engine. */
@SuppressWarnings("module")
module org.jadi.adi {
    requires transitive org.jadi.bootstrap;

    exports org.jadi.adi.config;
    exports org.jadi.adi.device;
    exports org.jadi.adi.stats;

    uses org.jadi.adi.device.DeviceProvider;
}
