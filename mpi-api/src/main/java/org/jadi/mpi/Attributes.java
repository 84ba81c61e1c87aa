package org.jadi.mpi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of one object, in the order in which their keys were first set. MPI 4.1 §7.7. Callbacks are called without
 * the lock, so what they see of the attributes is what the standard promises: a deleted one is there until they return.
 */
final class Attributes<O> {
    private final O owner;

    // guarded by this
    private final Map<Keyval<O, ?>, Object> values = new LinkedHashMap<>();

    Attributes(O owner) {
        this.owner = owner;
    }

    /** Returns the attributes of an object. */
    @SuppressWarnings("unchecked") // both have attributes of their own type
    static <O> Attributes<O> of(Caching<O> object) {
        return (Attributes<O>) switch (object) {
            case Comm c -> c.attributes;
            case Datatype d -> d.attributes;
        };
    }

    /** Runs something if the object can be used; errors of communicators go to their error handler. */
    static void guarded(Caching<?> object, String call, Runnable action) {
        switch (object) {
            case Comm c -> {
                c.transfer.checkUsable(call);
                c.transfer.guarded(action);
            }
            case Datatype d -> {
                d.checkUsable(call);
                action.run();
            }
        }
    }

    <T> void set(Keyval<O, T> key, T value) {
        if (key == null || key.isFreed()) {
            throw new MpiException(ErrorClass.KEYVAL, "setAttribute: the key is null, or was freed");
        }
        if (value == null) {
            throw new MpiException(ErrorClass.ARG, "setAttribute: the value is null; use deleteAttribute");
        }
        delete(key);
        synchronized (this) {
            values.put(key, value);
        }
    }

    @SuppressWarnings("unchecked") // set is the only way in, and takes a value of the key's type
    synchronized <T> Optional<T> get(Keyval<O, T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** Returns whether there was one. */
    <T> boolean delete(Keyval<O, T> key) {
        Optional<T> value = get(key);
        value.ifPresent(v -> call("delete", () -> key.deleted(owner, v)));
        synchronized (this) {
            return values.remove(key) != null;
        }
    }

    /** Deletes all, the latest first. SPEC: MPI 4.1 §11.2.4 asks for this order where the library ends. */
    void deleteAll() {
        for (List<Keyval<O, ?>> keys = keys(); !keys.isEmpty(); keys = keys()) {
            delete(keys.getLast());
        }
    }

    /** A copy of an attribute that is not attached yet. */
    record Copied<O, T>(Keyval<O, T> key, T value) {
        void attach(Attributes<O> target) {
            synchronized (target) {
                target.values.put(key, value);
            }
        }
    }

    /** Asks the callbacks for what a duplicate gets, in the order of the keys. */
    List<Copied<O, ?>> copies() {
        List<Copied<O, ?>> all = new ArrayList<>();
        keys().forEach(key -> copy(key, all));
        return all;
    }

    private <T> void copy(Keyval<O, T> key, List<Copied<O, ?>> all) {
        get(key).ifPresent(value -> call("copy",
                () -> key.copied(owner, value).ifPresent(v -> all.add(new Copied<>(key, v)))));
    }

    private synchronized List<Keyval<O, ?>> keys() {
        return new ArrayList<>(values.keySet());
    }

    private static void call(String what, Runnable callback) {
        try {
            callback.run();
        } catch (MpiException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MpiException(ErrorClass.OTHER, "the " + what + " callback of an attribute failed: " + e, e);
        }
    }
}
