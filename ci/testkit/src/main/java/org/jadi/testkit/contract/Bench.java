package org.jadi.testkit.contract;

import org.jadi.adi.config.Config;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceProvider;

/** Where the chapters of the contract get their devices from. */
public interface Bench {
    /** Returns the provider under test. */
    DeviceProvider provider();

    /** Returns the configuration under test. */
    Config config();

    /** Opens devices that are closed after the test, without wiring them. */
    DeviceGroup open(int size);

    /** Opens and wires devices that are closed after the test. */
    default DeviceGroup wired(int size) {
        return open(size).wire();
    }

    /** Returns a device's ability, or skips the test where the device does not declare it. */
    default <T> T declared(Device device, Class<T> type) {
        T ability = device.capability(type);
        org.junit.jupiter.api.Assumptions.assumeTrue(ability != null,
                () -> device.name() + " does not declare " + type.getSimpleName());
        return ability;
    }
}
