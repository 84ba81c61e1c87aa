package org.jadi.testkit.contract;

import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.Log;
import org.jadi.bootstrap.JobSecret;

/**
 * What an engine would give a device.
 *
 * @param logged the lines that the device wrote
 */
record TestContext(int rank, int size, String jobId, Config config, Authenticator authenticator, InboundHandler inbound,
        TestDoorbell bell, ConcurrentMap<String, Object> local, List<String> logged) implements DeviceContext {

    TestContext(int rank, int size, String jobId, Config config, JobSecret secret, InboundHandler inbound,
            ConcurrentMap<String, Object> local) {
        this(rank, size, jobId, config, new HandshakeAuthenticator(secret, jobId, rank, 0), inbound, new TestDoorbell(),
                local, new CopyOnWriteArrayList<>());
    }

    @Override
    public Doorbell doorbell() {
        return bell;
    }

    @Override
    public Log log() {
        return new Log() {
            @Override
            public void warn(String message) {
                logged.add(message);
            }

            @Override
            public void info(String message) {
                logged.add(message);
            }
        };
    }
}
