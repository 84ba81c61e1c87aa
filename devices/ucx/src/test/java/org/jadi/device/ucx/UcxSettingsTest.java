package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Device;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The settings of a device are its own: others of the same JVM keep theirs. */
@TimeLimit(60)
class UcxSettingsTest {
    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    /** The address of a worker has a part for each transport. */
    @Test
    void shouldNotChangeTheTransportsOfTheNextDevice() {
        int before = addressBytes(Map.of());
        int tcp = addressBytes(Map.of("ucx.tls", "tcp"));
        int posix = addressBytes(Map.of("ucx.tls", "posix"));
        int after = addressBytes(Map.of());
        assertTrue(tcp < before && posix < before, "all=" + before + " tcp=" + tcp + " posix=" + posix);
        assertEquals(before, after, "tcp=" + tcp + " posix=" + posix);
    }

    private static int addressBytes(Map<String, String> values) {
        try (Device device = new UcxDeviceProvider().open(new OneRank(0, values))) {
            return device.address().length;
        }
    }

    @Test
    void shouldLeaveToTheEnvironmentWhatItSays() {
        UcxConfig config = UcxConfig.of(Config.of(Map.of("ucx.keepAlive", "700ms", "ucx.tls", "tcp")));
        assertEquals(Map.of("UCX_KEEPALIVE_INTERVAL", "700ms", "UCX_ADAPTIVE_PROGRESS", "n", "UCX_TCP_RX_SEG_SIZE", "256k", "UCX_TLS", "tcp"),
                config.settings(Map.of()));
        assertEquals(Map.of("UCX_ADAPTIVE_PROGRESS", "n", "UCX_TCP_RX_SEG_SIZE", "256k", "UCX_TLS", "tcp"),
                config.settings(Map.of("UCX_KEEPALIVE_INTERVAL", "2s", "UCX_TLS", "posix")));
        assertEquals(Map.of("UCX_KEEPALIVE_INTERVAL", "500ms"),
                UcxConfig.of(Config.of(Map.of())).settings(Map.of("UCX_ADAPTIVE_PROGRESS", "y", "UCX_TCP_RX_SEG_SIZE", "64k")));
    }
}
