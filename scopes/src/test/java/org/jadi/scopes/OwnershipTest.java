package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ResourceUnavailableException;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.jadi.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scopes that are claimed, change, and change hands. */
@Timeout(120)
@SuppressWarnings("try") // scopes are closed in the middle of blocks: that is tested
class OwnershipTest {
    @TempDir
    Path folder;

    private Scopes open(String file) {
        ScopesOptions trial = ScopesOptions.on("xml:" + Machines.path(file));
        return Scopes.open(new ScopesOptions(trial.load(), "auto", CpuSet.EMPTY, folder.resolve("node").toString()));
    }

    @Test
    void shouldTakeWhatIsFree() {
        try (Scopes a = open("smt-scrambled"); Scopes b = open("smt-scrambled")) {
            Scope first = a.user().create(Request.of(3, HwType.CORE).alone());
            Scope second = b.user().create(Request.of(2, HwType.CORE).alone());
            assertEquals(CpuSet.parse("0-2,8-10"), first.cpus());
            assertEquals(CpuSet.parse("3-4,11-12"), second.cpus());
            ResourceUnavailableException e = assertThrows(ResourceUnavailableException.class, () -> b.user().create(Request.of(4,
                    HwType.CORE).alone()));
            assertEquals(4, e.requested());
            assertEquals(3, e.available());
            assertEquals(2, e.holders().size());
            assertTrue(e.getMessage().contains("of process " + ProcessHandle.current().pid() + " alone on 0-2,8-10"), e.getMessage());
            assertEquals(3, b.user().create(Request.of(4, HwType.CORE).alone().atLeast(2)).count(HwType.CORE));
            first.close();
            assertEquals(CpuSet.parse("0-2,8-10"), a.user().create(Request.of(3, HwType.CORE)).cpus());
            assertThrows(StaleScopeException.class, first::push);
            assertTrue(a.support().claimsShared());
        }
    }

    @Test
    void shouldClaimDevices() {
        try (Scopes scopes = open("accelerators")) {
            Scope two = scopes.user().create(Request.of(2, HwType.GPU).alone());
            assertEquals("[GPU#0 0000:0a:00.0, GPU#1 0000:1a:00.0]", two.devices(HwType.GPU).toString());
            assertEquals(CpuSet.range(0, 15), two.cpus());
            assertEquals(CpuSet.range(24, 31), scopes.user().create(Request.of(1, HwType.GPU).alone().closeTo(CpuSet.of(30))).cpus());
            assertEquals(1, scopes.user().create(Request.of(1, HwType.GPU).alone()).count(HwType.GPU));
            assertThrows(ResourceUnavailableException.class, () -> scopes.user().create(Request.of(1, HwType.GPU)));
            assertEquals(2, scopes.user().create(Request.of(1, HwType.CORE).alone()).cpus().count(), "devices do not claim CPUs");
        }
    }

    @Test
    void shouldGrowAndShrinkWhollyOrNotAtAll() {
        try (Scopes scopes = open("smt-scrambled")) {
            Scope work = scopes.user().create(Request.of(2, HwType.CORE).alone());
            Scope other = scopes.user().create(Request.of(1, HwType.CORE).alone());
            List<String> changes = new ArrayList<>();
            work.onChange((scope, before, after) -> changes.add(before.cpus() + " -> " + after.cpus() + " @" + after.epoch()));
            try (Binding binding = work.push()) {
                work.resize(Request.of(3, HwType.CORE).alone());
                assertEquals(CpuSet.parse("0-1,3,8-9,11"), work.cpus(), "keeps what it has, and takes what is near");
                assertEquals(CpuSet.parse("0-1,8-9"), scopes.current(), "bound threads follow when they want to");
                binding.refresh();
                assertEquals(work.cpus(), scopes.current());
                assertThrows(ResourceUnavailableException.class, () -> work.resize(Request.of(8, HwType.CORE).alone()));
                assertEquals(1, work.epoch());
                assertEquals(CpuSet.parse("0-1,3,8-9,11"), work.cpus());
                Scope child = work.splitAll(3, CutPolicy.WHOLE_CORES).get(2);
                Scope kept = work.splitAll(3, CutPolicy.WHOLE_CORES).get(0);
                work.resize(Request.of(1, HwType.CORE).alone());
                assertEquals(CpuSet.of(0, 8), work.cpus());
                StaleScopeException e = assertThrows(StaleScopeException.class, child::push);
                assertTrue(e.getMessage().contains("lost=3,11"), e.getMessage());
                assertFalse(kept.isClosed());
                kept.push().close();
            }
            assertEquals(List.of("0-1,8-9 -> 0-1,3,8-9,11 @1", "0-1,3,8-9,11 -> 0,8 @2"), changes);
            assertEquals(CpuSet.of(2, 10), other.cpus());
            assertEquals(CpuSet.parse("0,2,8,10"), scopes.usage().exclusive());
            assertEquals(ErrorCode.INTERNAL, assertThrows(ScopeException.class, () -> failing(scopes)).code());
        }
    }

    private static void failing(Scopes scopes) {
        try {
            scopes.user().resize(Request.of(1, HwType.CORE));
        } catch (IllegalStateException e) {
            throw new ScopeException(ErrorCode.INTERNAL, e.getMessage(), e);
        }
    }

    @Test
    void shouldResizeForAllMembersOrNone() throws InterruptedException {
        try (Scopes scopes = open("smt-scrambled")) {
            List<String> seen = Members.run(4, group -> {
                Scope half = scopes.of(group, Intrinsic.USER).split(2, Color.AUTO);
                half.resize(Request.of(2, HwType.CORE));
                ScopeException e = assertThrows(ResourceUnavailableException.class, () -> half.resize(Request.of(9, HwType.CORE)));
                ScopeException mixed = assertThrows(ScopeException.class, () -> half.resize(Request.of(1 + half.rank(), HwType.CORE)));
                assertEquals(ErrorCode.INVALID_ARGUMENT, mixed.code());
                return half.cpus() + " " + half.epoch() + " " + e.getMessage().replaceAll(":.*", "");
            });
            assertEquals(List.of("0-1,8-9 1 member 0 of 2", "0-1,8-9 1 member 0 of 2", "4-5,12-13 1 member 0 of 2",
                    "4-5,12-13 1 member 0 of 2"), seen);
        }
    }

    @Test
    void shouldHandPiecesOutByTicket() {
        try (Scopes a = open("smt-scrambled"); Scopes b = open("smt-scrambled")) {
            Scope work = a.user().create(Request.of(4, HwType.CORE).alone());
            List<Ticket> tickets = work.issue(2, CutPolicy.WHOLE_CORES);
            assertThrows(StaleScopeException.class, work::push);
            assertEquals(CpuSet.parse("0-3,8-11"), b.usage().exclusive(), "nobody takes them meanwhile");
            byte[] message = tickets.get(0).toBytes();
            assertTrue(message.length < 4096);
            Ticket received = Ticket.fromBytes(message);
            assertEquals(tickets.get(0), received);
            Scope there = b.redeem(received);
            assertEquals(CpuSet.parse("0-1,8-9"), there.cpus());
            there.push().close();
            assertThrows(StaleScopeException.class, () -> b.redeem(received));
            assertThrows(StaleScopeException.class, () -> a.revoke(received));
            assertEquals(CpuSet.parse("2-3,10-11"), a.revoke(tickets.get(1)).cpus());
            assertThrows(StaleScopeException.class, () -> b.redeem(tickets.get(1)));
            Ticket onward = there.issue();
            assertEquals(there.cpus(), a.redeem(onward).cpus());
            assertThrows(StaleScopeException.class, () -> a.redeem(new Ticket(received.claim(), 0, 0, received.machine(), received.cpus(),
                    CpuSet.EMPTY, CpuSet.EMPTY)));
            assertThrows(IllegalArgumentException.class, () -> Ticket.fromBytes(new byte[10]));
        }
        try (Scopes a = open("smt-scrambled"); Scopes other = open("hybrid")) {
            Ticket ticket = a.user().create(Request.of(1, HwType.CORE)).issue();
            assertEquals(ErrorCode.TOPOLOGY_MISMATCH, assertThrows(ScopeException.class, () -> other.redeem(ticket)).code());
        }
    }

    @Test
    void shouldGiveDevicesAlongWithTickets() {
        try (Scopes a = open("accelerators"); Scopes b = open("accelerators")) {
            Ticket ticket = a.user().create(Request.of(1, HwType.GPU).alone()).issue();
            Scope there = b.redeem(Ticket.fromBytes(ticket.toBytes()));
            assertEquals("0000:0a:00.0", there.device(HwType.GPU, 0).pciBusId());
            assertEquals(CpuSet.range(0, 7), there.cpus());
        }
    }

    @Test
    void shouldLendAndReclaim() {
        try (Scopes a = open("smt-scrambled"); Scopes b = open("smt-scrambled")) {
            Scope idle = a.user().splitAll(2, CutPolicy.WHOLE_CORES).get(0);
            Scope busy = b.user().splitAll(2, CutPolicy.WHOLE_CORES).get(1);
            assertThrows(IllegalArgumentException.class, () -> idle.lend(CpuSet.of(4)));
            assertThrows(IllegalArgumentException.class, () -> idle.lend(idle.cpus()));
            List<Long> epochs = new ArrayList<>();
            idle.onChange((scope, before, after) -> epochs.add(after.epoch()));
            Loan loan = idle.lend(CpuSet.parse("1-3,9-11"));
            assertEquals(List.of(1L), epochs);
            assertEquals(CpuSet.of(0, 8), idle.cpus());
            try (Binding binding = busy.push()) {
                assertEquals(CpuSet.parse("1-2,9-10"), busy.borrow(5), "whole cores");
                binding.refresh();
                assertEquals(CpuSet.parse("1-2,4-7,9-10,12-15"), b.current());
                assertFalse(loan.reclaim(Duration.ofMillis(5)));
                assertEquals(CpuSet.of(0, 3, 8, 11), idle.cpus(), "what nobody had borrowed is back");
                assertEquals(CpuSet.parse("1-2,9-10"), loan.cpus());
                binding.refresh();
                assertEquals(CpuSet.parse("4-7,12-15"), b.current());
                assertTrue(loan.reclaim(Duration.ZERO));
                assertEquals(CpuSet.parse("0-3,8-11"), idle.cpus());
                assertEquals(CpuSet.EMPTY, busy.borrow(8));
                assertEquals(CpuSet.EMPTY, loan.cpus());
            }
            Loan again = idle.lend(CpuSet.of(3, 11));
            assertEquals(CpuSet.of(3, 11), busy.borrow(2));
            busy.close();
            assertTrue(again.reclaim(Duration.ZERO), "who closes gives back");
        }
    }

    @Test
    void shouldMeetInContextsWithoutKnowingEachOther() {
        try (Scopes a = open("smt-scrambled"); Scopes b = open("smt-scrambled")) {
            a.reserveUtility(CpuSet.of(7, 15));
            try (Context work = a.attach("mpi.progress", 5); Context helper = b.attach("mpi.progress", 5, Context.Role.UTILITY);
                    Context other = b.attach("mpi.progress", 6)) {
                assertEquals(0, work.rank());
                assertEquals(1, helper.rank());
                assertEquals(2, helper.members().size());
                assertTrue(helper.members().get(1).utility());
                assertEquals(1, other.members().size());
                assertEquals(CpuSet.parse("0-6,8-14"), work.scope().cpus());
                assertEquals(a.topology().cpus(), helper.scope().cpus(), "nothing is set aside there");
                Context inside = a.attach("gc", 0, Context.Role.UTILITY);
                assertEquals(CpuSet.of(7, 15), inside.scope().cpus());
                assertEquals(CpuSet.of(7), inside.create().cpus());
                assertEquals(CpuSet.of(15), inside.create().cpus());
                assertEquals(CpuSet.of(0), work.create().cpus());
                assertEquals(CpuSet.of(8), helper.create().cpus());
                work.close();
                assertEquals(0, helper.rank());
                inside.close();
            }
            assertThrows(IllegalArgumentException.class, () -> a.attach(" ", 1));
        }
    }

    @Test
    void shouldGiveBackWhatNobodyCanReachAnyMore() throws Exception {
        try (Scopes scopes = open("hybrid")) {
            scopes.user().create(Request.of(1, HwType.CORE));
            Eventually.until("the claim of a scope that was collected is gone", Duration.ofSeconds(60), () -> {
                System.gc();
                return scopes.usage().claims().isEmpty();
            }, () -> scopes.usage().toString());
        }
    }

    @Test
    void shouldShareClaimsOnlyWithinTheProcessWhereThatIsAsked() {
        try (Scopes a = Scopes.open(ScopesOptions.on("xml:" + Machines.path("hybrid")));
                Scopes b = Scopes.open(ScopesOptions.on("xml:" + Machines.path("hybrid")))) {
            Scope scope = a.user().create(Request.of(6, HwType.CORE).alone());
            assertEquals(List.of(), b.usage().claims());
            assertFalse(a.support().claimsShared());
            assertTrue(a.support().claimsProblem().contains("process"));
            Ticket ticket = scope.issue();
            assertThrows(StaleScopeException.class, () -> b.redeem(ticket));
        }
    }
}
