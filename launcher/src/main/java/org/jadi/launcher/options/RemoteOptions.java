package org.jadi.launcher.options;

/** What the user asked of hosts and the way to them. Filled by {@link OptionParser}, read-only for everyone else. */
public final class RemoteOptions {
    private static final long DEFAULT_HEARTBEAT_MILLIS = 20_000;
    private static final long DEFAULT_START_MILLIS = 60_000;

    String hosts;
    String hostFile;
    int perHost;
    String shell;
    String java;
    boolean stage;
    String interfaces;
    String gateways;
    long heartbeatMillis = DEFAULT_HEARTBEAT_MILLIS;
    long startMillis = DEFAULT_START_MILLIS;

    RemoteOptions() {
    }

    /** Returns the list of hosts, or null. */
    public String hosts() {
        return hosts;
    }

    /** Returns the file with hosts, or null. */
    public String hostFile() {
        return hostFile;
    }

    /** Returns the most ranks of a host, or 0 where the hosts' slots decide. */
    public int perHost() {
        return perHost;
    }

    /** Returns the words of the remote shell, or null for the default. */
    public String shell() {
        return shell;
    }

    /** Returns the java of agents and ranks, or null for mpirun's own. */
    public String java() {
        return java;
    }

    /** Returns whether the program is taken along to hosts that do not share our files. */
    public boolean stage() {
        return stage;
    }

    /** Returns the networks by which ranks are reached, or null for all. */
    public String interfaces() {
        return interfaces;
    }

    /** Returns the hosts whose ranks pass messages on, or null where any rank may. */
    public String gateways() {
        return gateways;
    }

    /** Returns how long a host may be silent in milliseconds, or 0 for as long as it likes. */
    public long heartbeatMillis() {
        return heartbeatMillis;
    }

    /** Returns for how long a host is tried that does not answer, in milliseconds. */
    public long startMillis() {
        return startMillis;
    }
}
