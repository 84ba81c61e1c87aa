package org.jadi.properties;

import java.util.ServiceLoader;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;
import org.jadi.testkit.Seeds;

/**
 * Decorated devices pass the contract, so that what the engine fails on is its own fault. Less traffic than usual: the
 * inner device has its own test.
 */
abstract class DecoratedContract extends DeviceContract {
    @Override
    public final DeviceProvider provider() {
        return decorate(ServiceLoader.load(DeviceProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("self")).findFirst().orElseThrow());
    }

    /** Returns the provider under test. */
    abstract DeviceProvider decorate(DeviceProvider inner);

    @Override
    public final long trafficMs() {
        return 300L * Seeds.effort();
    }
}
