package org.jadi.adi.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jadi.adi.match.Matcher;
import org.jadi.adi.request.Car;
import org.jadi.adi.request.Request;

/** What an engine is doing, for people: pending operations, queues, devices. Any thread; a picture, not a snapshot. */
final class EngineReport {
    private static final int MOST_LINES = 20;

    private EngineReport() {}

    static String of(Engine engine, Matcher matcher, AtomicReferenceArray<Peer> peers) {
        StringBuilder s = new StringBuilder("rank ").append(engine.rank()).append(" of ").append(engine.size()).append('\n');
        Request direct = engine.inbound().direct();
        if (direct != null) {
            s.append("  receive: ").append(direct).append('\n');
        }
        matcher.posted(null).forEach(c -> s.append("  receive from any: ").append(c).append('\n'));
        for (int r = 0; r < peers.length(); r++) {
            Peer peer = peers.get(r);
            if (peer != null) {
                describe(s, matcher, peer);
            }
        }
        engine.cars().snapshot().forEach(c -> s.append("  under way: ").append(c).append('\n'));
        matcher.unexpected().stream().limit(MOST_LINES).forEach(a -> s.append("  ").append(a).append('\n'));
        int more = matcher.unexpectedCount() - MOST_LINES;
        return more <= 0 ? s.toString() : s.append("  and ").append(more).append(" more unexpected messages\n").toString();
    }

    private static void describe(StringBuilder s, Matcher matcher, Peer peer) {
        s.append("  peer ").append(peer.rank()).append(" over ").append(peer.device.name()).append(" (")
                .append(peer.endpoint).append(") credit=").append(peer.window - peer.creditUsed + peer.creditReturned);
        s.append(peer.failure == null ? "\n" : " " + peer.failure.message() + "\n");
        matcher.posted(peer).stream().limit(MOST_LINES).forEach(c -> s.append("    receive: ").append(c).append('\n'));
        List<String> queued = new ArrayList<>();
        peer.sendLock.lock();
        Car car = peer.queueHead;
        for (int n = 0; car != null && n < MOST_LINES; n++, car = car.nextInQueue) {
            queued.add(car.toString());
        }
        peer.sendLock.unlock();
        queued.forEach(c -> s.append("    send: ").append(c).append('\n'));
    }
}
