package org.jadi.device.ucx;

import static org.jadi.device.ucx.binding.Memory.ALL;
import static org.jadi.device.ucx.binding.Memory.LONG;

import java.util.function.IntConsumer;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.UcxEvents;

/**
 * One turn of progress: moves UCX on with the lock held, passes what it reports to the part that it concerns, and has them
 * tell the engine when the lock is free.
 */
final class UcxProgress implements UcxEvents {
    /** Turns in which only the mailboxes are looked at, where everybody uses them: UCX must still be asked who lives. */
    private static final int MAIL_TURNS = 15;

    private final UcxWorker worker;
    private final Deliveries deliveries;
    private final Departures departures;
    private final Transfers transfers;
    private final RegionExchange exchange;
    private final Mail mail;
    private final Inboxes inboxes;
    private final IntConsumer drained;
    private final Peers peers;
    private final Failures failures;
    private final long key;
    private final int size;

    /** OWNER: the poller. Turns until UCX is looked at even if nothing is expected of it. */
    private int turnsLeft;
    private long strangers; // guarded by the worker's lock

    /**
     * Of one rank.
     *
     * @param key what each packet to the rank carries
     */
    UcxProgress(UcxWorker worker, Deliveries deliveries, Departures departures, Transfers transfers, RegionExchange exchange,
            Mail mail, Inboxes inboxes, Peers peers, Failures failures, long key, int size) {
        this.worker = worker;
        this.deliveries = deliveries;
        this.departures = departures;
        this.transfers = transfers;
        this.exchange = exchange;
        this.mail = mail;
        this.inboxes = inboxes;
        this.drained = inboxes::drain;
        this.peers = peers;
        this.failures = failures;
        this.key = key;
        this.size = size;
    }

    /** As {@link org.jadi.adi.device.Device#progress}. */
    @HotPath
    int progress() {
        int work = inboxes.poll();
        if (--turnsLeft < 0 || !mail.isEnough() || departures.isUnderWay() || transfers.isUnderWay()) {
            work += progressUcx();
        }
        return work;
    }

    @HotPath
    private int progressUcx() {
        turnsLeft = MAIL_TURNS;
        int work;
        worker.lockAfterOthers();
        try {
            deliveries.giveUcxBack();
            work = worker.transport().progress();
            mail.answer();
            deliveries.exchange();
        } finally {
            worker.unlock();
        }
        work += deliveries.deliver();
        if (transfers.hasEnded()) {
            work += transfers.tellEnded();
        }
        if (failures.any()) {
            work += failures.tell(drained);
        }
        return work;
    }

    /** Asks for an event of the worker's descriptor; false if there is something to do. */
    boolean arm() {
        turnsLeft = 0;
        worker.lock();
        try {
            if (!deliveries.isIdle() || transfers.hasEnded() || failures.any() || !worker.transport().arm()) {
                return false;
            }
        } finally {
            worker.unlock();
        }
        inboxes.sleeping();
        return true;
    }

    /** Ends what {@link #arm} began. */
    void disarm() {
        inboxes.awake();
    }

    /** Returns how many messages did not come from this job; with the lock held. */
    long strangers() {
        return strangers;
    }

    // ------------------------------------------------------------ what UCX reports, with the lock held

    @Override
    @HotPath
    public boolean onMessage(long address, long length, boolean keepable) {
        if (length < PacketDescriptor.PAYLOAD_OFFSET || ALL.get(LONG, address + PacketDescriptor.KEY_OFFSET) != key
                || Integer.compareUnsigned(Slot.rankAt(address), size) >= 0) {
            return onOther(address, length);
        }
        return deliveries.add(address, length, keepable);
    }

    /** An announcement of memory, or something that does not come from this job. */
    private boolean onOther(long address, long length) {
        int from = length < PacketDescriptor.PAYLOAD_OFFSET ? 0 : Slot.rankAt(address);
        int peer = from & ~PacketDescriptor.ANNOUNCEMENT;
        if (from >= 0 || peer >= size || ALL.get(LONG, address + PacketDescriptor.KEY_OFFSET) != key) {
            strangers++;
        } else if (ALL.get(LONG, address) == Mail.CHANGE) {
            return deliveries.add(address, length, false);
        } else if (!mail.onAnnouncement(peer, ALL.get(LONG, address), address, length)) {
            exchange.onAnnouncement(peer, address, length);
        }
        return false;
    }

    @Override
    public void onSent(int index, int status) {
        departures.onSent(index, status);
    }

    @Override
    public void onEnd(int number, int status) {
        transfers.onEnd(number, status);
    }

    @Override
    public void onEndpointFailed(int peer, int status) {
        peers.onFailed(peer, status);
    }
}
