package org.jadi.device.tcp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.crypto.Sha256;

/** What this host knows of itself: its addresses and its identity. Cold. */
final class TcpInterfaces {
    private TcpInterfaces() {}

    /**
     * Returns the addresses under which peers may reach this rank, loopback last.
     *
     * @throws DeviceException if there is none
     */
    static List<InetAddress> usable(TcpConfig config) {
        if (!config.bind().isEmpty()) {
            InetAddress bound = literal(config.bind(), "jadi.tcp.bind");
            if (!bound.isAnyLocalAddress()) {
                return List.of(bound);
            }
        }
        List<InetAddress> found = new ArrayList<>();
        for (NetworkInterface nic : interfaces()) {
            nic.inetAddresses().filter(a -> usable(a) && chosen(nic, a, config.interfaces())).forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new DeviceException("no usable network address: jadi.tcp.interface=" + config.interfaces()
                    + "; name an interface that is up, or leave it empty");
        }
        // A comparator of the JDK's making would bring the first lambda that no cache of classes holds, into every rank's start.
        found.sort((a, b) -> Integer.compare(preference(a), preference(b)));
        return found;
    }

    /** Returns an address that is written in digits; never asks a name server. */
    static InetAddress literal(String text, String key) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new DeviceException(key + " must be an IPv4 or IPv6 address in digits: value=" + text, e);
        }
    }

    /**
     * Returns 16 bytes that are the same for processes which share a network stack: of the boot, the network namespace
     * (where the system tells them) and the hardware addresses. Only the order of attempts depends on it.
     */
    static byte[] hostId() {
        TreeSet<String> facts = new TreeSet<>();
        facts.add("boot " + read(Path.of("/proc/sys/kernel/random/boot_id")));
        facts.add("net " + link(Path.of("/proc/self/ns/net")));
        for (NetworkInterface nic : interfaces()) {
            try {
                byte[] mac = nic.getHardwareAddress();
                facts.add("mac " + (mac == null ? "" : HexFormat.of().formatHex(mac)));
            } catch (SocketException e) {
                facts.add("mac");
            }
        }
        return Arrays.copyOf(Sha256.digest(facts.toString().getBytes(StandardCharsets.UTF_8)), TcpAddress.HOST_ID_BYTES);
    }

    private static List<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().filter(TcpInterfaces::up).toList();
        } catch (SocketException e) {
            throw new DeviceException("cannot list network interfaces: " + e.getMessage(), e);
        }
    }

    private static boolean up(NetworkInterface nic) {
        try {
            return nic.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Link-local addresses need a scope that means nothing to a peer. */
    private static boolean usable(InetAddress a) {
        return !a.isAnyLocalAddress() && !a.isMulticastAddress() && !(a instanceof Inet6Address && a.isLinkLocalAddress());
    }

    private static boolean chosen(NetworkInterface nic, InetAddress address, String wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        for (String item : wanted.split(",")) {
            String s = item.strip();
            if (s.equals(nic.getName()) || s.indexOf('/') > 0 && inRange(address, s)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inRange(InetAddress address, String cidr) {
        int slash = cidr.indexOf('/');
        byte[] net = literal(cidr.substring(0, slash), "jadi.tcp.interface").getAddress();
        byte[] a = address.getAddress();
        int bits;
        try {
            bits = Integer.parseInt(cidr.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new DeviceException("jadi.tcp.interface must hold names or ranges such as 10.0.0.0/8: value=" + cidr, e);
        }
        if (a.length != net.length || bits < 0 || bits > 8 * net.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (((a[i >> 3] ^ net[i >> 3]) >> (7 - (i & 7)) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int preference(InetAddress a) {
        return (a.isLoopbackAddress() ? 8 : 0) + (a.isLinkLocalAddress() ? 4 : 0) + (a instanceof Inet4Address ? 0 : 1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String link(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
