package org.jadi.device.self;

import java.util.List;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.DeviceException;

/**
 * The knobs of the device.
 *
 * @param ringBytes capacity of the ring of one ordered pair of ranks; a power of two
 * @param eagerLimitBytes messages up to this size are sent without asking
 * @param getThresholdBytes messages from this size on are fetched by the receiver where it can read the memory
 */
record SelfConfig(int ringBytes, long eagerLimitBytes, long getThresholdBytes) {
    private static final ConfigKey RING_BYTES = new ConfigKey("self.ringBytes", ConfigKey.Type.SIZE, "128k",
            "Capacity of the ring between two ranks of one process, in bytes: a power of two, 512 to 16m.");
    private static final ConfigKey EAGER_LIMIT_BYTES = new ConfigKey("self.eagerLimitBytes", ConfigKey.Type.SIZE, "16k",
            "Messages within a process up to this size are sent without asking, in bytes.");
    private static final ConfigKey GET_THRESHOLD_BYTES = new ConfigKey("self.getThresholdBytes", ConfigKey.Type.SIZE,
            "32k", "Messages within a process from this size on are copied once, out of memory allocated by Jadi, in bytes.");

    static final List<ConfigKey> KEYS = List.of(RING_BYTES, EAGER_LIMIT_BYTES, GET_THRESHOLD_BYTES);

    private static final int LEAST_RING_BYTES = 512;
    private static final int MOST_RING_BYTES = 16 << 20;

    SelfConfig {
        if (Integer.bitCount(ringBytes) != 1) {
            throw new DeviceException("jadi." + RING_BYTES.name() + " must be a power of two: value=" + ringBytes);
        }
    }

    static SelfConfig read(Config config) {
        return new SelfConfig((int) config.bytes(RING_BYTES, LEAST_RING_BYTES, MOST_RING_BYTES),
                config.bytes(EAGER_LIMIT_BYTES, 0, Long.MAX_VALUE), config.bytes(GET_THRESHOLD_BYTES, 0, Long.MAX_VALUE));
    }
}
