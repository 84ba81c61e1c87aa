package org.jadi.launcher.hosts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jadi.launcher.LauncherException;

/**
 * Lists of hosts as users write them. Names are kept as they are: a shortened name may mean nothing where it is looked up.
 *
 * <p>An option has {@code a,b:4,[fe80::1]:2}; a file has one host per line, in the dialects of Open MPI
 * ({@code a slots=4 max_slots=8}), of Hydra ({@code a:4}) and of batch systems (a line for each slot); {@code #} begins a
 * comment. A host that is named several times has the sum of its slots, each mention without a number counting as one.
 */
public final class HostList {
    private static final int MAX_SLOTS = 1 << 20;

    private final String source;
    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private final Map<String, Integer> mentions = new LinkedHashMap<>();
    private boolean counted;

    private HostList(String source) {
        this.source = source;
    }

    /**
     * Reads the argument of the option.
     *
     * @throws LauncherException naming the part that is wrong
     */
    public static List<HostSlots> ofOption(String option, String list) {
        HostList hosts = new HostList("option " + option);
        for (String part : list.split(",")) {
            if (!part.isBlank()) {
                hosts.addColon(part.strip());
            }
        }
        return hosts.result();
    }

    /**
     * Reads a file.
     *
     * @param name its name, for messages
     * @param lines its lines
     * @throws LauncherException naming the line that is wrong
     */
    public static List<HostSlots> ofFile(String name, List<String> lines) {
        HostList hosts = new HostList("host file " + name);
        for (String line : lines) {
            int comment = line.indexOf('#');
            String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            if (!words[0].isEmpty()) {
                hosts.addLine(words);
            }
        }
        return hosts.result();
    }

    private void addLine(String[] words) {
        int number = -1;
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String key = equals < 0 ? words[i] : words[i].substring(0, equals);
            if (key.equals("slots") || key.equals("cpu") || key.equals("count")) {
                number = number(equals < 0 ? "" : words[i].substring(equals + 1));
            } else if (equals < 0) {
                throw new LauncherException(LauncherException.USAGE, source + ": cannot read the line: "
                        + String.join(" ", words) + "; write HOST slots=N or HOST:N");
            }
            // Other keys (max_slots, ifhn, user) are for launchers that know them.
        }
        if (number >= 0) {
            add(bare(words[0]), number);
        } else {
            addColon(words[0]);
        }
    }

    /** {@code host}, {@code host:4}, {@code [address]:4}; a colon within an address of IP version 6 is part of it. */
    private void addColon(String text) {
        int colon = text.lastIndexOf(':');
        boolean address = text.indexOf(':') != colon && !text.startsWith("[");
        if (colon < 0 || address || text.endsWith("]")) {
            add(bare(text), -1);
        } else {
            add(bare(text.substring(0, colon)), number(text.substring(colon + 1)));
        }
    }

    private static String bare(String name) {
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private void add(String name, int number) {
        // A name that begins with a dash would be an option of the remote shell.
        if (name.isEmpty() || name.startsWith("-") || name.chars().anyMatch(c -> c <= ' ' || "'\"\\$`;&|<>(){}*?!".indexOf(c) >= 0)) {
            throw new LauncherException(LauncherException.USAGE, source + ": not a host name: " + name);
        }
        counted |= number >= 0;
        slots.merge(name, number >= 0 ? number : 1, Integer::sum);
        mentions.merge(name, 1, Integer::sum);
    }

    private int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= MAX_SLOTS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as what is out of range.
        }
        throw new LauncherException(LauncherException.USAGE, source + ": the number of slots must be between 0 and "
                + MAX_SLOTS + ": value=" + text);
    }

    private List<HostSlots> result() {
        boolean plain = !counted && mentions.values().stream().allMatch(n -> n == 1);
        List<HostSlots> result = new ArrayList<>();
        slots.forEach((name, number) -> {
            if (plain || number > 0) {
                result.add(new HostSlots(name, plain ? 0 : number));
            }
        });
        if (result.isEmpty()) {
            throw new LauncherException(LauncherException.USAGE, source + " names no host");
        }
        return result;
    }
}
