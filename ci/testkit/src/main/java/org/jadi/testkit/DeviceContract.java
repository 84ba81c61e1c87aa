package org.jadi.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.testkit.contract.BackPressureContract;
import org.jadi.testkit.contract.BulkContract;
import org.jadi.testkit.contract.DeliveryContract;
import org.jadi.testkit.contract.DeviceGroup;
import org.jadi.testkit.contract.InletContract;
import org.jadi.testkit.contract.LentBuffersContract;
import org.jadi.testkit.contract.LifeContract;
import org.jadi.testkit.contract.MappedMemoryContract;
import org.jadi.testkit.contract.MemoryContract;
import org.jadi.testkit.contract.ProgressContract;
import org.jadi.testkit.contract.SleepContract;
import org.jadi.testkit.contract.ThreadContract;
import org.junit.jupiter.api.AfterEach;

/**
 * The device SPI, sentence by sentence. A device passes with a test of this form, once with its defaults and once with
 * everything as small as it allows:
 *
 * <pre>{@code
 * class ShmDeviceTest extends DeviceContract {
 *     @Override public DeviceProvider provider() { return new ShmDeviceProvider(); }
 * }
 * }</pre>
 */
@TimeLimit(60)
public abstract class DeviceContract
        implements DeliveryContract, BackPressureContract, ProgressContract, ThreadContract, LifeContract, SleepContract,
                LentBuffersContract, InletContract, MemoryContract, MappedMemoryContract, BulkContract, DumpsState {
    private final List<DeviceGroup> groups = new ArrayList<>();

    /** For subclasses. */
    protected DeviceContract() {}

    @Override
    public abstract DeviceProvider provider();

    @Override
    public Config config() {
        return Config.of(Map.of());
    }

    @Override
    public DeviceGroup open(int size) {
        DeviceGroup group = new DeviceGroup(provider(), config(), size);
        synchronized (groups) {
            groups.add(group);
        }
        return group;
    }

    @AfterEach
    void closeGroups() {
        groups.forEach(DeviceGroup::close);
        groups.forEach(DeviceGroup::check);
    }

    @Override
    public String dumpState() {
        synchronized (groups) {
            return groups.toString();
        }
    }
}
