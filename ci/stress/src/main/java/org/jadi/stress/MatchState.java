package org.jadi.stress;

import org.jadi.adi.match.Arrival;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.match.PeerMatch;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;

/** A matcher with two peers, and the two steps that race on it, as the engine makes them. */
class MatchState {
    final Matcher matcher = new Matcher(Long.MAX_VALUE); // the counter passes its largest value at the first wildcard
    final PeerMatch[] peers = {new PeerMatch(0), new PeerMatch(1)};

    /** Returns the receive that took the message, or null if it was stored. */
    final Car arrive(int from, int tag) {
        PeerMatch peer = peers[from];
        peer.lock();
        try {
            Car car = matcher.match(peer, 1, tag);
            return car != null ? car : matcher.storeUnlessMatched(new Arrival(peer, 1, from, tag, 0));
        } finally {
            peer.unlock();
        }
    }

    /** Returns the message that was there, or null if the receive was posted. */
    final Arrival receive(Request car, int from, int tag) {
        car.context = 1;
        car.peer = from;
        car.source = from;
        car.tag = tag;
        return from == Request.ANY ? matcher.findOrPostWildcard(car) : matcher.findOrPost(peers[from], car);
    }

    /** Returns 1 and 2 for the first and the second message by their tags, 0 for none. */
    static int numberOf(Arrival arrival) {
        return arrival == null ? 0 : arrival.tag;
    }
}
