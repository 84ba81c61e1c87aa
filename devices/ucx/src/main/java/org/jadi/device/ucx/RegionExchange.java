package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.RemoteAccess;
import org.jadi.device.ucx.binding.UcxFailure;
import org.jadi.device.ucx.binding.UcxSession;

/**
 * Makes memory known: to UCX, and what is allocated here to every peer, in announcements that go before whatever is sent to
 * the peer next; and opens what peers announce. Which regions there are stands in {@link Regions}.
 */
final class RegionExchange {
    private static final int PROBE_BYTES = 4096;

    private final UcxWorker worker;
    private final Peers peers;
    private final Departures departures;
    private final Regions regions;
    private final int rank;

    RegionExchange(UcxWorker worker, Peers peers, Departures departures, Regions regions, int rank) {
        this.worker = worker;
        this.peers = peers;
        this.departures = departures;
        this.regions = regions;
        this.rank = rank;
    }

    MemorySegment allocate(long bytes) {
        worker.lock();
        try {
            Regions.Own own = regions.add(worker.session().allocate(Math.max(8, bytes)), bytes);
            peers.forEach(endpoint -> announce(endpoint, Regions.HERE, own));
            return own.memory();
        } finally {
            worker.unlock();
        }
    }

    void free(MemorySegment memory) {
        Regions.Own own = regions.remove(memory);
        own.arena().close();
        worker.lock();
        try {
            peers.forEach(endpoint -> announce(endpoint, Regions.GONE, own));
            worker.session().release(own.region());
        } finally {
            worker.unlock();
        }
    }

    /** Makes memory known to UCX; {@link #unregister} ends that. */
    UcxSession.Region register(MemorySegment memory) {
        worker.lock();
        try {
            UcxSession.Region region = worker.session().register(memory.address(), memory.byteSize());
            regions.register(region);
            return region;
        } finally {
            worker.unlock();
        }
    }

    void unregister(UcxSession.Region region) {
        worker.lock();
        try {
            regions.unregister(region);
            worker.session().release(region);
        } finally {
            worker.unlock();
        }
    }

    /** Tells a new peer of all there is; with the lock held. */
    void greet(UcxEndpoint endpoint) {
        for (Regions.Own own : regions.own()) {
            announce(endpoint, Regions.HERE, own);
        }
    }

    private void announce(UcxEndpoint endpoint, long kind, Regions.Own own) {
        MemorySegment payload = kind == Regions.HERE ? own.announcement() : MemorySegment.ofArray(new byte[0]);
        departures.announce(endpoint, kind, own.number(), payload);
    }

    /** A peer tells of its memory; with the lock held. */
    void onAnnouncement(int peer, long address, long length) {
        Regions.Remote gone = regions.announced(peer, address, length);
        if (gone != null) {
            worker.transport().remoteAccess().forget(gone.handle);
        }
    }

    /** Returns a peer's region, open; null if it is not known within so many turns. */
    Regions.Remote remote(int peer, long token, long length, int turns) {
        for (int i = 0; i < turns; i++) {
            worker.lock();
            try {
                Regions.Remote r = regions.remote(peer, token, length);
                Ep ep = peers.ep(peer);
                if (r != null && ep != null) {
                    open(r, ep);
                    return r;
                }
                if (token < 0) {
                    return null;
                }
                worker.transport().progress();
            } finally {
                worker.unlock();
            }
            Thread.onSpinWait();
        }
        return null;
    }

    private void open(Regions.Remote r, Ep ep) {
        if (!r.isOpen) {
            RemoteAccess access = worker.transport().remoteAccess();
            r.handle = access.unpack(ep, r.key);
            r.pointer = access.pointer(r.handle, r.address);
            r.isOpen = true;
        }
    }

    /** Finds out whether this process can see memory that another worker of this host allocated: by its own. */
    boolean seesMemory(byte[] ownAddress) {
        worker.lock();
        try {
            RemoteAccess access = worker.transport().remoteAccess();
            if (access == null) {
                return false;
            }
            Ep self = worker.transport().connect(rank, ownAddress);
            UcxSession.Region region = worker.session().allocate(PROBE_BYTES);
            long handle = 0;
            try {
                handle = access.unpack(self, region.key());
                return access.pointer(handle, region.address()) != 0;
            } finally {
                if (handle != 0) {
                    access.forget(handle);
                }
                worker.session().release(region);
                worker.transport().abandon(self);
            }
        } catch (UcxFailure e) {
            return false;
        } finally {
            worker.unlock();
        }
    }

    /** Takes the memory away from who still holds it: an error, and not a place that was unmapped. With the lock held. */
    void close() {
        regions.own().forEach(RegionExchange::close);
    }

    private static void close(Regions.Own own) {
        try {
            own.arena().close();
        } catch (IllegalStateException e) {
            // It is being accessed, against the rules.
        }
    }
}
