package org.jadi.testkit.decorate;

import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.LentBuffers;

/** Passes everything on to another device. Lent buffers are hidden: they would go round the decoration. */
abstract class DecoratedDevice implements Device {
    final Device inner;

    DecoratedDevice(Device inner) {
        this.inner = inner;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public DeviceLimits limits() {
        return inner.limits();
    }

    @Override
    public byte[] address() {
        return inner.address();
    }

    @Override
    public void wire(AddressBook addresses) {
        inner.wire(addresses);
    }

    @Override
    public String refusal(int rank) {
        return inner.refusal(rank);
    }

    @Override
    public Endpoint connect(int rank) {
        return inner.connect(rank);
    }

    @Override
    public int progress() {
        return inner.progress();
    }

    @Override
    public boolean hasUnflushed() {
        return inner.hasUnflushed();
    }

    @Override
    public <T> T capability(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type == LentBuffers.class ? null : inner.capability(type);
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " around " + inner;
    }
}
