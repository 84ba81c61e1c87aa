/** The abstract device interface: device SPI and engine. */
@SuppressWarnings("module")
module org.jadi.adi {
    requires transitive org.jadi.bootstrap;

    exports org.jadi.adi.config;
    exports org.jadi.adi.device;
    exports org.jadi.adi.memory;
    exports org.jadi.adi.memory.ring;
    exports org.jadi.adi.placement;
    exports org.jadi.adi.stats;
    exports org.jadi.adi.board to org.jadi.mpi;
    exports org.jadi.adi.engine to org.jadi.mpi;
    exports org.jadi.adi.match to org.jadi.mpi;
    exports org.jadi.adi.packet to org.jadi.mpi;
    exports org.jadi.adi.request to org.jadi.mpi;

    uses org.jadi.adi.device.DeviceProvider;
    uses org.jadi.adi.placement.ThreadPlacement;
}
