package org.jadi.scopes.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.node.ClaimTable.Claimant;
import org.jadi.scopes.topology.CpuSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One table, seen by several openers in this JVM; other processes are in {@link NodeProcessesTest}. */
@Timeout(120)
@SuppressWarnings("try") // tables are closed early, and a second time by the block: that is tested
class ClaimTableTest {
    private static final String MACHINE = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private ClaimTable open() throws IOException {
        return ClaimTable.open(folder.resolve("claims"), 100, MACHINE);
    }

    private static Claim claim(ClaimTable table, int... slots) {
        return table.claim(Claimant.sharing("test"), usage -> CpuSet.of(slots));
    }

    @Test
    void shouldShowAllOpenersTheSameAndGoWithTheLast() throws IOException {
        ClaimTable a = open();
        ClaimTable b = open();
        Claim claim = claim(a, 1, 99);
        assertEquals(CpuSet.of(1, 99), b.usage().claimed());
        assertEquals(ProcessHandle.current().pid(), b.usage().claims().getFirst().pid());
        b.release(claim.id());
        assertEquals(CpuSet.of(1, 99), a.usage().claimed(), "only its holder gives a claim back");
        a.close();
        assertEquals(CpuSet.EMPTY, b.usage().claimed());
        assertTrue(Files.exists(folder.resolve("claims")));
        b.close();
        b.close();
        assertFalse(Files.exists(folder.resolve("claims")));
        assertThrows(IllegalStateException.class, b::usage);
        try (ClaimTable again = open()) {
            assertEquals(List.of(), again.usage().claims());
        }
    }

    @Test
    void shouldClaimNothingWhereTheChoiceThrows() throws IOException {
        try (ClaimTable table = open()) {
            assertThrows(ArithmeticException.class, () -> table.claim(Claimant.sharing("test"), usage -> {
                throw new ArithmeticException();
            }));
            Claim claim = claim(table, 5);
            assertThrows(ArithmeticException.class, () -> table.replace(claim.id(), usage -> {
                assertEquals(CpuSet.EMPTY, usage.claimed(), "without its own");
                throw new ArithmeticException();
            }));
            assertEquals(CpuSet.of(5), table.usage().claimed());
            assertThrows(IllegalArgumentException.class, () -> claim(table, 100));
            assertEquals(CpuSet.of(5), table.usage().claimed());
            assertEquals(CpuSet.of(6), table.replace(claim.id(), usage -> CpuSet.of(6)).slots());
        }
    }

    @Test
    void shouldHandAClaimOverOnce() throws IOException {
        try (ClaimTable a = open(); ClaimTable b = open()) {
            Claim whole = claim(a, 1, 2, 3);
            List<Claim> parts = a.issue(whole.id(), Claimant.sharing("parts"), List.of(CpuSet.of(1), CpuSet.of(2, 3)), new long[] {7, 8, 9,
                10}, Long.MAX_VALUE);
            assertEquals(2, a.usage().claims().size());
            assertThrows(StaleScopeException.class, () -> b.redeem(parts.get(0).id(), 7, 9));
            assertEquals(CpuSet.of(1), b.redeem(parts.get(0).id(), 7, 8).slots());
            StaleScopeException e = assertThrows(StaleScopeException.class, () -> b.redeem(parts.get(0).id(), 7, 8));
            assertTrue(e.getMessage().contains("redeemed"), e.getMessage());
            assertThrows(StaleScopeException.class, () -> a.revoke(parts.get(0).id()));
            a.revoke(parts.get(1).id());
            assertThrows(StaleScopeException.class, () -> b.redeem(parts.get(1).id(), 9, 10));
            Claim late = a.issue(0, Claimant.sharing("late"), List.of(CpuSet.of(4)), new long[2], System.currentTimeMillis() - 1)
                    .getFirst();
            assertTrue(assertThrows(StaleScopeException.class, () -> b.redeem(late.id(), 0, 0)).getMessage().contains("expired"));
            a.close();
            assertEquals(CpuSet.of(1), b.usage().claimed(), "what was handed over stays");
        }
    }

    @Test
    void shouldLendAndGetBack() throws IOException {
        try (ClaimTable lender = open(); ClaimTable borrower = open()) {
            Claim offer = lender.offer(claim(lender, 1).id());
            assertNull(lender.borrow(offers -> offers.isEmpty() ? null : offers.getFirst()), "from oneself");
            Claim borrowed = borrower.borrow(List::getFirst);
            assertEquals(ClaimState.BORROWED, borrowed.state());
            assertNull(borrower.borrow(offers -> offers.isEmpty() ? null : offers.getFirst()), "twice");
            assertFalse(lender.recall(offer.id()));
            assertEquals(ClaimState.RECALLED, borrower.find(borrowed).state());
            borrower.giveBack(borrowed.id());
            assertTrue(lender.recall(offer.id()));
            assertEquals(ClaimState.HELD, lender.find(offer).state());
            lender.offer(offer.id());
            assertTrue(lender.recall(offer.id()), "nobody had borrowed it");
            lender.offer(offer.id());
            borrower.borrow(List::getFirst);
            borrower.close();
            assertTrue(lender.recall(offer.id()), "the borrower has ended");
        }
        try (ClaimTable lender = open(); ClaimTable borrower = open()) {
            lender.offer(claim(lender, 1).id());
            Claim borrowed = borrower.borrow(List::getFirst);
            lender.close();
            assertEquals(ClaimState.RECALLED, borrower.find(borrowed).state(), "the lender has ended");
            borrower.giveBack(borrowed.id());
            assertEquals(List.of(), borrower.usage().claims());
        }
    }

    @Test
    void shouldRefuseTheTableOfAnotherMachineOrVersion() throws IOException {
        try (ClaimTable table = open()) {
            IOException size = assertThrows(IOException.class, () -> ClaimTable.open(folder.resolve("claims"), 1000, MACHINE));
            assertTrue(size.getMessage().contains("another size"), size.getMessage());
            IOException machine = assertThrows(IOException.class, () -> ClaimTable.open(folder.resolve("claims"), 100, "other"));
            assertTrue(machine.getMessage().contains("machine=" + MACHINE + " expected=other"), machine.getMessage());
            claim(table, 3);
            assertEquals(CpuSet.of(3), table.usage().claimed());
        }
    }

    @Test
    void shouldSayThatItIsFull() throws IOException {
        try (ClaimTable table = ClaimTable.ofProcess(8)) {
            table.issue(0, Claimant.sharing("many"), Collections.nCopies(TableLayout.RECORDS, CpuSet.of(1)),
                    new long[2 * TableLayout.RECORDS], 0);
            claim(table, 1);
        } catch (ScopeException e) {
            assertEquals(ErrorCode.OUT_OF_RESOURCES, e.code());
            assertTrue(e.getMessage().contains("most=4096"), e.getMessage());
            return;
        }
        throw new AssertionError("a full table took one more");
    }

    @Test
    void shouldGiveOneSlotToOneOfManyThreadsAtATime() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                done.add(pool.submit(() -> {
                    int got = 0;
                    try (ClaimTable table = open()) {
                        for (int i = 0; i < 300; i++) {
                            Claim claim = table.claim(Claimant.sharing("one").alone(), usage -> usage.claimed().contains(7) ? CpuSet.EMPTY
                                    : CpuSet.of(7));
                            if (!claim.slots().isEmpty()) {
                                assertEquals(1, holders.incrementAndGet());
                                got++;
                                holders.decrementAndGet();
                            }
                            table.release(claim.id());
                        }
                    }
                    return got;
                }));
            }
            int all = 0;
            for (Future<Integer> future : done) {
                all += future.get(100, TimeUnit.SECONDS);
            }
            assertTrue(all > 300, "hardly anybody got it: " + all);
        }
        assertFalse(Files.exists(folder.resolve("claims")));
    }

    @Test
    void shouldNotLoseTheChannelWhenAThreadIsInterrupted() throws IOException {
        try (ClaimTable table = open()) {
            Thread.currentThread().interrupt();
            claim(table, 1);
            assertTrue(Thread.interrupted());
            assertEquals(CpuSet.of(1), table.usage().claimed());
        }
    }

    @Test
    void shouldDeleteTheFolderThatItHasMadeWithTheLastFile() throws IOException {
        String named = folder.resolve("jadi-scopes-test").toString();
        ClaimTable a = NodeFolder.open(named, f -> ClaimTable.open(f.resolve("a"), 8, MACHINE));
        ClaimTable b = NodeFolder.open(named, f -> ClaimTable.open(f.resolve("b"), 8, MACHINE));
        a.close();
        assertTrue(Files.exists(Path.of(named, "b")));
        b.close();
        assertFalse(Files.exists(Path.of(named)));
        int[] attempts = {0};
        assertEquals("open", NodeFolder.open(named, f -> {
            if (attempts[0]++ == 0) {
                Files.delete(f); // as another process does
                throw new java.nio.file.NoSuchFileException(f.toString());
            }
            return Files.isDirectory(f) ? "open" : "gone";
        }));
    }

    @Test
    void shouldKeepOthersOutOfTheFolder() throws IOException {
        Path shared = folder.resolve("node");
        assertEquals(shared, NodeFolder.find(shared.toString()));
        assertEquals(shared, NodeFolder.find(shared.toString()));
        Files.setPosixFilePermissions(shared, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-x---"));
        IOException e = assertThrows(IOException.class, () -> NodeFolder.find(shared.toString()));
        assertTrue(e.getMessage().contains("0700"), e.getMessage());
    }
}
