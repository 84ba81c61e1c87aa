package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.SleepSource;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** A sleeping rank is woken by what arrives: no wake-up is lost, however the two meet. */
public interface SleepContract extends Bench {
    /** How long a rank would sleep if nobody woke it; a wake-up was lost if it did. */
    long SLEEP_NS = TimeUnit.SECONDS.toNanos(5);

    /** Longer than any test lasts: only a ring ends such a sleep. */
    long FOR_EVER_NS = TimeUnit.HOURS.toNanos(1);

    /** When to give up what must happen. */
    Duration PATIENCE = Duration.ofSeconds(20);

    /** How long nothing must ring. A device that is slow to ring is not caught, but a quiet one is never blamed. */
    long QUIET_MS = 200;

    /** Times that a rank falls asleep in a test. */
    int ROUNDS = 250;

    /** Packets at random moments always end the sleep of the engine's way to sleep. */
    @Test
    default void shouldLoseNoWakeUp() throws InterruptedException {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        SplittableRandom random = new SplittableRandom(Seeds.seed("sleep"));
        AtomicBoolean stop = new AtomicBoolean();
        Thread sender = Thread.ofPlatform().start(() -> answerAtRandom(group, lane, random, stop));
        try {
            for (int round = 0; round < ROUNDS; round++) {
                long arrived = group.inbox(1).arrived();
                long start = System.nanoTime();
                while (group.inbox(1).arrived() == arrived && System.nanoTime() - start < SLEEP_NS) {
                    sleepOnce(group, 1);
                }
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                assertTrue(tookMs < 2000, "a wake-up was lost in round " + round + ": ms=" + tookMs);
            }
        } finally {
            stop.set(true);
            sender.join();
        }
        group.settle();
    }

    /** A device with descriptors: the first event after arm rings the engine, one before it is told at once. */
    @Test
    default void shouldRingOnceArmed() {
        DeviceGroup group = wired(2);
        SleepSource source = declared(group.device(1), SleepSource.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int round = 0; round < 50; round++) {
            group.pump();
            int rings = group.doorbell(1).rings();
            boolean sleeps = source.arm();
            group.pumpUntil("sent", () -> lane.trySendControl() == Endpoint.SENT);
            group.pumpUntil("flushed", () -> {
                group.device(0).progress();
                return !group.device(0).hasUnflushed();
            });
            assertTrue(!sleeps || group.doorbell(1).await(rings, 2000), "not rung, round " + round);
            source.disarm();
            group.settle();
        }
    }

    /** Arming and disarming without an event in between does no harm, nor does sleeping on. */
    @Test
    default void shouldBearArmingInVain() {
        DeviceGroup group = wired(2);
        SleepSource source = declared(group.device(1), SleepSource.class);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int i = 0; i < 200; i++) {
            source.arm();
            source.arm();
            source.disarm();
        }
        group.sendControl(lane);
        group.settle();
    }

    /** The device's own doorbell, where it has one: a ring after prepare ends the sleep, none lets it time out. */
    @Test
    default void shouldObeyItsDoorbell() throws Exception {
        DeviceGroup group = wired(2);
        Doorbell bell = declared(group.device(0), Doorbell.class);
        for (int round = 0; round < 100; round++) {
            int seen = bell.prepare();
            bell.ring();
            long tookMs = sleepMs(bell, seen, SLEEP_NS);
            bell.awake();
            assertTrue(tookMs < 2000, "rung before the sleep, but slept ms=" + tookMs);
        }
        Thread sleeper = Thread.ofPlatform().daemon().name("bell-sleeper").start(() -> {
            int seen = bell.prepare();
            do { // a sleep may be several short ones
                bell.sleep(seen, FOR_EVER_NS);
            } while (bell.prepare() == seen);
            bell.awake();
        });
        Eventually.until("asleep", PATIENCE, () -> inSleep(sleeper) && Eventually.areAsleep(sleeper.getName()));
        bell.ring();
        assertTrue(sleeper.join(PATIENCE), "rung during the sleep, but slept on");
        int seen = bell.prepare();
        long tookMs = sleepMs(bell, seen, TimeUnit.MILLISECONDS.toNanos(50));
        bell.awake();
        assertTrue(tookMs < 2000, "slept past its time: ms=" + tookMs);
    }

    /** A device that leaves its engine's doorbell alone while nothing arrives lets an idle job burn no CPU. */
    @Test
    default void shouldLeaveAnIdleEngineAsleep() throws Exception {
        DeviceGroup group = wired(2);
        Lane lane = group.lane(0, 1);
        BackPressureContract.connectFully(group, lane);
        for (int i = 0; i < 50; i++) {
            group.pump();
        }
        SleepSource source = group.device(1).capability(SleepSource.class);
        if (source != null) {
            group.pumpUntil("nothing to do", () -> source.arm());
        }
        Eventually.until("the device's threads sleep", PATIENCE, () -> Eventually.areAsleep(ProgressContract.DEVICE_THREADS));
        int rings = group.doorbell(1).rings();
        assertFalse(group.doorbell(1).await(rings, QUIET_MS), "rung though nothing arrived");
        assertTrue(Eventually.areAsleep(ProgressContract.DEVICE_THREADS), "the device's threads run though nothing arrived");
        if (source != null) {
            source.disarm();
        }
        group.sendControl(lane);
        group.settle();
        assertNotEquals(0, group.inbox(1).arrived());
    }

    /** One turn of the engine's wait: poll, announce, poll again, arm, sleep. */
    private static void sleepOnce(DeviceGroup group, int rank) {
        Device device = group.device(rank);
        if (device.progress() > 0) {
            return;
        }
        Doorbell own = device.capability(Doorbell.class);
        Doorbell bell = own != null ? own : group.doorbell(rank);
        SleepSource source = device.capability(SleepSource.class);
        int seen = bell.prepare();
        if (device.progress() == 0 && (source == null || source.arm())) {
            bell.sleep(seen, SLEEP_NS);
        }
        bell.awake();
        if (source != null) {
            source.disarm();
        }
    }

    private static void answerAtRandom(DeviceGroup group, Lane lane, SplittableRandom random, AtomicBoolean stop) {
        long last = -1;
        while (!stop.get()) {
            if (group.inbox(1).arrived() == last) {
                Thread.yield();
                group.device(0).progress();
                continue;
            }
            last = group.inbox(1).arrived();
            if (random.nextInt(3) > 0) {
                LockSupport.parkNanos(random.nextInt(200_000));
            }
            for (int spin = random.nextInt(2000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            while (lane.trySendControl() != Endpoint.SENT && !stop.get()) {
                group.device(0).progress();
            }
            group.device(0).progress();
        }
    }

    /** A sleep may begin by asking the kernel for something: then the method is on the stack, and the thread not asleep yet. */
    private static boolean inSleep(Thread sleeper) {
        return Arrays.stream(sleeper.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("sleep"));
    }

    private static long sleepMs(Doorbell bell, int seen, long timeoutNs) {
        long start = System.nanoTime();
        bell.sleep(seen, timeoutNs);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
