package org.jadi.launcher.hosts;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Tells whether a name means the host we are on. Never asks a name service, which may be slow or not there. */
public final class ThisHost {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

    private ThisHost() {
    }

    /** Returns the name that this host gives itself. */
    public static String name() {
        try {
            return Files.readString(NAME).strip();
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "localhost" : name;
        }
    }

    /** Returns whether a name or numeric address is this host's. An unknown alias is not, which only costs a connection. */
    public static boolean is(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String own = name().toLowerCase(Locale.ROOT);
        if (LOCAL.contains(lower) || lower.equals(own)) {
            return true;
        }
        return numeric(lower) && hasAddress(lower);
    }

    private static boolean numeric(String host) {
        return host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':' || c == '%')
                && host.chars().anyMatch(c -> c == '.' || c == ':');
    }

    private static boolean hasAddress(String address) {
        try {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(own -> own.getHostAddress().equals(address));
        } catch (SocketException e) {
            return false;
        }
    }
}
