package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.UcxStatus;
import org.jadi.device.ucx.binding.UcxTransport;

/** Packets on their way out: the slots they lie in, and which of them UCX has not finished with. */
final class Departures implements AutoCloseable {
    private final UcxWorker worker;
    private final Failures failures;
    private final int keepBytes;

    // guarded by the worker's lock
    private final Slots slots;
    private int underWay;
    private long sent;

    Departures(UcxWorker worker, Failures failures, UcxConfig config) {
        this.worker = worker;
        this.failures = failures;
        this.keepBytes = config.keepBytes();
        this.slots = new Slots(config.maxPayloadBytes());
    }

    Slot takeSlot(boolean large) {
        worker.lock();
        try {
            return slots.take(large);
        } finally {
            worker.unlock();
        }
    }

    /** Takes a slot; with the lock held. */
    Slot takeSlotLocked(boolean large) {
        return slots.take(large);
    }

    void giveSlot(Slot slot) {
        worker.lock();
        try {
            slots.give(slot);
        } finally {
            worker.unlock();
        }
    }

    /** Tells a peer something of the device's own that is but a word. */
    void announce(UcxEndpoint endpoint, long kind) {
        worker.lock();
        try {
            announce(endpoint, kind, 0, MemorySegment.ofArray(new byte[0]));
        } finally {
            worker.unlock();
        }
    }

    /** Sends what is in an endpoint's slot; a large slot is ours then. Returns false if the peer is lost. */
    @HotPath
    boolean send(UcxEndpoint endpoint, Slot slot, int bytes) {
        worker.lock();
        try {
            int answer = start(endpoint, slot, bytes, bytes >= keepBytes);
            if (answer != UcxTransport.UNDER_WAY) {
                if (slot.large) {
                    slots.give(slot);
                }
                if (answer < 0) {
                    failures.add(endpoint, answer);
                    return false;
                }
            }
            sent++;
            return true;
        } finally {
            worker.unlock();
        }
    }

    /** Tells a peer something of the device's own, unless it is lost; with the lock held. */
    void announce(UcxEndpoint endpoint, long kind, long number, MemorySegment payload) {
        if (endpoint.ep() == null) {
            return;
        }
        Slot slot = slots.take(false);
        endpoint.address(slot, kind, number);
        slot.payload(payload, 0, (int) payload.byteSize());
        int answer = start(endpoint, slot, PacketDescriptor.PAYLOAD_OFFSET + (int) payload.byteSize(), false);
        if (answer != UcxTransport.UNDER_WAY) {
            slots.give(slot);
            if (answer < 0) {
                failures.add(endpoint, answer);
            }
        }
    }

    @HotPath
    private int start(UcxEndpoint endpoint, Slot slot, int bytes, boolean large) {
        Ep ep = endpoint.ep();
        int answer = ep == null ? UcxStatus.NOT_CONNECTED
                : worker.transport().send(ep, slot.address, bytes, large, slot.index);
        if (answer == UcxTransport.UNDER_WAY) {
            slot.owner = endpoint;
            slot.bytes = bytes;
            underWay++;
            endpoint.underWay(slot);
        }
        return answer;
    }

    /** UCX has finished with a packet; with the lock held. */
    void onSent(int index, int status) {
        Slot slot = slots.get(index);
        UcxEndpoint endpoint = slot.owner;
        underWay--;
        endpoint.out(slot);
        slots.give(slot);
        if (status != 0) {
            failures.add(endpoint, status);
        }
    }

    /** Returns whether UCX has packets that it has not finished with; without the lock, what was true a moment ago. */
    @HotPath
    boolean isUnderWay() {
        return underWay != 0;
    }

    /** Returns how many packets of the engine's were sent; with the lock held. */
    long sent() {
        return sent;
    }

    /** Frees the slots; after the worker was closed. */
    @Override
    public void close() {
        slots.close();
    }
}
