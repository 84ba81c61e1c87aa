package org.jadi.adi.engine;

import java.util.ArrayList;
import java.util.List;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;

/** What happens to requests when a peer is lost, or said goodbye. Runs on the polling thread. */
final class PeerLosses {
    private final Engine engine;
    private final Matcher matcher;

    /** The first loss that was no goodbye: from then on a receive from any source may wait for what never comes. */
    private volatile Failure crash;

    /** Set when all peers were given up; peers that are made later are lost from the start. */
    private volatile Failure end;

    PeerLosses(Engine engine, Matcher matcher) {
        this.engine = engine;
        this.matcher = matcher;
    }

    /**
     * Fails everything that needs a peer; a second loss changes nothing.
     *
     * @param crashed whether it did not end in good order: then receives from any source fail too, as its message may be
     *     the one they wait for
     */
    void lose(Peer peer, boolean crashed, String reason) {
        lose(peer, crashed, new Failure(Failure.Kind.PEER_FAILED, reason));
    }

    /** Gives all peers up, those included that nobody has talked to yet. */
    void loseAll(String reason) {
        Failure failure = new Failure(Failure.Kind.PEER_FAILED, reason);
        end = failure;
        crash = failure;
        engine.forEachPeer(peer -> lose(peer, true, failure));
        matcher.drainWildcards().forEach(car -> engine.fail(car, failure));
        engine.progress().wakeAll();
    }

    /** Returns why a receive from any source cannot be waited for, or null. */
    Failure crash() {
        return crash;
    }

    /** Returns why all peers are lost, those included that nobody has talked to; or null. */
    Failure end() {
        return end;
    }

    /** Marks a peer that was just made, and is known to the engine, as lost if all are. */
    void greet(Peer peer) {
        Failure failure = end;
        if (failure != null) {
            peer.failure = failure;
            engine.outbound().drain(peer);
        }
    }

    private void lose(Peer peer, boolean crashed, Failure failure) {
        if (peer.failure != null) {
            return;
        }
        if (crashed && crash == null) {
            crash = failure;
        }
        peer.failure = failure;
        List<Car> lost = new ArrayList<>(engine.outbound().drain(peer));
        lost.addAll(matcher.drainPosted(peer));
        Request direct = engine.inbound().direct();
        if (direct != null && direct.peer == peer.rank()) {
            engine.inbound().setDirect(null);
            lost.add(direct);
        }
        if (crashed) {
            lost.addAll(matcher.drainWildcards());
        }
        lost.forEach(car -> engine.fail(car, failure));
        engine.inbound().failStreamTarget(peer);
        failAnswerable(peer);
        engine.relays().gone(peer, crashed);
        if (peer.bulk != null) {
            peer.bulk.abandon(peer.rank());
        }
        engine.progress().wakeAll();
    }

    /** Fails the pieces that wait for an answer of a lost peer; memory that a device still writes to is not given back. */
    void failAnswerable(Peer peer) {
        for (Car car : engine.cars().snapshot()) {
            if (car.peer == peer.rank() && !car.bulk && engine.cars().remove(car)) {
                engine.fail(car, peer.failure);
            }
        }
    }
}
