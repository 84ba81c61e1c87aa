package org.jadi.adi.device;

import java.util.List;
import org.jadi.adi.config.ConfigKey;

/**
 * Entry of a device, found by {@link java.util.ServiceLoader}: named both in {@code module-info} and in
 * {@code META-INF/services}. Has a public constructor without arguments and no state.
 */
public interface DeviceProvider {
    /** Returns the name by which users choose the device: lower-case letters, digits; {@code "shm"}. */
    String name();

    /** Returns the configuration keys that the device reads, for documentation and {@code --print-config}. */
    List<ConfigKey> configKeys();

    /**
     * Opens the device for one rank. Called once per engine by the opening thread; several engines may open devices in
     * one JVM, so nothing may be static.
     *
     * @throws DeviceException if the device cannot serve here; the message is the reason that the user is shown
     */
    Device open(DeviceContext context);
}
