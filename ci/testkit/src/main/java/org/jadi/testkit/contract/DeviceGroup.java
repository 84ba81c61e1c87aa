package org.jadi.testkit.contract;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.DeviceProvider;
import org.jadi.adi.device.Endpoint;
import org.jadi.bootstrap.JobSecret;

/** The devices of a small job in one JVM, opened and wired in the order that an engine keeps. */
public final class DeviceGroup implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final String jobId = "kit-" + UUID.randomUUID();
    private final List<TestContext> contexts = new ArrayList<>();
    private final List<Inbox> inboxes = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<byte[]> addresses = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final boolean[] closed;

    /** Opens devices, without wiring them. */
    public DeviceGroup(DeviceProvider provider, Config config, int size) {
        closed = new boolean[size];
        ConcurrentMap<String, Object> local = new ConcurrentHashMap<>();
        JobSecret secret = JobSecret.random();
        for (int rank = 0; rank < size; rank++) {
            Inbox inbox = new Inbox(rank, size);
            TestContext context = new TestContext(rank, size, jobId, config, secret, inbox, local);
            inboxes.add(inbox);
            contexts.add(context);
            devices.add(provider.open(context));
        }
        devices.forEach(device -> addresses.add(device.address()));
    }

    /** Wires all devices with the addresses that they published. */
    public DeviceGroup wire() {
        return wire(addresses::get);
    }

    /** Wires all devices with an address book of the test's. */
    public DeviceGroup wire(AddressBook book) {
        devices.forEach(device -> device.wire(book));
        return this;
    }

    /** Returns the number of ranks. */
    public int size() {
        return devices.size();
    }

    /** Returns the job's name. */
    public String jobId() {
        return jobId;
    }

    /** Returns what a rank published. */
    public byte[] address(int rank) {
        return addresses.get(rank);
    }

    /** Returns a rank's device. */
    public Device device(int rank) {
        return devices.get(rank);
    }

    /** Returns a rank's upper side. */
    public Inbox inbox(int rank) {
        return inboxes.get(rank);
    }

    /** Returns a rank's engine doorbell. */
    public TestDoorbell doorbell(int rank) {
        return contexts.get(rank).bell();
    }

    /** Returns the lines that a rank's device logged. */
    public List<String> logged(int rank) {
        return contexts.get(rank).logged();
    }

    /** Returns a new lane between two ranks; one per pair, because each begins to count at zero. */
    public Lane lane(int from, int to) {
        Lane lane = new Lane(from, to, device(from).connect(to));
        synchronized (lanes) {
            lanes.add(lane);
        }
        return lane;
    }

    /** Returns a lane for every ordered pair that the device serves. */
    public List<Lane> allLanes() {
        List<Lane> all = new ArrayList<>();
        for (int from = 0; from < size(); from++) {
            for (int to = 0; to < size(); to++) {
                if (device(from).refusal(to) == null) {
                    all.add(lane(from, to));
                }
            }
        }
        return all;
    }

    /** Polls every device that is still open once; returns the work done. */
    public int pump() {
        int work = 0;
        for (int rank = 0; rank < size(); rank++) {
            work += closed[rank] ? 0 : device(rank).progress();
        }
        return work;
    }

    /** Polls all devices until a condition holds; fails after 20 seconds. */
    public void pumpUntil(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (pump() == 0) {
                idle();
            }
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("still not so: " + what + "\n" + this);
            }
        }
    }

    /** Sends, polling all devices while there is no room. */
    public void send(Lane lane, MemorySegment payload, long offset, int length, long seed) {
        pumpUntil("accepted by " + lane, () -> lane.trySend(payload, offset, length, seed) == Endpoint.SENT);
    }

    /** Sends a control packet, polling all devices while there is no room. */
    public void sendControl(Lane lane) {
        pumpUntil("control packet accepted by " + lane, () -> lane.trySendControl() == Endpoint.SENT);
    }

    /** Polls until every packet accepted by every lane has arrived, then checks that nothing was wrong. */
    public void settle() {
        pumpUntil("all that was accepted has arrived", () -> lanes.stream()
                .allMatch(lane -> inbox(lane.to()).arrivedFrom(lane.from()) >= lane.accepted()));
        for (int i = 0; i < 3; i++) {
            pump();
        }
        check();
    }

    /** Fails if anything arrived that should not have, or in another way than it should have. */
    public void check() {
        for (Inbox inbox : inboxes) {
            if (!inbox.faults().isEmpty()) {
                throw new AssertionError(String.join("\n", inbox.faults()));
            }
        }
        for (Lane lane : lanes) {
            if (inbox(lane.to()).arrivedFrom(lane.from()) > lane.accepted()) {
                throw new AssertionError("more arrived than was accepted: " + lane + " " + inbox(lane.to()));
            }
        }
    }

    /** Closes one rank's device; again does nothing. */
    public void close(int rank) {
        if (!closed[rank]) {
            closed[rank] = true;
            device(rank).close();
        }
    }

    @Override
    public void close() {
        for (int rank = 0; rank < size(); rank++) {
            close(rank);
        }
    }

    /** Lets other threads of a busy machine go on. */
    static void idle() {
        Thread.onSpinWait();
        Thread.yield();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("group of " + size() + " devices\n");
        synchronized (lanes) {
            lanes.forEach(lane -> text.append("  ").append(lane).append('\n'));
        }
        inboxes.forEach(inbox -> text.append("  ").append(inbox).append('\n'));
        return text.toString();
    }
}
