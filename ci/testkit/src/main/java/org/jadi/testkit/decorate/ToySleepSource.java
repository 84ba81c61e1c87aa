package org.jadi.testkit.decorate;

import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceContext;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.SleepSource;

/**
 * Behaves like a device with descriptors: what the inner device rings is only an event on the descriptor. A watcher
 * thread waits for it while armed, and rings the engine; an engine that sleeps without having armed is not woken.
 */
public final class ToySleepSource extends DecoratedDevice implements SleepSource {
    private final Descriptor descriptor;
    private final Thread watcher;

    /** The event, and who waits for it. */
    private static final class Descriptor implements Doorbell, Runnable {
        private final Doorbell engine;
        private boolean event; // guarded by this, as are the following
        private boolean armed;
        private boolean closed;

        Descriptor(Doorbell engine) {
            this.engine = engine;
        }

        @Override
        public synchronized void ring() {
            event = true;
            notifyAll();
        }

        synchronized boolean arm() {
            armed = !event;
            notifyAll();
            return armed;
        }

        synchronized void disarm() {
            armed = false;
        }

        synchronized void take() {
            event = false;
        }

        synchronized void close() {
            closed = true;
            notifyAll();
        }

        @Override
        public void run() {
            while (awaitEvent()) {
                engine.ring();
            }
        }

        private synchronized boolean awaitEvent() {
            while (!closed && !(armed && event)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    return false;
                }
            }
            armed = false;
            return !closed;
        }

        @Override
        public int prepare() {
            throw new UnsupportedOperationException("nobody sleeps on a descriptor");
        }

        @Override
        public void sleep(int seen, long timeoutNs) {
            throw new UnsupportedOperationException("nobody sleeps on a descriptor");
        }

        @Override
        public void awake() {
            throw new UnsupportedOperationException("nobody sleeps on a descriptor");
        }
    }

    private ToySleepSource(Device inner, Descriptor descriptor) {
        super(inner);
        this.descriptor = descriptor;
        this.watcher = Thread.ofPlatform().daemon().name("jadi-toy-watcher").start(descriptor);
    }

    static Device open(DeviceProvider provider, DeviceContext context) {
        Descriptor descriptor = new Descriptor(context.doorbell());
        return new ToySleepSource(provider.open(new DecoratedContext(context, context.inbound(), descriptor)), descriptor);
    }

    @Override
    public int progress() {
        descriptor.take(); // before the poll: an event that comes during it stays
        int work = inner.progress();
        if (work > 0) {
            descriptor.ring(); // a bounded poll may have left something
        }
        return work;
    }

    @Override
    public boolean arm() {
        return descriptor.arm();
    }

    @Override
    public void disarm() {
        descriptor.disarm();
    }

    @Override
    public void close() {
        descriptor.close();
        watcher.interrupt();
        super.close();
    }
}
