package org.jadi.mpi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** Dividing ranks by node and hardware resource: what a rank runs on becomes a long, and equal longs a color. */
final class SplitByType {
    private static final String TYPE_HINT = "mpi_hw_resource_type";
    private static final String SET_HINT = "mpi_pset_name";
    private static final String SHARED_MEMORY = "mpi_shared_memory";
    private static final int LEVELS = 16;
    private static final long NOWHERE = 0;

    private SplitByType() {}

    static IntraComm run(IntraComm comm, SplitType type, int key, Info hints) {
        comm.transfer.checkUsable("splitType");
        if (hints == null) {
            throw comm.transfer.error(ErrorClass.INFO, "splitType", "the info is null", null);
        }
        long[] mine = new long[LEVELS];
        TopologyProvider provider = ServiceLoader.load(TopologyProvider.class, SplitByType.class.getClassLoader()).findFirst()
                .orElse(null);
        List<String> types = places(type, hints, provider, comm.rank(), mine);
        Rounds.Gather gather = new Rounds.Gather(comm.internal(Contexts.MANAGE), null, comm.rank(), comm.nextTag(), "splitType",
                mine);
        gather.run();
        int level = type == SplitType.HW_UNGUIDED ? firstThatDivides(gather.result(), types.size()) : 0;
        int color = type == null || level == types.size() ? Comm.UNDEFINED : color(comm, gather.result(), level);
        CommSeed seed = CommCreation.split(comm, color, key, "splitType");
        if (seed != null && type == SplitType.HW_UNGUIDED) {
            hints.set(TYPE_HINT, types.get(level));
        }
        return seed == null ? null : new IntraComm(seed);
    }

    /** Fills in where we are at each level that may divide; returns the types of the levels. */
    private static List<String> places(SplitType type, Info hints, TopologyProvider provider, int rank, long[] places) {
        String wanted = hints.get(TYPE_HINT).orElse("");
        boolean guided = type == SplitType.HW_GUIDED || type == SplitType.RESOURCE_GUIDED;
        if (guided && !SHARED_MEMORY.equals(wanted)) {
            String set = type == SplitType.RESOURCE_GUIDED && wanted.isEmpty() ? hints.get(SET_HINT).orElse("") : "";
            places[0] = switch (set) {
                case "mpi://WORLD" -> 1; // a set of the job, whatever the node
                case "mpi://SELF" -> rank + 1L;
                default -> provider == null || wanted.isEmpty() ? NOWHERE : resource(provider, wanted);
            };
            return List.of(wanted);
        }
        places[0] = place("node", "");
        List<String> types = new ArrayList<>(List.of(SHARED_MEMORY));
        if (type == SplitType.HW_UNGUIDED && provider != null) {
            provider.resourceTypes().stream().limit(LEVELS - 1).forEach(types::add);
        }
        for (int i = 1; i < types.size(); i++) {
            places[i] = resource(provider, types.get(i));
        }
        return types;
    }

    /** Returns the types of resources, and whether this process is within one of each. */
    static Info resources() {
        Info info = new Info();
        ServiceLoader.load(TopologyProvider.class, SplitByType.class.getClassLoader()).findFirst().ifPresent(provider ->
                provider.resourceTypes().forEach(t -> info.set(t, "" + provider.resource(t).isPresent())));
        return info;
    }

    private static long resource(TopologyProvider provider, String type) {
        return provider.resource(type).map(name -> place(type, name)).orElse(NOWHERE);
    }

    private static int firstThatDivides(long[] all, int levels) {
        int level = 0;
        while (level < levels && !divides(all, level)) {
            level++;
        }
        return level;
    }

    /** The color of a place is the lowest rank there. */
    private static int color(IntraComm comm, long[] all, int level) {
        long mine = all[LEVELS * comm.rank() + level];
        int first = 0;
        while (all[LEVELS * first + level] != mine) {
            first++;
        }
        return mine == NOWHERE ? Comm.UNDEFINED : first;
    }

    private static boolean divides(long[] all, int level) {
        for (int i = level; i < all.length; i += LEVELS) {
            if (all[i] != all[level]) {
                return true;
            }
        }
        return false;
    }

    /** Returns the node of this process, or what it is to count as. */
    static long node(String name) {
        return name.isEmpty() ? place("node", "") : place("placement", name);
    }

    private static long place(String type, String name) {
        String text = String.join("\n", Mpi.processorName(), bootId(), type, name);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long place = 0;
            for (byte b : Arrays.copyOf(digest, Long.BYTES)) {
                place = place << 8 | b & 0xFF;
            }
            return place == NOWHERE ? 1 : place;
        } catch (NoSuchAlgorithmException e) {
            throw new MpiException(ErrorClass.INTERN, "splitType: " + e.getMessage(), e);
        }
    }

    private static String bootId() {
        Path linux = Path.of("/proc/sys/kernel/random/boot_id");
        try {
            return Files.isReadable(linux) ? Files.readString(linux).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
