package org.jadi.launcher.hosts;

import java.util.ArrayList;
import java.util.List;
import org.jadi.launcher.LauncherException;

/** The two compressed lists of Slurm: hosts such as {@code n[01-03,7],rack[1-2]n[1-4]}, and numbers such as {@code 2(x3),1}. */
final class SlurmList {
    private static final int MOST_HOSTS = 1 << 20;

    private SlurmList() {
    }

    /** Returns the hosts of a list, in its order. */
    static List<String> hosts(String list) {
        List<String> hosts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= list.length(); i++) {
            char c = i < list.length() ? list.charAt(i) : ',';
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                expand("", list.substring(from, i).strip(), hosts, list);
                from = i + 1;
            }
        }
        if (depth != 0 || from <= list.length()) {
            throw malformed(list);
        }
        return hosts;
    }

    private static void expand(String prefix, String rest, List<String> hosts, String list) {
        int open = rest.indexOf('[');
        int close = rest.indexOf(']');
        if (open < 0 && close < 0) {
            if (!(prefix + rest).isEmpty()) {
                hosts.add(prefix + rest);
            }
            return;
        }
        if (open < 0 || close < open) {
            throw malformed(list);
        }
        for (String range : rest.substring(open + 1, close).split(",")) {
            String[] ends = range.split("-", 2);
            String last = ends[ends.length - 1];
            if (!ends[0].matches("[0-9]{1,9}") || !last.matches("[0-9]{1,9}")) {
                throw malformed(list);
            }
            int end = Integer.parseInt(last);
            for (int n = Integer.parseInt(ends[0]); n <= end && hosts.size() < MOST_HOSTS; n++) {
                String digits = Integer.toString(n);
                // Leading zeros are part of the name: n[01-10].
                String padded = "0".repeat(Math.max(0, ends[0].length() - digits.length())) + digits;
                expand(prefix + rest.substring(0, open) + padded, rest.substring(close + 1), hosts, list);
            }
        }
    }

    /** Returns the numbers of a list. */
    static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : list.split(",")) {
            int times = part.indexOf("(x");
            String number = times < 0 ? part : part.substring(0, times);
            String count = times < 0 ? "1" : part.substring(times + 2).replace(")", "");
            if (!number.strip().matches("[0-9]{1,9}") || !count.matches("[0-9]{1,7}")) {
                throw malformed(list);
            }
            for (int i = Integer.parseInt(count); i > 0; i--) {
                numbers.add(Integer.valueOf(number.strip()));
            }
        }
        return numbers;
    }

    private static LauncherException malformed(String list) {
        return new LauncherException(1, "cannot read the list of Slurm: " + list + "; name the hosts with --host");
    }
}
