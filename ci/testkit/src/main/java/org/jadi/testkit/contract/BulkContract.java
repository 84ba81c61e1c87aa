package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.adi.device.BulkTransfer;
import org.junit.jupiter.api.Test;

/** Long data that the device moves by itself. */
public interface BulkContract extends Bench {
    /** Every length from the least on, at odd places, and nothing beside. */
    @Test
    default void shouldMoveDataFromMemoryToMemory() {
        DeviceGroup group = wired(2);
        BulkTransfer receiver = declared(group.device(1), BulkTransfer.class);
        BulkTransfer sender = group.device(0).capability(BulkTransfer.class);
        connect(group);
        long id = 1;
        for (long length : new long[] {sender.leastBytes(), sender.leastBytes() + 1, 100_000, (1 << 20) + 3, 5_000_001}) {
            MemorySegment source = Arena.ofAuto().allocate(length + 16);
            MemorySegment target = Arena.ofAuto().allocate(length + 16);
            Payload.fill(source, 3, (int) length, length);
            List<Object> ended = new ArrayList<>();
            receiver.receive(0, id, target, 5, length, (what, done) -> ended.add(what + " " + done), "receive");
            sender.send(1, id, source, 3, length, (what, done) -> ended.add(what + " " + done), "send");
            group.pumpUntil("both ended", () -> ended.size() == 2);
            Collections.sort(ended, (a, b) -> a.toString().compareTo(b.toString()));
            assertEquals(List.of("receive true", "send true"), ended, "length=" + length);
            assertEquals(-1, Payload.firstWrong(target, 5, (int) length, length), "length=" + length);
            assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 4) | target.get(ValueLayout.JAVA_BYTE, 5 + length));
            id++;
        }
    }

    /** Many under way, in both directions, sent in another order than they were posted; packets go on between them. */
    @Test
    default void shouldMoveManyAtOnce() {
        DeviceGroup group = wired(2);
        BulkTransfer[] sides = {declared(group.device(0), BulkTransfer.class), group.device(1).capability(BulkTransfer.class)};
        Lane lane = connect(group);
        int count = 40;
        int length = (int) sides[0].leastBytes() * 3 + 1;
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        BulkTransfer.Ended note = (what, done) -> {
            ended.incrementAndGet();
            lost.addAndGet(done ? 0 : 1);
        };
        List<MemorySegment> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment target = Arena.ofAuto().allocate(length);
            targets.add(target);
            sides[i % 2].receive(1 - i % 2, i, target, 0, length, note, i);
        }
        for (int i = count - 1; i >= 0; i--) {
            MemorySegment source = Arena.ofAuto().allocate(length);
            Payload.fill(source, 0, length, i);
            sides[1 - i % 2].send(i % 2, i, source, 0, length, note, i);
            group.sendControl(lane);
        }
        group.pumpUntil("all ended", () -> ended.get() == 2 * count);
        assertEquals(0, lost.get());
        for (int i = 0; i < count; i++) {
            assertEquals(-1, Payload.firstWrong(targets.get(i), 0, length, i), "transfer " + i);
        }
        group.settle();
    }

    /** Memory that a thread can free under the device's hands is none for it. */
    @Test
    default void shouldNotMoveWhatAThreadMayFree() {
        DeviceGroup group = wired(2);
        BulkTransfer device = declared(group.device(0), BulkTransfer.class);
        try (Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared()) {
            assertFalse(device.canMove(confined.allocate(64)));
            assertFalse(device.canMove(shared.allocate(64)));
            assertFalse(device.canMove(MemorySegment.ofArray(new byte[64])));
        }
    }

    /** A receive whose sender is given up ends, not done. */
    @Test
    default void shouldEndTransfersWithALostPeer() {
        DeviceGroup group = wired(3);
        BulkTransfer device = declared(group.device(0), BulkTransfer.class);
        connect(group);
        List<Object> ended = new ArrayList<>();
        long length = device.leastBytes();
        device.receive(1, 7, Arena.ofAuto().allocate(length), 0, length, (what, done) -> ended.add(what + " " + done), "lost");
        group.pump();
        assertEquals(List.of(), ended);
        device.abandon(2);
        group.pump();
        assertEquals(List.of(), ended, "another peer's");
        device.abandon(1);
        group.pumpUntil("ended", () -> !ended.isEmpty());
        assertEquals(List.of("lost false"), ended);
    }

    private static Lane connect(DeviceGroup group) {
        Lane there = group.lane(0, 1);
        BackPressureContract.connectFully(group, there);
        BackPressureContract.connectFully(group, group.lane(1, 0));
        return there;
    }
}
