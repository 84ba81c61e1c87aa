package org.jadi.properties;

import java.util.ServiceLoader;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.DeviceContract;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.decorate.Decorated;
import org.junit.jupiter.api.Nested;

/** Decorated devices pass the contract, so that what the engine fails on is its own fault; toys prove their hooks. */
class DecoratedDevicesTest {
    private static DeviceProvider self() {
        return ServiceLoader.load(DeviceProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("self")).findFirst().orElseThrow();
    }

    /** The contract with less traffic: the inner device has its own test. */
    abstract static class BriefContract extends DeviceContract {
        @Override
        public long trafficMs() {
            return 300L * Seeds.effort();
        }
    }

    @Nested
    class Delayed extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.delay(self(), 1, 5);
        }
    }

    @Nested
    class Reordered extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.reorder(self(), 2, 5);
        }
    }

    @Nested
    class Torn extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.tear(self(), 3, 64, 4);
        }
    }

    @Nested
    class NotYetFailing extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.fail(self(), 1, Long.MAX_VALUE);
        }
    }

    @Nested
    class Lending extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.lentBuffers(self());
        }
    }

    @Nested
    class WithRemoteMemory extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.remoteMemory(self());
        }
    }

    @Nested
    class Registering extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.registration(self());
        }
    }

    @Nested
    class WithDescriptors extends BriefContract {
        @Override
        public DeviceProvider provider() {
            return Decorated.sleepSource(self());
        }
    }
}
