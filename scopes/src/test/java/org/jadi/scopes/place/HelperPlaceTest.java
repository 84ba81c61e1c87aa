package org.jadi.scopes.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.place.HelperPlace.Claiming;
import org.jadi.scopes.place.HelperPlace.Rank;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Machines;
import org.jadi.scopes.topology.Topology;
import org.junit.jupiter.api.Test;

class HelperPlaceTest {
    /** 2 packages, 4 cores each, 2 threads each: 16 PUs. */
    private static final Topology SMT = Machines.synthetic("package:2 core:4 pu:2");
    private static final Topology PLAIN = Machines.synthetic("package:2 core:4 pu:1");
    private static final Claiming NOTHING = (among, near) -> CpuSet.EMPTY;

    private static Rank rank(int localRank, int localSize, int cpus, String own, String bound, String utility) {
        return new Rank(localRank, localSize, cpus, CpuSet.parse(own), CpuSet.parse(bound), CpuSet.parse(utility));
    }

    private static void assertPlace(String cpus, boolean maySpin, String reason, HelperPlace place) {
        assertEquals(CpuSet.parse(cpus), place.cpus(), place.reason());
        assertEquals(maySpin, place.maySpin(), place.reason());
        assertTrue(place.reason().contains(reason), place.reason());
    }

    @Test
    void shouldPreferWhatIsSetAside() {
        assertPlace("7", true, "set aside", HelperPlace.choose(SMT, "auto", rank(1, 2, 16, "0-3", "0-5", "3,7"), NOTHING));
        // Three ranks on two CPUs: nobody has one alone.
        assertPlace("3", false, "share 2", HelperPlace.choose(SMT, "auto", rank(2, 3, 16, "0-3", "0-5", "3,7"), NOTHING));
    }

    @Test
    void shouldTakeACpuThatNoRankHasAndNobodyClaims() {
        List<CpuSet> asked = new ArrayList<>();
        HelperPlace place = HelperPlace.choose(SMT, "auto", rank(0, 2, 16, "0-1", "0-3", ""), (among, near) -> {
            asked.add(among);
            asked.add(near);
            return CpuSet.of(among.first());
        });
        assertPlace("4", true, "no rank has", place);
        assertEquals(List.of(CpuSet.parse("4-15"), CpuSet.parse("0-1")), asked);
    }

    @Test
    void shouldTakeTheSecondThreadOfACoreIfAllIsClaimed() {
        assertPlace("3", true, "second thread", HelperPlace.choose(SMT, "auto", rank(0, 4, 16, "0-3", "0-15", ""), NOTHING));
        assertPlace("3", true, "second thread", HelperPlace.choose(SMT, "auto", rank(0, 4, 16, "0-3", "0-7", ""), NOTHING));
    }

    /** A CPU outside our mask may be anybody's if nobody tells where the others are. */
    @Test
    void shouldNotTakeCpusOfOthersWhereTheLauncherIsSilent() {
        Claiming any = (among, near) -> CpuSet.of(among.first());
        assertPlace("", false, "no CPU to spare", HelperPlace.choose(PLAIN, "auto", rank(0, 2, 8, "0", "", ""), any));
        assertPlace("3", true, "second thread", HelperPlace.choose(SMT, "auto", rank(0, 2, 16, "2-3", "", ""), any));
    }

    @Test
    void shouldNeitherPinNorSpinWithoutACpuToSpare() {
        assertPlace("", false, "2 ranks on 2 CPUs", HelperPlace.withoutTopology("auto", rank(0, 2, 2, "0-1", "", "")));
        assertPlace("", false, "no CPU to spare", HelperPlace.choose(PLAIN, "auto", rank(0, 8, 8, "5", "0-7", ""), NOTHING));
        assertNull(HelperPlace.withoutTopology("auto", rank(0, 1, 2, "0-1", "", "")));
    }

    @Test
    void shouldNotPinAmongRanksThatAreNotBound() {
        assertPlace("", true, "not bound", HelperPlace.choose(SMT, "auto", rank(0, 2, 16, "0-15", "", ""), NOTHING));
    }

    @Test
    void shouldDoAsAsked() {
        Rank rank = rank(1, 2, 2, "4-7", "0-7", "");
        assertPlace("", true, "as asked", HelperPlace.choose(SMT, "none", rank, NOTHING));
        assertPlace("6-7", true, "as asked", HelperPlace.choose(SMT, "core", rank, NOTHING));
        assertPlace("7", true, "as asked", HelperPlace.choose(SMT, "smt", rank, NOTHING));
        assertPlace("", false, "one thread", HelperPlace.choose(PLAIN, "smt", rank, NOTHING));
        assertPlace("9", true, "as asked", HelperPlace.choose(SMT, "8,9", rank, NOTHING));
        assertPlace("8", false, "share 1", HelperPlace.choose(SMT, "8", rank, NOTHING));
        // A rank of one core has no other for its helper.
        assertFalse(HelperPlace.choose(SMT, "core", rank(0, 1, 2, "2-3", "2-3", ""), NOTHING).maySpin());
    }
}
