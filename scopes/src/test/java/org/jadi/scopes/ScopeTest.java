package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.SplitException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.split.Color;
import org.jadi.scopes.split.Mapping;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.CutPolicy;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scopes of one process and of threads that act as ranks, on machines that are not here. */
@Timeout(120)
class ScopeTest {
    private static Scopes on(String file) {
        return Scopes.open(ScopesOptions.on("xml:" + Machines.path(file)));
    }

    @Test
    void shouldKnowTheIntrinsicScopes() {
        try (Scopes scopes = on("container")) {
            assertEquals(CpuSet.range(0, 13), scopes.system().cpus());
            assertEquals(CpuSet.parse("2-4,9-11"), scopes.user().cpus());
            assertEquals(CpuSet.parse("2-4,9-11"), scopes.process().cpus());
            assertEquals(CpuSet.EMPTY, scopes.utility().cpus());
            scopes.reserveUtility(CpuSet.of(4, 11));
            assertEquals(CpuSet.of(4, 11), scopes.utility().cpus());
            assertEquals(CpuSet.parse("2-3,9-10"), scopes.user().cpus());
            assertEquals(CpuSet.range(0, 13), scopes.system().cpus());
            assertEquals(CpuSet.parse("2-4,9-11"), scopes.of(org.jadi.scopes.group.Solo.GROUP, Intrinsic.USER, Flag.KEEP_UTILITY).cpus());
            assertThrows(IllegalArgumentException.class, () -> scopes.reserveUtility(CpuSet.of(14)));
            assertEquals(2, scopes.user().count(HwType.CORE) / 2);
            assertFalse(scopes.support().binding());
        }
    }

    @Test
    void shouldLeaveOutSecondThreadsOfCores() {
        try (Scopes scopes = on("smt-scrambled")) {
            Scope user = scopes.of(org.jadi.scopes.group.Solo.GROUP, Intrinsic.USER, Flag.NO_SMT);
            assertEquals(CpuSet.range(0, 7), user.cpus());
            assertEquals("L0,2,4,6,8,10,12,14 ; P0,1,2,3,4,5,6,7", user.describe(EnumSet.allOf(BindFormat.class)));
            assertEquals("L0-15", scopes.describe(EnumSet.of(BindFormat.LOGICAL)));
        }
    }

    @Test
    void shouldBindThreadsToPieces() {
        try (Scopes scopes = on("smt-scrambled")) {
            List<Scope> packages = scopes.user().splitAllAt(HwType.PACKAGE);
            assertEquals(2, packages.size());
            try (Binding binding = packages.get(1).push()) {
                assertEquals(CpuSet.parse("4-7,12-15"), scopes.current());
                assertEquals("L8-15", scopes.describe(EnumSet.of(BindFormat.LOGICAL)));
                assertEquals(scopes.topology().allowed(), binding.previous());
            }
            assertEquals(scopes.topology().cpus(), scopes.current());
            List<Scope> cores = packages.get(0).splitAll(4, CutPolicy.WHOLE_CORES);
            assertEquals("[0,8, 1,9, 2,10, 3,11]", cores.stream().map(Scope::cpus).toList().toString());
            packages.get(0).close();
            assertThrows(StaleScopeException.class, packages.get(0)::push);
            assertEquals(CpuSet.of(0, 8), cores.get(0).cpus(), "a child outlives its parent");
        }
    }

    @Test
    void shouldSplitAGroupOfManyOnALargeMachine() throws InterruptedException {
        try (Scopes scopes = Scopes.open(ScopesOptions.on("synthetic:package:2 numa:4 core:24 pu:2"))) {
            List<String> seen = Members.run(32, group -> {
                Scope job = scopes.of(group, Intrinsic.JOB);
                Scope numa = job.splitAt(HwType.NUMA, Color.AUTO);
                numa.barrier();
                Scope mine = numa.split();
                assertEquals(4, numa.size());
                assertEquals(1, mine.size());
                assertTrue(numa.cpus().containsAll(mine.cpus()));
                try (Binding binding = mine.push()) {
                    return binding.cpus().toString();
                }
            });
            assertEquals(32, Set.copyOf(seen).size());
            assertTrue(seen.stream().allMatch(s -> CpuSet.parse(s).count() == 12), seen.toString());
        }
    }

    @Test
    void shouldRankTheMembersOfAPiece() throws InterruptedException {
        try (Scopes scopes = on("smt-scrambled")) {
            List<String> seen = Members.run(6, group -> {
                Scope half = scopes.of(group, Intrinsic.USER).split(SplitSpec.into(2).withMapping(Mapping.SPREAD).withOrder(-group.rank()));
                half.barrier();
                return half.name() + ":" + half.rank() + "/" + half.size();
            });
            assertEquals(List.of("USER/0:2/3", "USER/1:2/3", "USER/0:1/3", "USER/1:1/3", "USER/0:0/3", "USER/1:0/3"), seen);
        }
    }

    @Test
    void shouldGiveWhoTakesNoPartAnEmptyScope() throws InterruptedException {
        try (Scopes scopes = on("smt-scrambled")) {
            List<Integer> sizes = Members.run(3, group -> {
                Scope piece = scopes.of(group, Intrinsic.USER).split(2, group.rank() == 1 ? Color.UNDEFINED : Color.of(0));
                if (group.rank() == 1) {
                    assertTrue(piece.isEmpty());
                    assertEquals(CpuSet.EMPTY, piece.cpus());
                    assertEquals(-1, piece.rank());
                    assertThrows(IllegalStateException.class, piece::push);
                    assertThrows(IllegalStateException.class, piece::barrier);
                    assertThrows(IllegalStateException.class, piece::split);
                    piece.close();
                } else {
                    piece.barrier();
                }
                return piece.size();
            });
            assertEquals(List.of(2, 0, 2), sizes);
        }
    }

    @Test
    void shouldFailForAllMembersIfItFailsForOne() throws InterruptedException {
        try (Scopes scopes = on("smt-scrambled"); Scopes other = on("hybrid")) {
            failsAlike(4, ErrorCode.INVALID_ARGUMENT, "member 2 of 4", group ->
                    scopes.of(group, Intrinsic.USER).split(2, group.rank() == 2 ? null : Color.of(0)));
            failsAlike(4, ErrorCode.INVALID_ARGUMENT, "member 3 of 4: a split is into 1 or more", group ->
                    scopes.of(group, Intrinsic.USER).split(group.rank() == 3 ? 0 : 2, Color.AUTO));
            failsAlike(4, ErrorCode.INVALID_ARGUMENT, "members ask for different splits", group ->
                    scopes.of(group, Intrinsic.USER).split(group.rank() == 3 ? 4 : 2, Color.AUTO));
            failsAlike(3, ErrorCode.SPLIT, "more pieces than CPUs", group ->
                    scopes.of(group, Intrinsic.USER).split(17, Color.AUTO));
            failsAlike(3, ErrorCode.SPLIT, "more colors than pieces", group ->
                    scopes.of(group, Intrinsic.USER).split(2, Color.of(group.rank())));
            failsAlike(3, ErrorCode.TOPOLOGY_MISMATCH, "members see different machines", group ->
                    (group.rank() == 1 ? other : scopes).of(group, Intrinsic.USER).split(2, Color.AUTO));
            failsAlike(3, ErrorCode.STALE, "member 0 of 3: the scope cannot be used, because it is closed", group -> {
                Scope user = scopes.of(group, Intrinsic.USER);
                if (group.rank() == 0) {
                    user.close();
                }
                return user.split(2, Color.AUTO);
            });
        }
    }

    private static void failsAlike(int size, ErrorCode code, String message, Members.Code<?> work) throws InterruptedException {
        List<Object> outcomes = Members.outcomes(size, work);
        Set<String> messages = outcomes.stream().map(o -> ((Throwable) o).getMessage()).collect(Collectors.toSet());
        assertEquals(1, messages.size(), messages.toString());
        assertTrue(messages.iterator().next().contains(message), messages.toString());
        assertTrue(outcomes.stream().allMatch(o -> o instanceof ScopeException e && e.code() == code), outcomes.toString());
        assertTrue(code != ErrorCode.SPLIT || outcomes.stream().allMatch(SplitException.class::isInstance));
    }

    @Test
    void shouldTellMembersThatOneHasLeft() throws InterruptedException {
        try (Scopes scopes = on("hybrid")) {
            List<Object> outcomes = Members.outcomes(3, group -> {
                Scope user = scopes.of(group, Intrinsic.USER);
                if (group.rank() == 2) {
                    group.close();
                    return "left";
                }
                return user.split(2, Color.AUTO);
            });
            assertEquals(2, outcomes.stream().filter(o -> o instanceof ScopeException e && e.code() == ErrorCode.TRANSPORT
                    && e.getMessage().contains("rank=2")).count(), outcomes.toString());
        }
    }

    @Test
    void shouldGoOnWithABarrierThatWasGivenUp() throws InterruptedException {
        CountDownLatch givenUp = new CountDownLatch(1);
        List<Boolean> first = Members.run(2, group -> {
            if (group.rank() == 0) {
                boolean early = group.barrier(Duration.ofMillis(20));
                givenUp.countDown();
                group.barrier();
                return early;
            }
            givenUp.await();
            group.barrier();
            return true;
        });
        assertEquals(List.of(false, true), first);
    }

    @Test
    void shouldRequireBindingOnlyWhereItIsRequired() {
        ScopesOptions required = new ScopesOptions(ScopesOptions.on("xml:" + Machines.path("hybrid")).load(), "required", CpuSet.EMPTY,
                "process");
        ScopeException e = assertThrows(ScopeException.class, () -> Scopes.open(required));
        assertEquals(ErrorCode.NOT_SUPPORTED, e.code());
        assertTrue(e.getMessage().contains("jadi.scopes.bind=required"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ScopesOptions(required.load(), "maybe", CpuSet.EMPTY, "process"));
    }

    @Test
    void shouldKnowDevicesOfAScope() {
        try (Scopes scopes = on("accelerators")) {
            Scope user = scopes.user();
            assertEquals(4, user.count(HwType.GPU));
            assertEquals("0000:1b:00.0", user.device(HwType.NIC, 0).pciBusId());
            assertEquals(ErrorCode.NOT_FOUND, assertThrows(ScopeException.class, () -> user.device(HwType.GPU, 4)).code());
            Scope second = user.splitAllAt(HwType.NUMA).get(1);
            assertEquals(List.of(1), second.devices(HwType.GPU).stream().map(d -> d.ordinal()).toList());
        }
    }
}
