package org.jadi.mpi;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;
import org.jadi.mpi.collective.Algorithm;
import org.jadi.mpi.collective.Operation;
import org.jadi.mpi.collective.Selection;

/** What can be configured of this module. */
final class MpiConfig {
    /** Never legitimate in a message, and known as the links of attacks by deserialization. */
    private static final String REFUSED = "!javax.management.**;!javax.naming.**;!java.rmi.**;!sun.**;!com.sun.**;"
            + "!jdk.internal.**;!javax.script.**;!org.apache.commons.collections.**;!org.apache.commons.collections4.**;"
            + "!org.apache.commons.beanutils.**;!org.apache.xalan.**;!org.codehaus.groovy.**;!groovy.**;!bsh.**;!clojure.**;"
            + "!com.mchange.**;!org.springframework.**;!org.hibernate.**;!org.python.**;!org.mozilla.javascript.**;"
            + "!com.rometools.**;!rome.**";

    static final ConfigKey OBJECTS_FILTER = new ConfigKey("objects.filter", Type.TEXT,
            "maxdepth=200;maxrefs=50000000;maxarray=200000000;" + REFUSED + ";*",
            "Which classes may come in with recvObject, as a pattern of java.io.ObjectInputFilter. The default takes what the"
            + " ranks of a job (which prove a common secret) send each other, within limits, and refuses packages known from"
            + " attacks; give an allow-list such as 'java.base/*;my.app.**;!*' to be strict.");

    static final ConfigKey OBJECTS_MAX_BYTES = new ConfigKey("objects.maxBytes", Type.SIZE, "1g",
            "Largest message that recvObject takes, in bytes, below 2g.");

    static final ConfigKey COMMUNICATORS = new ConfigKey("communicators", Type.INTEGER, "268435456",
            "How many numbers there are for the communicators of a rank, 16 to 268435456. More communicators cannot exist at"
            + " a time; a small number has them reused soon, which only tests want.");

    static final ConfigKey SEGMENT_BYTES = new ConfigKey("coll.segmentBytes", Type.SIZE, "64k",
            "Collective operations along a tree or chain go in segments of this many bytes, 64 to 1g.");

    static final ConfigKey SHARED_BYTES = new ConfigKey("coll.sharedBytes", Type.SIZE, "1m",
            "Shared memory that each rank gives for the collective operations of its communicators inside a node; those for which it"
            + " does not suffice take messages. 0 for none.");

    static final ConfigKey CHUNK_BYTES = new ConfigKey("coll.chunkBytes", Type.SIZE, "64k",
            "A rank gives four times this much shared memory to the collective operations of each communicator, in which data goes in pieces"
            + " of a quarter of this, 1k to 16m; the same on all ranks.");

    static final ConfigKey SHARED_AFTER = new ConfigKey("coll.sharedAfter", Type.INTEGER, "2",
            "After how many collective operations a communicator gets shared memory, so that one of brief use does not pay for it; the"
            + " same on all ranks.");

    static final ConfigKey CHECK = new ConfigKey("coll.check", Type.TEXT, "word",
            "How it is found that ranks call different collective operations, or with different arguments: word, by those who read the"
            + " other's data in shared memory, at no cost; full, by an exchange before every blocking operation, which names both"
            + " call sites, on every device. The same on all ranks.");

    static final ConfigKey REPRODUCIBLE = new ConfigKey("coll.reproducible", Type.BOOLEAN, "false",
            "Whether reductions give the same bits for the same data and number of ranks, whatever device, placement and algorithm: they"
            + " go from the left, rank after rank. The same on all ranks; for one communicator the info key jadi_reproducible.");

    static final ConfigKey NODES = new ConfigKey("coll.nodes", Type.INTEGER, "0",
            "Into how many nodes the ranks of a node are divided, in rows, for tests of what is done among nodes; 0 for what is"
            + " the case.");

    static final ConfigKey COLLECTIVES_VERBOSE = new ConfigKey("coll.verbose", Type.BOOLEAN, "false",
            "Whether rank 0 of each communicator writes to standard error which algorithm every collective operation takes, and"
            + " why.");

    static final ConfigKey PLACEMENT_NODE = new ConfigKey("placement.node", Type.TEXT, "",
            "Name of the node as which this rank counts where a topology is made with reorder=true; empty for that on which it"
            + " runs. For processes whose nodes are close, such as those of one rack, and for tests.");

    static final ConfigKey COMPARE_TYPES = new ConfigKey("check.types", Type.BOOLEAN, "false",
            "Whether messages carry a hash of their basic types, the same on all ranks, and a receive into a buffer of other"
            + " types fails with TYPE. Native memory without a datatype, and PACKED, match everything. Costs about a"
            + " microsecond for each message; contiguous memory with a datatype is copied piece by piece.");

    static final List<ConfigKey> KEYS = keys();

    private static List<ConfigKey> keys() {
        List<ConfigKey> keys = new ArrayList<>(List.of(OBJECTS_FILTER, OBJECTS_MAX_BYTES, COMMUNICATORS, SEGMENT_BYTES,
                SHARED_BYTES, CHUNK_BYTES, SHARED_AFTER, CHECK, REPRODUCIBLE, NODES, COLLECTIVES_VERBOSE, COMPARE_TYPES,
                PLACEMENT_NODE));
        for (Operation o : Operation.values()) {
            keys.add(algorithm(o));
        }
        return List.copyOf(keys);
    }

    private static ConfigKey algorithm(Operation operation) {
        return new ConfigKey("coll." + operation.label, Type.TEXT, "auto", "Algorithm of " + operation.label + ", the same on"
                + " all ranks: " + operation.choices() + ".");
    }

    /** Reads whether collective calls are compared by an exchange. */
    static boolean checksFully(Config config) {
        return switch (config.text(CHECK)) {
            case "word" -> false;
            case "full" -> true;
            default -> throw new IllegalArgumentException(CHECK.property() + " must be word or full: value=" + config.text(CHECK));
        };
    }

    /** Reads which algorithms are forced. */
    static Selection selection(Config config) {
        Map<Operation, Algorithm> forced = new EnumMap<>(Operation.class);
        for (Operation o : Operation.values()) {
            forced.put(o, o.parse(config.text(algorithm(o))));
        }
        return new Selection(forced, config.bytes(SEGMENT_BYTES, 64, 1 << 30), config.flag(REPRODUCIBLE));
    }

    private MpiConfig() {}
}
