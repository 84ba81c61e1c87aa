package org.jadi.bootstrap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jadi.bootstrap.crypto.Randomness;

/** A job of size 1: no launcher, nothing to lose and nobody to tell. */
final class SingletonBootstrap implements Bootstrap {
    private final JobSecret secret = JobSecret.random();
    private final String jobId = Randomness.name("single-");
    private final Map<String, byte[]> pending = new ConcurrentHashMap<>();
    private final Map<String, byte[]> visible = new ConcurrentHashMap<>();

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public String jobId() {
        return jobId;
    }

    @Override
    public JobSecret secret() {
        return secret;
    }

    @Override
    public void put(String key, byte[] value) {
        KeyRules.check(key, value);
        pending.put(key, value.clone());
    }

    @Override
    public byte[] get(String key) {
        byte[] value = visible.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public void fence() {
        visible.putAll(pending);
    }

    @Override
    public void finish() {
        // Nobody is there to be told.
    }

    @Override
    public void abort(int code, String reason) {
        System.err.println("jadi: " + reason);
    }

    @Override
    public void onStateRequest(Supplier<String> state) {
        // Nobody asks.
    }

    @Override
    public void onLauncherLost(Runnable action) {
        // There is none to lose.
    }

    @Override
    public void close() {
        pending.clear();
    }
}
