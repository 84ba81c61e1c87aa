package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.MemoryRegistration;

/** Keeps account of registrations; refuses to end one twice, and to close while one is left. */
public final class ToyRegistration extends DecoratedDevice implements MemoryRegistration {
    private final Set<Object> live = ConcurrentHashMap.newKeySet();
    private volatile int registered;

    ToyRegistration(Device inner) {
        super(inner);
    }

    private static final class Token {}

    @Override
    public synchronized Object register(MemorySegment memory) {
        Token token = new Token();
        live.add(token);
        registered++;
        return token;
    }

    @Override
    public void unregister(Object token) {
        if (!live.remove(token)) {
            throw new IllegalStateException("not registered, or ended before: " + token);
        }
    }

    /** Returns how many registrations have not been ended. */
    public int live() {
        return live.size();
    }

    /** Returns how many registrations there were. */
    public int registered() {
        return registered;
    }
}
