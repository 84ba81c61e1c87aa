package org.jadi.adi.engine;

import org.jadi.adi.request.Car;
import org.jadi.adi.request.Progression;
import org.jadi.adi.request.State;

/** The states of this engine's protocols, one object each. */
final class Progressions {
    /** A send that waits for room at its peer. */
    final Progression queued = new Plain(State.QUEUED);

    final Progression offered = new Plain(State.OFFERED);
    final Progression sending = new Plain(State.SENDING);

    /** As {@link #sending}, but only the thread that owns the memory may read it. */
    final Progression sendingByOwner;

    final Progression posted;
    final Progression arriving = new Plain(State.ARRIVING);
    final Progression cleared = new Plain(State.CLEARED);
    final Progression handed;

    Progressions(Engine engine) {
        sendingByOwner = new OwnerSends(engine);
        posted = new Posted(engine);
        handed = new Handed(engine);
    }

    /** A state in which the next move is the peer's, or comes with the push of the peer's queue. */
    private static final class Plain extends Progression {
        Plain(State state) {
            super(state);
        }
    }

    private static final class OwnerSends extends Progression {
        private final Engine engine;

        OwnerSends(Engine engine) {
            super(State.SENDING);
            this.engine = engine;
        }

        @Override
        public void push(Car car) {
            if (car.isAccessible()) {
                engine.outbound().push(engine.peer(car.peer));
            }
        }

        @Override
        public boolean mayAwait() {
            return false;
        }
    }

    private static final class Posted extends Progression {
        private final Engine engine;

        Posted(Engine engine) {
            super(State.POSTED);
            this.engine = engine;
        }

        @Override
        public boolean cancel(Car car) {
            return engine.receiving().withdraw(car);
        }
    }

    /** Data is here, and only the thread that owns the buffer may copy it. */
    private static final class Handed extends Progression {
        private final Engine engine;

        Handed(Engine engine) {
            super(State.HANDED);
            this.engine = engine;
        }

        @Override
        public void push(Car car) {
            if (car.isAccessible()) {
                engine.inbound().takeHanded(car);
            }
        }

        @Override
        public boolean mayAwait() {
            return false;
        }
    }
}
