package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.AddressBook;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceLimits;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Open, address, wire, refusal, connect, close. */
public interface LifeContract extends Bench {
    /** An address is longer than this nowhere. */
    int MOST_ADDRESS_BYTES = 4096;

    /** Names, limits and address are as the SPI says, and stay so. */
    @Test
    default void shouldDescribeItself() {
        DeviceGroup group = open(2);
        String name = provider().name();
        assertTrue(name.matches("[a-z0-9]+"), name);
        assertEquals(name, group.device(0).name());
        DeviceLimits limits = group.device(0).limits();
        int bytes = group.address(0).length;
        assertTrue(bytes >= 1 && bytes <= MOST_ADDRESS_BYTES, "address bytes=" + bytes);
        group.wire();
        BackPressureContract.connectFully(group, group.lane(0, 1));
        assertEquals(limits, group.device(0).limits());
        assertNull(group.device(0).capability(NoSuchAbility.class));
        assertFalse(group.device(0).connect(1).toString().isBlank());
    }

    /** Keys are the device's own, and their defaults are accepted. */
    @Test
    default void shouldNameItsConfiguration() {
        Set<String> names = new HashSet<>();
        for (ConfigKey key : provider().configKeys()) {
            assertTrue(key.name().startsWith(provider().name() + "."), key.name());
            assertTrue(names.add(key.name()), "twice: " + key.name());
            assertTrue(key.text().endsWith("."), key.text());
        }
    }

    /** The endpoint to a peer is the same object at each call. */
    @Test
    default void shouldConnectOnce() {
        DeviceGroup group = wired(3);
        Endpoint first = group.device(0).connect(1);
        assertSame(first, group.device(0).connect(1));
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        assertSame(first, group.device(0).connect(1));
        assertSame(first, lane.endpoint());
    }

    /** Both sides connect at the same time and both directions work. */
    @Test
    default void shouldConnectBothWaysAtOnce() {
        for (int round = 0; round < 10; round++) {
            DeviceGroup group = wired(2);
            Lane there = group.lane(0, 1);
            Lane back = group.lane(1, 0);
            for (int i = 0; i < 5; i++) {
                group.sendControl(there);
                group.sendControl(back);
            }
            group.settle();
            group.close();
        }
    }

    /** A rank without an address is refused with a reason, and connecting to it is an exception. */
    @Test
    default void shouldRefuseARankWithoutAddress() {
        DeviceGroup group = open(3);
        group.wire(rank -> rank == 2 ? null : group.address(rank));
        assertNull(group.device(0).refusal(1));
        assertClause(group.device(0).refusal(2));
        assertThrows(DeviceException.class, () -> group.device(0).connect(2));
        BackPressureContract.connectFully(group, group.lane(0, 1));
    }

    /** An address that is garbage or of another version is refused, and harms nothing. */
    @Test
    default void shouldRefuseAMalformedAddress() {
        SplittableRandom random = new SplittableRandom(Seeds.seed("address"));
        for (int round = 0; round < 12; round++) {
            DeviceGroup group = open(3);
            byte[] good = group.address(2);
            byte[] bad = new byte[round % 3 == 0 ? random.nextInt(64) : good.length];
            random.nextBytes(bad);
            byte[] truncated = Arrays.copyOf(good, good.length / 2);
            AddressBook book = rank -> rank < 2 ? group.address(rank) : bad.length % 2 == 0 ? bad : truncated;
            group.wire(book);
            assertClause(group.device(0).refusal(2));
            assertThrows(DeviceException.class, () -> group.device(0).connect(2));
            BackPressureContract.connectFully(group, group.lane(0, 1));
            group.close();
        }
    }

    /** One rank alone can open, wire, poll and close. */
    @Test
    default void shouldServeAJobOfOne() {
        DeviceGroup group = wired(1);
        group.device(0).progress();
        group.allLanes().forEach(group::sendControl);
        group.settle();
    }

    /** Close never waits for a peer, whatever is under way, and does not throw. */
    @Test
    default void shouldCloseAtOnce() {
        DeviceGroup group = wired(3);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        BackPressureContract.fill(group, lane, 64);
        group.device(2).connect(0);
        for (int rank = 0; rank < 3; rank++) {
            long start = System.nanoTime();
            group.close(rank);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(tookMs < 2000, "close took ms=" + tookMs);
        }
    }

    /** Sends to a peer that is closed neither throw nor wait; FAILED is final and is reported. */
    @Test
    default void shouldAnswerFailedForALostPeer() {
        DeviceGroup group = wired(3);
        Lane lost = group.lane(0, 1);
        Lane living = group.lane(0, 2);
        BackPressureContract.connectFully(group, lost);
        BackPressureContract.connectFully(group, living);
        group.close(1);
        int answer = Endpoint.SENT;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (answer != Endpoint.FAILED && System.nanoTime() < end) {
            answer = lost.endpoint().trySend(1, 2, 3, 4, MemorySegment.ofArray(new byte[8]), 0, 8);
            group.pump();
        }
        if (answer == Endpoint.FAILED) {
            assertEquals(Endpoint.FAILED, lost.endpoint().trySendControl(0, 0, 0, 0));
            assertEquals(Endpoint.FAILED, lost.endpoint().trySend(0, 0, 0, 0, MemorySegment.NULL, 0, 0));
            group.pumpUntil("failure reported", () -> group.inbox(0).failureOf(1) != null);
        }
        assertNull(group.inbox(0).failureOf(2));
        for (int i = 0; i < 100; i++) {
            group.sendControl(living);
        }
        group.pumpUntil("the living are served", () -> group.inbox(2).arrivedFrom(0) == living.accepted());
        group.check();
    }

    /** What was accepted before the sender closed still arrives, where it needed no flushing. */
    @Test
    default void shouldDeliverWhatAClosedSenderFlushed() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int i = 0; i < 5; i++) {
            group.sendControl(lane);
        }
        group.pumpUntil("flushed", () -> !group.device(0).hasUnflushed());
        group.close(0);
        group.settle();
    }

    /** A report may be asked for at any time, after close too. */
    @Test
    default void shouldDescribeItselfAfterClose() {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        group.close();
        assertFalse(lane.endpoint().toString().isBlank());
        assertFalse(group.device(0).toString().isBlank());
    }

    /** Threads, descriptors, mappings and files are gone after close. */
    @Test
    default void shouldReleaseEverything() throws IOException, InterruptedException {
        openUseAndClose();
        Set<Thread> threads = Resources.threads();
        int descriptors = Resources.descriptors();
        for (int i = 0; i < 8; i++) {
            String jobId = openUseAndClose();
            assertEquals(Set.of(), Resources.filesOf(jobId), "files left");
        }
        assertEquals(Set.of(), Resources.newThreadsAfter(threads, 5000), "threads left");
        assertEquals(Set.of(), Resources.jadiMappings(), "mappings left");
        int more = Resources.descriptors() - descriptors;
        assertTrue(more < 8, "file descriptors left: " + more);
    }

    private String openUseAndClose() {
        DeviceGroup group = wired(3);
        group.allLanes().forEach(group::sendControl);
        group.settle();
        group.close();
        return group.jobId();
    }

    private static void assertClause(String reason) {
        assertNotNull(reason, "should be refused");
        assertFalse(reason.isBlank() || reason.contains("\n") || reason.endsWith("."), "a clause: " + reason);
    }

    /** An ability that no device has. */
    interface NoSuchAbility {}
}
