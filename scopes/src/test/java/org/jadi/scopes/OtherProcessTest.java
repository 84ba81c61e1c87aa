package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.mpi.HardwareOfRank;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.process.OtherJvms;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What two processes do with each other, and what a process has from its start. */
@Timeout(180)
class OtherProcessTest {
    @RegisterExtension
    final OtherJvms jvms = new OtherJvms();

    @TempDir
    Path folder;

    private ScopesOptions options() {
        return new ScopesOptions(LoadOptions.DEFAULT.withMachine("xml:" + Machines.path("smt-scrambled")), "auto", CpuSet.EMPTY,
                folder.resolve("node").toString());
    }

    private Process start(String... arguments) throws IOException {
        return jvms.start(List.of("--enable-native-access=ALL-UNNAMED", "-Djadi.scopes.claims=" + folder.resolve("node"),
                "-Djadi.scopes.mask=4-5,12-13", "-Djadi.scopes.topology=xml:" + Machines.path("smt-scrambled")), Other.class, arguments);
    }

    /** The other process; its settings come from properties. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws IOException {
            switch (args[0]) {
                case "redeem" -> redeem(args[1]);
                case "borrow" -> borrow();
                case "where" -> where();
                default -> pools(Boolean.parseBoolean(args[1]));
            }
        }

        private static void redeem(String ticket) throws IOException {
            try (Scopes scopes = Scopes.open()) {
                Scope scope = scopes.redeem(Ticket.fromBytes(Base64.getDecoder().decode(ticket)));
                try (Binding binding = scope.push()) {
                    System.out.println("bound to " + binding.cpus());
                }
                System.in.read();
            }
        }

        private static void borrow() throws IOException {
            try (Scopes scopes = Scopes.open()) {
                Scope mine = scopes.user().splitAll(2, CutPolicy.WHOLE_CORES).get(1);
                try (Binding binding = mine.push()) {
                    CpuSet own = mine.cpus();
                    System.out.println("borrowed " + mine.borrow(4));
                    while (!mine.cpus().equals(own)) {
                        binding.refresh();
                    }
                    System.out.println("bound to " + scopes.current());
                }
                System.in.read();
            }
        }

        private static void where() {
            try (Scopes scopes = Scopes.open()) {
                HardwareOfRank hardware = new HardwareOfRank();
                System.out.println(scopes.process().cpus() + " " + hardware.resource("l3cache").orElse("none"));
                try (Binding binding = scopes.user().splitAllAt(HwType.CORE).get(7).push()) {
                    System.out.println(binding.cpus() + " " + hardware.resource("core").orElse("none"));
                }
            }
        }

        private static void pools(boolean sizedBefore) {
            try (Scopes scopes = Scopes.open(new ScopesOptions(new LoadOptions("none", "this"), "required", CpuSet.EMPTY, "process"))) {
                int all = Runtime.getRuntime().availableProcessors();
                if (sizedBefore) {
                    scopes.sizePoolsNow();
                }
                try (Binding binding = scopes.user().splitAll(all, CutPolicy.PU_EVEN).get(0).push()) {
                    System.out.println(Runtime.getRuntime().availableProcessors() + " " + binding.cpus().count());
                    System.out.println(ForkJoinPool.commonPool().getParallelism() == Math.max(1, all - 1));
                }
            }
        }
    }

    @Test
    void shouldTakeATicketToAnotherProcess() throws Exception {
        try (Scopes scopes = Scopes.open(options())) {
            List<Ticket> tickets = scopes.user().create(Request.of(4, HwType.CORE).alone()).issue(2, CutPolicy.WHOLE_CORES);
            Process other = start("redeem", Base64.getEncoder().encodeToString(tickets.get(1).toBytes()));
            try (BufferedReader out = other.inputReader()) {
                assertEquals("bound to 2-3,10-11", out.readLine());
                assertThrows(StaleScopeException.class, () -> scopes.redeem(tickets.get(1)));
                assertThrows(StaleScopeException.class, () -> scopes.revoke(tickets.get(1)));
                assertTrue(scopes.usage().claims().stream().anyMatch(c -> c.pid() == other.pid() && c.slots().equals(CpuSet.parse(
                        "2-3,10-11"))), scopes.usage().toString());
                other.destroyForcibly().waitFor();
            }
            assertEquals(CpuSet.parse("0-1,8-9"), scopes.usage().claimed(), "the dead hold nothing");
        }
    }

    @Test
    void shouldLendToAnotherProcess() throws Exception {
        try (Scopes scopes = Scopes.open(options())) {
            Scope mine = scopes.user().splitAll(2, CutPolicy.WHOLE_CORES).get(0);
            Loan loan = mine.lend(CpuSet.parse("2-3,10-11"));
            Process other = start("borrow");
            try (BufferedReader out = other.inputReader()) {
                assertEquals("borrowed 2-3,10-11", out.readLine());
                assertEquals(CpuSet.parse("0-1,8-9"), mine.cpus());
                assertTrue(loan.reclaim(Duration.ofSeconds(60)));
                assertEquals(CpuSet.parse("0-3,8-11"), mine.cpus());
                assertEquals("bound to 4-7,12-15", out.readLine());
                Loan again = mine.lend(CpuSet.of(3, 11));
                assertTrue(again.reclaim(Duration.ZERO));
                other.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void shouldCountAsStartedWhereItIsTold() throws Exception {
        Process other = start("where");
        try (BufferedReader out = other.inputReader()) {
            assertEquals(List.of("4-5,12-13 L3Cache 4-5,12-13", "7,15 Core 7,15"), out.lines().toList());
        }
        assertEquals(0, other.waitFor());
    }

    @Test
    void shouldSizePoolsBeforeTheFirstBinding() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one CPU only");
        for (boolean sizedBefore : new boolean[] {false, true}) {
            Process other = start("pools", Boolean.toString(sizedBefore));
            try (BufferedReader out = other.inputReader()) {
                assertEquals("1 1", out.readLine(), "a bound thread sees the CPUs of its mask");
                assertEquals(Boolean.toString(sizedBefore || Runtime.getRuntime().availableProcessors() == 2), out.readLine());
            }
            assertEquals(0, other.waitFor());
        }
    }
}
