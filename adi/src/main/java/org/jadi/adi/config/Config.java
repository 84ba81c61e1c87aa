package org.jadi.adi.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.jadi.bootstrap.JobSettings;
import org.jadi.bootstrap.Spelling;

/** The values of all knobs, read from their sources once. Immutable. */
public final class Config {
    /** What mpirun sets beside {@link JobSettings#names}; there is no need to look for a key of theirs. */
    private static final Set<String> PLACE = Set.of("JADI_BOUND_CPUS", "JADI_HOST_CPUS", "JADI_LOCAL_RANK", "JADI_LOCAL_SIZE",
            "JADI_SHM_JOB_DIR");

    private final Map<String, String> properties;
    private final Map<String, String> environment;
    private final List<Map<String, String>> files;

    private Config(Map<String, String> properties, Map<String, String> environment, List<Map<String, String>> files) {
        this.properties = properties;
        this.environment = environment;
        this.files = files;
    }

    /** Reads system properties, environment, {@code jadi.properties} here and in the user's configuration folder. */
    public static Config load() {
        Map<String, String> properties = new HashMap<>();
        System.getProperties().forEach((k, v) -> {
            if (k.toString().startsWith("jadi.")) {
                properties.put(k.toString(), v.toString());
            }
        });
        Map<String, String> environment = new HashMap<>(System.getenv());
        String configHome = environment.getOrDefault("XDG_CONFIG_HOME", System.getProperty("user.home") + "/.config");
        List<Map<String, String>> files = List.of(
                readFile(Path.of("jadi.properties")), readFile(Path.of(configHome, "jadi", "jadi.properties")));
        return new Config(properties, environment, files);
    }

    /** Returns a configuration with these values alone, keyed by {@link ConfigKey#name}; for tests. */
    public static Config of(Map<String, String> values) {
        Map<String, String> properties = new HashMap<>();
        values.forEach((k, v) -> properties.put("jadi." + k, v));
        return new Config(properties, Map.of(), List.of());
    }

    /** Returns this configuration with some values replaced, keyed by {@link ConfigKey#name}. */
    public Config with(Map<String, String> values) {
        Map<String, String> merged = new HashMap<>(properties);
        values.forEach((k, v) -> merged.put("jadi." + k, v));
        return new Config(merged, environment, files);
    }

    /** Returns the value as text. */
    public String text(ConfigKey key) {
        String value = properties.get(key.property());
        if (value == null) {
            value = environment.get(key.environment());
        }
        for (Map<String, String> file : files) {
            value = value == null ? file.get(key.property()) : value;
        }
        return value == null ? key.defaultValue() : value;
    }

    /** Returns where the value comes from: {@code property}, {@code environment}, {@code file} or {@code default}. */
    public String source(ConfigKey key) {
        if (properties.containsKey(key.property())) {
            return "property";
        }
        if (environment.containsKey(key.environment())) {
            return "environment";
        }
        return files.stream().anyMatch(f -> f.containsKey(key.property())) ? "file" : "default";
    }

    /**
     * Returns what is set under a name that is none of these keys', each as a sentence for the user: of properties and the environment, where
     * names of other meaning begin alike, what is spelt nearly as a key; of files all.
     *
     * @param keys of all modules; asked for only if there is something in question
     */
    public List<String> strays(Supplier<? extends Collection<ConfigKey>> keys) {
        List<String> names = new ArrayList<>(properties.keySet());
        environment.keySet().stream().filter(n -> n.startsWith(ConfigKey.VARIABLES)).forEach(names::add);
        names.removeAll(PLACE);
        names.removeAll(JobSettings.names());
        files.forEach(f -> names.addAll(f.keySet()));
        if (names.isEmpty()) {
            return List.of();
        }
        Collection<ConfigKey> known = keys.get();
        known.forEach(k -> names.removeAll(List.of(k.property(), k.environment())));
        return names.stream().distinct().sorted().map(n -> stray(n, known)).filter(Objects::nonNull).toList();
    }

    private String stray(String name, Collection<ConfigKey> keys) {
        ConfigKey near = keys.stream().min(Comparator.comparingInt(k -> distance(name, k))).orElse(null);
        boolean isNear = near != null && distance(name, near) <= Math.min(2, near.name().length() / 4);
        boolean isVariable = name.startsWith(ConfigKey.VARIABLES);
        if (!isNear && (isVariable || properties.containsKey(name))) {
            return null;
        }
        return name + " is not a setting, and changes nothing" + (isNear
                ? "; did you mean " + (isVariable ? near.environment() : near.property()) + "?" : " (mpirun --print-config lists all settings)");
    }

    private static int distance(String name, ConfigKey key) {
        return Spelling.distance(bare(name), bare(key.environment()));
    }

    /** Returns a name without what tells its spelling in one source from that in another. */
    private static String bare(String name) {
        return name.replaceAll("(?i)^jadi[._]|[._]", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the value of a BOOLEAN key. */
    public boolean flag(ConfigKey key) {
        return switch (text(key).strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw malformed(key, "true or false");
        };
    }

    /** Returns the value of an INTEGER key, checked to lie in a range. */
    public int integer(ConfigKey key, int least, int most) {
        try {
            int value = Integer.parseInt(text(key).strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw malformed(key, "a whole number");
        }
        throw malformed(key, "between " + least + " and " + most);
    }

    /** Returns the value of a SIZE key in bytes, checked to lie in a range. */
    public long bytes(ConfigKey key, long least, long most) {
        String s = text(key).strip().toLowerCase(Locale.ROOT);
        int shift = s.endsWith("k") ? 10 : s.endsWith("m") ? 20 : s.endsWith("g") ? 30 : 0;
        try {
            long value = Math.multiplyExact(Long.parseLong(shift == 0 ? s : s.substring(0, s.length() - 1)), 1L << shift);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw malformed(key, "a number of bytes, such as 65536, 64k or 1m");
        }
        throw malformed(key, "between " + least + " and " + most + " bytes");
    }

    /** Returns the value of a TIME key in nanoseconds. */
    public long nanos(ConfigKey key) {
        String s = text(key).strip().toLowerCase(Locale.ROOT);
        long unit = 1_000_000_000L;
        int cut = 0;
        if (s.endsWith("us") || s.endsWith("ms") || s.endsWith("ns")) {
            unit = s.endsWith("us") ? 1_000L : s.endsWith("ms") ? 1_000_000L : 1L;
            cut = 2;
        } else if (s.endsWith("s")) {
            cut = 1;
        }
        try {
            long value = Math.multiplyExact(Long.parseLong(s.substring(0, s.length() - cut)), unit);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw malformed(key, "a time, such as 50us, 3ms or 2s");
        }
        throw malformed(key, "0 or more");
    }

    private IllegalArgumentException malformed(ConfigKey key, String expected) {
        return new IllegalArgumentException(key.property() + " must be " + expected + ": value=" + text(key) + " ("
                + source(key) + "; the environment variable is " + key.environment() + ")");
    }

    private static Map<String, String> readFile(Path file) {
        Map<String, String> values = new HashMap<>();
        if (Files.isReadable(file)) {
            Properties p = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                p.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException("cannot read configuration file " + file + ": " + e.getMessage(), e);
            }
            p.forEach((k, v) -> values.put(k.toString(), v.toString()));
        }
        return values;
    }
}
