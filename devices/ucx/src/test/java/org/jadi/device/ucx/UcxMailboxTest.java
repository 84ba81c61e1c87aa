package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.jadi.testkit.contract.Lane;
import org.jadi.testkit.contract.Payload;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How ranks come to mailboxes, how they do without, and what becomes of a mailbox that is damaged. */
@TimeLimit(60)
class UcxMailboxTest {
    private static final int RING_BYTES = 4096;
    private static final int MOST_TURNS = 100_000;

    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    /** Packets of all sizes, sent while the ranks change over at moments that nobody knows: whole, and in order. */
    @ParameterizedTest
    @ValueSource(strings = {"posix", "sysv"})
    void shouldChangeOverInTheMiddleOfTraffic(String transports) {
        SplittableRandom random = new SplittableRandom(Seeds.seed("mailbox"));
        MemorySegment memory = Arena.ofAuto().allocate(16 << 10);
        for (int round = 0; round < 5; round++) {
            try (DeviceGroup group = new DeviceGroup(new UcxDeviceProvider(), Config.of(Map.of("ucx.tls", transports)), 3).wire()) {
                List<Lane> lanes = group.allLanes();
                for (int i = 0; i < 3000; i++) {
                    for (Lane lane : lanes) {
                        if (random.nextInt(4) == 0) {
                            int length = random.nextInt(random.nextBoolean() ? 100 : 16 << 10);
                            Payload.fill(memory, 0, length, i);
                            group.send(lane, memory, 0, length, i);
                        } else if (random.nextInt(8) == 0) {
                            group.sendControl(lane);
                        }
                    }
                    if (random.nextInt(4) == 0) {
                        group.pump();
                    }
                }
                group.settle();
                group.check();
                for (Lane lane : lanes) {
                    assertTrue(lane.endpoint().toString().contains("mailbox"), lane.endpoint().toString());
                }
            }
        }
    }

    /** A sender that cannot use the mailbox stays with active messages, and the receiver frees what it offered. */
    @ParameterizedTest
    @CsvSource({"ucx.mailboxBytes,0,posix", "ucx.maxPayloadBytes,128k,posix", "ucx.pointers,false,sysv"})
    void shouldDoWithout(String key, String value, String transports) {
        OneRank without = new OneRank(0, Map.of("ucx.tls", transports, key, value));
        OneRank with = new OneRank(1, Map.of("ucx.tls", transports));
        try (Device first = new UcxDeviceProvider().open(without); Device second = new UcxDeviceProvider().open(with)) {
            first.wire(rank -> rank == 0 ? first.address() : second.address());
            second.wire(rank -> rank == 0 ? first.address() : second.address());
            Endpoint there = first.connect(1);
            Endpoint back = second.connect(0);
            MemorySegment memory = MemorySegment.ofArray(new byte[3000]);
            for (int i = 1; i <= 2000; i++) {
                send(there, memory, i % 3000, first, second);
                send(back, memory, i % 3000, first, second);
            }
            for (int turn = 0; turn < MOST_TURNS && (with.arrived.get() < 2000 || without.arrived.get() < 2000); turn++) {
                first.progress();
                second.progress();
            }
            assertEquals(2000, with.arrived.get());
            assertEquals(2000, without.arrived.get());
            assertFalse(there.toString().contains("mailbox"), there.toString());
            assertTrue(with.failures.isEmpty() && without.failures.isEmpty());
        }
    }

    private static void send(Endpoint endpoint, MemorySegment memory, int length, Device... devices) {
        int turns = 0;
        while (endpoint.trySend(1, 2, 3, 4, memory, 0, length) != Endpoint.SENT) {
            for (Device device : devices) {
                device.progress();
            }
            assertTrue(++turns < MOST_TURNS, endpoint.toString());
        }
    }

    @Test
    void shouldGiveADamagedMailboxUpOnce() {
        OneRank rank = new OneRank(0, Map.of());
        MemorySegment memory = Arena.ofAuto().allocate(MailboxDescriptor.bytes(RING_BYTES), 64);
        Inboxes inboxes = new Inboxes(rank);
        inboxes.add(1, memory, RING_BYTES);
        Outbox outbox = new Outbox(memory, RING_BYTES, Arena.ofConfined(), 0, null);
        assertEquals(Endpoint.SENT, outbox.trySendControl(1, 2, 3, 4));
        assertEquals(1, inboxes.poll());
        memory.set(ValueLayout.JAVA_INT, MailboxDescriptor.RING_OFFSET + RingDescriptor.HEADER_BYTES + 64, -3);
        inboxes.poll();
        inboxes.poll();
        assertEquals(1, rank.failures.size());
        assertTrue(rank.failures.get(0).startsWith("1: "), rank.failures.toString());
        assertEquals(0, inboxes.count());
        assertEquals(1, rank.arrived.get());
    }

    /** One sender wakes a receiver that sleeps, and only while it sleeps. */
    @Test
    void shouldBeWokenOnce() {
        MemorySegment memory = Arena.ofAuto().allocate(MailboxDescriptor.bytes(RING_BYTES), 64);
        Inboxes inboxes = new Inboxes(new OneRank(0, Map.of()));
        inboxes.add(1, memory, RING_BYTES);
        Outbox outbox = new Outbox(memory, RING_BYTES, Arena.ofConfined(), 0, null);
        assertFalse(outbox.isReceiverAsleep());
        inboxes.sleeping();
        assertTrue(outbox.isReceiverAsleep());
        assertTrue(outbox.claimWake());
        assertFalse(outbox.claimWake());
        inboxes.sleeping();
        inboxes.awake();
        assertFalse(outbox.isReceiverAsleep() || outbox.claimWake());
    }
}
