package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.match.PeerMatch;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.TimeLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped matcher against two lists: receives in the order of posting, messages in the order of arrival. */
@TimeLimit(120)
class MatcherModelTest {
    private static final int SOURCES = 3;
    private static final int TAGS = 3;
    private static final int CONTEXTS = 2;

    private Matcher matcher;
    private final List<PeerMatch> peers = new ArrayList<>();
    private final List<Car> posted = new ArrayList<>();
    private final List<Arrival> unexpected = new ArrayList<>();
    private SplittableRandom random;

    /** The counter begins where it is about to pass the largest value, zero, or nothing of the kind. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 5, Integer.MAX_VALUE - 5, -1})
    void shouldDoAsTheModel(long firstCounter) {
        long seed = Seeds.seed("matcher from counter " + firstCounter);
        for (int program = 0; program < 300 * Seeds.effort(); program++) {
            random = new SplittableRandom(seed + program);
            matcher = new Matcher(firstCounter);
            peers.clear();
            posted.clear();
            unexpected.clear();
            for (int source = 0; source < SOURCES; source++) {
                peers.add(new PeerMatch(source));
            }
            int bias = 2 + random.nextInt(7);
            for (int step = 0; step < 250; step++) {
                step(bias);
            }
            checkReports();
        }
    }

    private void step(int bias) {
        int choice = random.nextInt(20);
        if (choice < bias) {
            arrive();
        } else if (choice < 9) {
            post(random.nextInt(3) == 0);
        } else if (choice < 10) {
            cancel();
        } else if (choice < 11) {
            probe();
        } else {
            step(bias);
        }
    }

    private void arrive() {
        PeerMatch peer = peers.get(random.nextInt(SOURCES));
        int context = random.nextInt(CONTEXTS) * 64; // contexts that share the place where wildcards are counted
        int tag = random.nextInt(TAGS);
        Car expected = posted.stream().filter(c -> c.context == context && (c.peer == Request.ANY || c.peer == peer.rank())
                && (c.tag == Request.ANY || c.tag == tag)).findFirst().orElse(null);
        Arrival arrival = new Arrival(peer, context, peer.rank(), tag, 0);
        peer.lock();
        try {
            Car car = matcher.match(peer, context, tag);
            if (car == null) {
                car = matcher.storeUnlessMatched(arrival);
            }
            assertSame(expected, car, () -> "receive for " + arrival + " of " + posted);
        } finally {
            peer.unlock();
        }
        if (expected == null) {
            unexpected.add(arrival);
        } else {
            posted.remove(expected);
        }
    }

    private void post(boolean wildcard) {
        Request car = new Request();
        car.context = random.nextInt(CONTEXTS) * 64;
        car.peer = wildcard ? Request.ANY : random.nextInt(SOURCES);
        car.source = car.peer;
        car.tag = random.nextInt(3) == 0 ? Request.ANY : random.nextInt(TAGS);
        Arrival expected = first(car.context, car.source, car.tag);
        Arrival found = wildcard ? matcher.findOrPostWildcard(car) : matcher.findOrPost(peers.get(car.peer), car);
        assertSame(expected, found, () -> "message for " + car + " of " + unexpected);
        if (found == null) {
            posted.add(car);
        } else {
            unexpected.remove(found);
        }
    }

    private void cancel() {
        if (!posted.isEmpty()) {
            Car car = posted.remove(random.nextInt(posted.size()));
            PeerMatch peer = car.peer == Request.ANY ? null : peers.get(car.peer);
            assertEquals(true, matcher.cancel(peer, car));
            assertEquals(false, matcher.cancel(peer, car), "cancelled twice");
        }
    }

    private void probe() {
        int context = random.nextInt(CONTEXTS) * 64;
        int source = random.nextInt(SOURCES + 1) - 1;
        int tag = random.nextInt(TAGS + 1) - 1;
        boolean remove = random.nextBoolean();
        Arrival expected = first(context, source, tag);
        assertSame(expected, matcher.probe(context, source, tag, remove));
        if (remove) {
            unexpected.remove(expected);
        }
    }

    private Arrival first(int context, int source, int tag) {
        return unexpected.stream().filter(a -> a.context == context && (source == Request.ANY || a.source == source)
                && (tag == Request.ANY || a.tag == tag)).findFirst().orElse(null);
    }

    private void checkReports() {
        assertEquals(unexpected.size(), matcher.unexpectedCount());
        assertEquals(unexpected.size(), matcher.unexpected().size());
        for (PeerMatch peer : peers) {
            assertEquals(posted.stream().filter(c -> c.peer == peer.rank()).count(), matcher.posted(peer).size());
        }
        long wild = posted.stream().filter(c -> c.peer == Request.ANY).count();
        assertEquals(wild, matcher.posted(null).size());
        assertEquals(wild, matcher.drainWildcards().size());
    }
}
