package org.jadi.scopes.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jadi.scopes.node.ClaimTable.Claimant;
import org.jadi.scopes.process.OtherJvms;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The table under several processes, some of which are killed. */
@Timeout(300)
class NodeProcessesTest {
    private static final String MACHINE = "0123456789abcdef0123456789abcdef";
    private static final int EFFORT = Math.max(1, Integer.getInteger("jadi.effort", 1));

    @RegisterExtension
    final OtherJvms jvms = new OtherJvms();

    @TempDir
    Path folder;

    private Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(folder.resolve("claims").toString()));
        words.addAll(List.of(arguments));
        return jvms.start(List.of("-Xmx64m"), Worker.class, words.toArray(String[]::new));
    }

    /** A process that uses the table as it is told. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] args) throws IOException {
            try (ClaimTable table = ClaimTable.open(Path.of(args[0]), 16, MACHINE)) {
                switch (args[1]) {
                    case "count" -> count(table, Integer.parseInt(args[2]));
                    case "hold" -> hold(table, CpuSet.parse(args[2]));
                    default -> churn(table);
                }
            }
        }

        /** Claims one slot alone, again and again; while it has it, nobody else may. */
        private static void count(ClaimTable table, int rounds) {
            int got = 0;
            for (int i = 0; i < rounds; i++) {
                Claim claim = table.claim(Claimant.sharing("count").alone(), usage -> {
                    CpuSet free = usage.free(4);
                    return free.isEmpty() ? CpuSet.EMPTY : CpuSet.of(free.first());
                });
                if (!claim.slots().isEmpty()) {
                    got++;
                    List<Claim> others = table.usage().of(claim.slots());
                    if (others.size() != 1) {
                        throw new IllegalStateException("two have the same slot: " + others);
                    }
                }
                table.release(claim.id());
            }
            System.out.println("got " + got);
        }

        private static void hold(ClaimTable table, CpuSet slots) throws IOException {
            table.claim(Claimant.sharing("hold").alone(), usage -> slots);
            System.out.println("held");
            System.in.read();
        }

        private static void churn(ClaimTable table) {
            System.out.println("churns");
            while (true) {
                Claim claim = table.claim(Claimant.sharing("churn"), usage -> CpuSet.range(0, 15));
                table.replace(claim.id(), usage -> CpuSet.of(3));
                Claim ticket = table.issue(claim.id(), Claimant.sharing("ticket"), List.of(CpuSet.of(3), CpuSet.of(4)), new long[4],
                        Long.MAX_VALUE).getFirst();
                table.redeem(ticket.id(), 0, 0);
                table.release(ticket.id());
                table.release(ticket.id() + 1);
            }
        }
    }

    private static String readLine(Process process) throws IOException {
        return process.inputReader().readLine();
    }

    @Test
    void shouldGiveEachSlotToOneProcessAtATime() throws Exception {
        List<Process> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(start("count", Integer.toString(2_000 * EFFORT)));
        }
        for (Process worker : workers) {
            try (BufferedReader out = worker.inputReader()) {
                assertTrue(Integer.parseInt(out.readLine().substring(4)) > 0);
            }
            assertEquals(0, worker.waitFor());
        }
        assertFalse(Files.exists(folder.resolve("claims")), "the last one deletes the file");
    }

    @Test
    void shouldSweepWhatTheKilledHaveHeld() throws Exception {
        try (ClaimTable table = ClaimTable.open(folder.resolve("claims"), 16, MACHINE)) {
            for (int round = 0; round < 3 * EFFORT; round++) {
                Process holder = start("hold", "2-5");
                assertEquals("held", readLine(holder));
                assertEquals(CpuSet.range(2, 5), table.usage().exclusive());
                assertEquals(holder.pid(), table.usage().claims().getFirst().pid());
                holder.destroyForcibly().waitFor();
                assertEquals(List.of(), table.usage().claims(), "round " + round);
            }
        }
    }

    @Test
    void shouldStayWholeWhoeverIsKilledWhenever() throws Exception {
        try (ClaimTable table = ClaimTable.open(folder.resolve("claims"), 16, MACHINE)) {
            table.claim(Claimant.sharing("mine"), usage -> CpuSet.of(9));
            for (int round = 0; round < 4 * EFFORT; round++) {
                Process a = start("churn");
                Process b = start("churn");
                assertEquals("churns", readLine(a));
                assertEquals("churns", readLine(b));
                int step = round % 3 + 1;
                Eventually.until("one is seen at step " + step + ", the other at any", Duration.ofSeconds(60),
                        () -> stepOf(a, table) == step && stepOf(b, table) > 0, () -> table.usage().toString());
                a.destroyForcibly().waitFor();
                List<Claim> now = table.usage().claims();
                assertTrue(now.stream().allMatch(c -> c.pid() == b.pid() || c.slots().equals(CpuSet.of(9))), now.toString());
                b.destroyForcibly().waitFor();
                assertEquals(CpuSet.of(9), table.usage().claimed(), "round " + round);
            }
        }
        assertFalse(Files.exists(folder.resolve("claims")));
    }

    /** Returns how far {@link Worker#churn} is in its round: 1 has all slots, 2 has one of them, 3 has a ticket too; 0 none of these. */
    private static int stepOf(Process process, ClaimTable table) {
        List<Claim> claims = table.usage().claims().stream().filter(c -> c.pid() == process.pid()).toList();
        return switch (claims.size()) {
            case 0 -> 0;
            case 1 -> claims.getFirst().slots().equals(CpuSet.range(0, 15)) ? 1 : 2;
            default -> 3;
        };
    }

    @Test
    void shouldTakeOverTheTableOfTheDead() throws Exception {
        Process holder = start("hold", "1");
        assertEquals("held", readLine(holder));
        holder.destroyForcibly().waitFor();
        assertTrue(Files.exists(folder.resolve("claims")), "nobody was left to delete it");
        try (ClaimTable table = ClaimTable.open(folder.resolve("claims"), 16, MACHINE)) {
            assertEquals(List.of(), table.usage().claims());
        }
        assertFalse(Files.exists(folder.resolve("claims")));
    }

    @Test
    void shouldEndWellWhenToldTo() throws Exception {
        Process holder = start("hold", "1");
        assertEquals("held", readLine(holder));
        holder.getOutputStream().close();
        assertTrue(holder.waitFor(60, TimeUnit.SECONDS));
        assertFalse(Files.exists(folder.resolve("claims")));
    }
}
