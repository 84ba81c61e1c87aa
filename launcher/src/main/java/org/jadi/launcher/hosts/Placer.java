package org.jadi.launcher.hosts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jadi.launcher.LauncherException;

/**
 * Places ranks by slot: hosts in their order, each filled to its slots; what is left when all slots are taken is dealt out
 * in turns. Ranks of a host have consecutive numbers.
 */
public final class Placer {
    private Placer() {
    }

    /** Returns how many ranks hosts are meant for when the user names no number: their slots, one where nobody said. */
    public static int slots(List<HostSlots> hosts, int perHost) {
        int sum = 0;
        for (HostSlots host : hosts) {
            sum += slots(host, perHost);
        }
        return sum;
    }

    /**
     * Places ranks.
     *
     * @param size how many, 1 or more
     * @param perHost how many on each host at most, or 0 where the hosts' slots decide
     * @throws LauncherException if a limit per host leaves no place for all
     */
    public static Placement bySlot(List<HostSlots> hosts, int size, int perHost) {
        int[] counts = new int[hosts.size()];
        int left = size;
        for (int i = 0; i < counts.length && left > 0; i++) {
            counts[i] = Math.min(left, slots(hosts.get(i), perHost));
            left -= counts[i];
        }
        if (left > 0 && perHost > 0) {
            throw new LauncherException(LauncherException.USAGE, "there is no place for all ranks: ranks=" + size + " hosts="
                    + counts.length + " perHost=" + perHost + "; name more hosts, or leave out -ppn");
        }
        for (int i = 0; left > 0; i = (i + 1) % counts.length) {
            counts[i]++;
            left--;
        }
        List<Placement.Share> shares = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                BitSet ranks = new BitSet();
                ranks.set(first, first + counts[i]);
                shares.add(new Placement.Share(hosts.get(i).name(), ranks));
                first += counts[i];
            }
        }
        return new Placement(List.copyOf(shares));
    }

    private static int slots(HostSlots host, int perHost) {
        return perHost > 0 ? perHost : Math.max(1, host.slots());
    }
}
