package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.adi.device.Device;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that dies is reported, by name and soon, and what is under way with it ends. */
@TimeLimit(60)
class UcxDeathTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    /** Time from the death to the report; ten times as long where the machine is too busy to be exact. */
    private static final long REPORT_MS = 2000;

    private static final int BULK_BYTES = 1 << 20;
    private static final int UNUSED_ID = 99;

    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    @ParameterizedTest
    @CsvSource({"tcp, ffm", "posix, ffm", "sysv, ffm", "posix, jucx"})
    void shouldReportADeadPeer(String tls, String binding) throws Exception {
        Map<String, String> values = Map.of("ucx.tls", tls, "ucx.binding", binding);
        OneRank survivor = new OneRank(0, values);
        Process victim = start(values);
        try (Device device = new UcxDeviceProvider().open(survivor)) {
            wire(device, victim);
            Endpoint endpoint = device.connect(1);
            MemorySegment some = MemorySegment.ofArray(new byte[100]);
            poll(device, "an answer", () -> {
                endpoint.trySend(0, 0, 0, 0, some, 0, 100);
                return survivor.arrived.get() > 100;
            });
            List<Object> ended = new ArrayList<>();
            BulkTransfer bulk = device.capability(BulkTransfer.class);
            bulk.receive(1, UNUSED_ID, Arena.ofAuto().allocate(BULK_BYTES), 0, BULK_BYTES, (what, done) -> ended.add(done), 0);
            victim.destroyForcibly().waitFor();
            long died = System.nanoTime();
            poll(device, "a report", () -> !survivor.failures.isEmpty());
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - died);
            System.out.println(tls + " " + binding + ": reported after ms=" + tookMs + ": " + survivor.failures);
            assertTrue(survivor.failures.get(0).startsWith("1: "), survivor.failures.toString());
            assertTrue(tookMs < (isBusy() ? 10 : 1) * REPORT_MS, "reported after ms=" + tookMs);
            assertEquals(Endpoint.FAILED, endpoint.trySend(0, 0, 0, 0, some, 0, 100));
            assertEquals(Endpoint.FAILED, endpoint.trySendControl(0, 0, 0, 0));
            bulk.abandon(1); // as the engine does
            poll(device, "the end of the transfer", () -> !ended.isEmpty());
            assertEquals(List.of(false), ended);
        } finally {
            victim.destroyForcibly();
        }
    }

    private static boolean isBusy() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
                > Runtime.getRuntime().availableProcessors() * 2;
    }

    private static Process start(Map<String, String> values) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Victim.class.getName()));
        values.forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void wire(Device device, Process victim) throws IOException {
        PrintWriter out = new PrintWriter(victim.getOutputStream(), true);
        BufferedReader in = new BufferedReader(new InputStreamReader(victim.getInputStream()));
        out.println(HexFormat.of().formatHex(device.address()));
        byte[] theirs = HexFormat.of().parseHex(in.readLine());
        device.wire(rank -> rank == 1 ? theirs : device.address());
    }

    private static void poll(Device device, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (device.progress() == 0) {
                Thread.yield();
            }
            assertTrue(System.nanoTime() - end < 0, "still not there: " + what);
        }
    }

    /** Rank 1: answers packets until it is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws IOException {
            Map<String, String> values = new java.util.HashMap<>();
            for (String arg : args) {
                values.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
            }
            OneRank self = new OneRank(1, values);
            try (Device device = new UcxDeviceProvider().open(self)) {
                String theirs = new BufferedReader(new InputStreamReader(System.in)).readLine();
                System.out.println(HexFormat.of().formatHex(device.address()));
                byte[] address = HexFormat.of().parseHex(theirs);
                device.wire(rank -> rank == 0 ? address : device.address());
                Endpoint endpoint = device.connect(0);
                long end = System.nanoTime() + PATIENCE_NS;
                long answered = 0;
                while (System.nanoTime() - end < 0) {
                    device.progress();
                    while (answered < self.arrived.get() && endpoint.trySendControl(0, 0, 0, 0) == Endpoint.SENT) {
                        answered++;
                    }
                }
            }
        }
    }
}
