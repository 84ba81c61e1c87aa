package org.jadi.mpi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hints: pairs of strings in the order in which their keys were first set. MPI 4.1 §10. Any thread may use it; a method that
 * takes one copies it.
 */
public final class Info {
    /** Longest key, in characters ({@code MPI_MAX_INFO_KEY}). */
    public static final int MAX_KEY = 255;

    /** Longest value, in characters ({@code MPI_MAX_INFO_VAL}). */
    public static final int MAX_VALUE = 8192;

    // guarded by this
    private final Map<String, String> pairs = new LinkedHashMap<>();

    /** Creates an empty one ({@code MPI_Info_create}, MPI 4.1 §10). */
    public Info() {}

    /**
     * Returns what this process was started with ({@code MPI_INFO_ENV}, {@code MPI_Info_create_env}, MPI 4.1 §10, §11.2.1):
     * command, arch, wdir and thread_level.
     */
    public static Info environment() {
        Info info = new Info();
        ProcessHandle.current().info().command().filter(c -> c.length() <= MAX_VALUE).ifPresent(c -> info.set("command", c));
        return info.set("arch", System.getProperty("os.arch")).set("wdir", System.getProperty("user.dir"))
                .set("thread_level", "MPI_THREAD_MULTIPLE");
    }

    /**
     * Sets a pair ({@code MPI_Info_set}, MPI 4.1 §10); a key that is there keeps its place.
     *
     * @return this
     * @throws MpiException INFO_KEY, INFO_VALUE if it is null, empty (keys) or too long
     */
    public synchronized Info set(String key, String value) {
        checkKey(key, "set");
        if (value == null || value.length() > MAX_VALUE) {
            throw new MpiException(ErrorClass.INFO_VALUE, "Info.set: a value has 0 to " + MAX_VALUE + " characters: key=" + key
                    + " length=" + (value == null ? "null" : value.length()));
        }
        pairs.put(key, value);
        return this;
    }

    /** Returns the value of a key, or nothing ({@code MPI_Info_get_string}, MPI 4.1 §10). */
    public synchronized Optional<String> get(String key) {
        checkKey(key, "get");
        return Optional.ofNullable(pairs.get(key));
    }

    /**
     * Deletes a pair ({@code MPI_Info_delete}, MPI 4.1 §10).
     *
     * @throws MpiException INFO_NOKEY if the key is not there
     */
    public synchronized void delete(String key) {
        checkKey(key, "delete");
        if (pairs.remove(key) == null) {
            throw new MpiException(ErrorClass.INFO_NOKEY, "Info.delete: the key is not there: key=" + key);
        }
    }

    /** Returns the number of pairs ({@code MPI_Info_get_nkeys}, MPI 4.1 §10). */
    public synchronized int size() {
        return pairs.size();
    }

    /** Returns the keys in their order ({@code MPI_Info_get_nthkey}, MPI 4.1 §10). */
    public synchronized List<String> keys() {
        return new ArrayList<>(pairs.keySet());
    }

    /** Returns a copy with the same order ({@code MPI_Info_dup}, MPI 4.1 §10). */
    public Info dup() {
        Info copy = new Info();
        copy.pairs.putAll(toMap());
        return copy;
    }

    /** Returns the pairs in their order, as a copy. */
    public synchronized Map<String, String> toMap() {
        return new LinkedHashMap<>(pairs);
    }

    @Override
    public String toString() {
        return toMap().toString();
    }

    private static void checkKey(String key, String operation) {
        if (key == null || key.isEmpty() || key.length() > MAX_KEY) {
            throw new MpiException(ErrorClass.INFO_KEY, "Info." + operation + ": a key has 1 to " + MAX_KEY
                    + " characters: length=" + (key == null ? "null" : key.length()));
        }
    }
}
