package org.jadi.testkit.decorate;

import java.util.concurrent.ConcurrentMap;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Authenticator;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.HelperThreads;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.Log;

/** A context with another upper side or another doorbell. */
record DecoratedContext(DeviceContext inner, InboundHandler inbound, Doorbell doorbell) implements DeviceContext {
    @Override
    public int rank() {
        return inner.rank();
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public String jobId() {
        return inner.jobId();
    }

    @Override
    public Config config() {
        return inner.config();
    }

    @Override
    public Authenticator authenticator() {
        return inner.authenticator();
    }

    @Override
    public ConcurrentMap<String, Object> local() {
        return inner.local();
    }

    @Override
    public HelperThreads threads() {
        return inner.threads();
    }

    @Override
    public Log log() {
        return inner.log();
    }
}
