package org.jadi.bootstrap.rendezvous;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.crypto.Randomness;

/**
 * What a rank must know to join rank 0, as a file of mode 0600: first line {@code jadi-rendezvous 1}, then lines of a word
 * and a value ({@code job}, {@code secret}, {@code port}, and one {@code address} per address of rank 0's host).
 *
 * @param jobId name of the job
 * @param secret the job's secret
 * @param port port on which rank 0 listens
 * @param addresses addresses of its host, loopback last
 */
record Card(String jobId, JobSecret secret, int port, List<String> addresses) {
    private static final String FIRST_LINE = "jadi-rendezvous 1";

    /** Returns the addresses of this host, loopback last; never asks a name server. */
    static List<String> addressesOfThisHost() {
        try {
            List<InetAddress> all = new ArrayList<>(NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> !(a instanceof Inet6Address && a.isLinkLocalAddress())).toList());
            all.sort(Comparator.comparing(InetAddress::isLoopbackAddress).thenComparing(a -> a instanceof Inet6Address));
            return all.stream().map(InetAddress::getHostAddress).toList();
        } catch (SocketException e) {
            throw new BootstrapException("cannot list the addresses of this host: " + e.getMessage(), e);
        }
    }

    /** Writes the card so that it appears at once and whole. */
    void write(Path file) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append("\njob ").append(jobId).append("\nsecret ")
                .append(secret.toHex()).append("\nport ").append(port).append('\n');
        addresses.forEach(a -> text.append("address ").append(a).append('\n'));
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path draft = Files.createFile(folder.resolve(Randomness.name("." + file.getFileName() + "-")),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BootstrapException("rank 0 cannot write the file by which the others find it: file=" + file + " (" + e
                    + "); set " + RendezvousSettings.PLACE + " to a path in a folder that all hosts share", e);
        }
    }

    /**
     * Reads a card.
     *
     * @return null if there is none yet
     * @throws BootstrapException if there is something else, or others may read it
     */
    static Card read(Path file) {
        try {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.equals("rw-------")) {
                throw new BootstrapException("the file of the rendezvous may be read or written by others: file=" + file
                        + " mode=" + mode + "; remove it");
            }
            if (!Files.getAttribute(file, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new BootstrapException("the file of the rendezvous belongs to another user: file=" + file
                        + "; name another one with " + RendezvousSettings.PLACE);
            }
            return parse(Files.readAllLines(file), file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new BootstrapException("cannot read the file of the rendezvous: file=" + file + " (" + e + ")", e);
        }
    }

    private static Card parse(List<String> lines, Path file) {
        String jobId = null;
        JobSecret secret = null;
        int port = 0;
        List<String> addresses = new ArrayList<>();
        try {
            for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                String value = line.substring(line.indexOf(' ') + 1);
                switch (line.substring(0, Math.max(0, line.indexOf(' ')))) {
                    case "job" -> jobId = value;
                    case "secret" -> secret = JobSecret.fromHex(value);
                    case "port" -> port = Integer.parseInt(value);
                    case "address" -> addresses.add(value);
                    default -> throw new IllegalArgumentException("unknown line");
                }
            }
        } catch (IllegalArgumentException e) {
            jobId = null;
        }
        if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE) || jobId == null || secret == null || port < 1
                || addresses.isEmpty()) {
            throw new BootstrapException("not a file of a rendezvous of this version of Jadi: file=" + file + "; remove it");
        }
        return new Card(jobId, secret, port, addresses);
    }
}
