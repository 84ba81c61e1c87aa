package org.jadi.adi.engine;

import org.jadi.adi.request.Car;
import org.jadi.adi.request.Progression;
import org.jadi.adi.request.State;

/** The states of this engine's protocols, one object each. */
final class Progressions {
    /** A send that waits for room or credit at its peer. */
    final Progression queued;

    /** A send of which only the calling thread may read the buffer: waits like {@link #queued}, but must be pushed. */
    final Progression queuedByOwner;

    final Progression offered = new Plain(State.OFFERED);
    final Progression sending;
    final Progression sendingByOwner;
    final Progression posted;
    final Progression arriving = new Plain(State.ARRIVING);
    final Progression cleared = new Plain(State.CLEARED);
    final Progression handed;

    Progressions(Engine engine) {
        queued = new Pushed(State.QUEUED, engine, true);
        queuedByOwner = new Pushed(State.QUEUED, engine, false);
        sending = new Pushed(State.SENDING, engine, true);
        sendingByOwner = new Pushed(State.SENDING, engine, false);
        posted = new Posted(engine);
        handed = new Handed(engine);
    }

    /** A state in which the next move is the peer's. */
    private static final class Plain extends Progression {
        Plain(State state) {
            super(state);
        }
    }

    /** A state in which the peer's send queue must be pushed. */
    private static final class Pushed extends Progression {
        private final Engine engine;
        private final boolean byAnyone;

        Pushed(State state, Engine engine, boolean byAnyone) {
            super(state);
            this.engine = engine;
            this.byAnyone = byAnyone;
        }

        @Override
        public void push(Car car) {
            if (!byAnyone) {
                engine.outbound().push(engine.peer(car.peer));
            }
        }

        @Override
        public boolean mayAwait() {
            return byAnyone;
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
            return engine.withdraw(car);
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
