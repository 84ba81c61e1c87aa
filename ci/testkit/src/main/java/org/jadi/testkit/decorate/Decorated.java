package org.jadi.testkit.decorate;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceProvider;

/**
 * A provider whose devices are those of another, decorated.
 *
 * @param inner the other
 * @param decoration what is put around each device
 */
public record Decorated(DeviceProvider inner, Decoration decoration) implements DeviceProvider {
    /** Opens the inner device with a context, and puts something around it. */
    public interface Decoration {
        /** Returns the decorated device. */
        Device open(DeviceProvider inner, DeviceContext context);
    }

    /** Every packet arrives some polls later; the order of arrival is kept. */
    public static DeviceProvider delay(DeviceProvider inner, long seed, int mostPolls) {
        return new Decorated(inner, (p, c) -> HoldingDevice.open(p, c, seed, mostPolls, false));
    }

    /** Packets of different peers overtake each other; those of one peer keep their order. */
    public static DeviceProvider reorder(DeviceProvider inner, long seed, int mostPolls) {
        return new Decorated(inner, (p, c) -> HoldingDevice.open(p, c, seed, mostPolls, true));
    }

    /** Packets hold at most {@code maxPayloadBytes}, and one in {@code oneIn} sends finds no room. */
    public static DeviceProvider tear(DeviceProvider inner, long seed, int maxPayloadBytes, int oneIn) {
        return new Decorated(inner, (p, c) -> new TearingDevice(p.open(c), seed + c.rank(), maxPayloadBytes, oneIn));
    }

    /** One rank is lost to all others once it has sent, or was sent, a number of packets over one pair. */
    public static DeviceProvider fail(DeviceProvider inner, int victim, long packets) {
        return new Decorated(inner, (p, c) -> FailingDevice.open(p, c, victim, packets));
    }

    /** Cannot be opened: the rank has the device on its class path, and must do without it. */
    public static DeviceProvider refuse(DeviceProvider inner) {
        return new Decorated(inner, (p, c) -> {
            throw new DeviceException("is switched off by the test");
        });
    }

    /** Shows each device that is opened. */
    public static DeviceProvider watch(DeviceProvider inner, Consumer<Device> opened) {
        return new Decorated(inner, (p, c) -> {
            Device device = p.open(c);
            opened.accept(device);
            return device;
        });
    }

    /**
     * Reaches some pairs of ranks only; the others learn so when they try.
     *
     * @param reached whether the first rank reaches the second
     */
    public static DeviceProvider unreachable(DeviceProvider inner, BiPredicate<Integer, Integer> reached) {
        return new Decorated(inner, (p, c) -> UnreachableDevice.open(p, c, rank -> reached.test(c.rank(), rank)));
    }

    /** Adds {@link org.jadi.adi.device.LentBuffers}, by copies. */
    public static DeviceProvider lentBuffers(DeviceProvider inner) {
        return new Decorated(inner, ToyLentBuffers::open);
    }

    /** Adds {@link org.jadi.adi.device.RemoteMemory} that is complete only after flush, among ranks of one JVM. */
    public static DeviceProvider remoteMemory(DeviceProvider inner) {
        return new Decorated(inner, ToyRemoteMemory::open);
    }

    /** Adds {@link org.jadi.adi.device.MemoryRegistration} that keeps account. */
    public static DeviceProvider registration(DeviceProvider inner) {
        return new Decorated(inner, (p, c) -> new ToyRegistration(p.open(c)));
    }

    /** Adds {@link org.jadi.adi.device.SleepSource}: nothing but its watcher rings the engine, and only if armed. */
    public static DeviceProvider sleepSource(DeviceProvider inner) {
        return new Decorated(inner, ToySleepSource::open);
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public List<ConfigKey> configKeys() {
        return inner.configKeys();
    }

    @Override
    public Device open(DeviceContext context) {
        return decoration.open(inner, context);
    }
}
