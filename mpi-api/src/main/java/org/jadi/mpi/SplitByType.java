package org.jadi.mpi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** Dividing ranks by node and hardware resource: what a rank runs on becomes a long, and equal longs a color. */
final class SplitByType {
    private static final String TYPE_HINT = "mpi_hw_resource_type";
    private static final String SHARED_MEMORY = "mpi_shared_memory";
    private static final int LEVELS = 8;
    private static final long NOWHERE = 0;

    private SplitByType() {}

    static IntraComm run(IntraComm comm, SplitType type, int key, Info hints) {
        comm.transfer.checkUsable("splitType");
        if (hints == null) {
            throw comm.transfer.error(ErrorClass.INFO, "splitType", "the info is null", null);
        }
        long[] mine = new long[LEVELS];
        int levels = places(type, hints, mine);
        Rounds.Gather gather = new Rounds.Gather(comm.internal(Contexts.MANAGE), null, comm.rank(), comm.nextTag(), "splitType",
                mine);
        gather.run();
        int color = color(comm, gather.result(), type == SplitType.HW_UNGUIDED ? levels : 0);
        CommSeed seed = CommCreation.split(comm, type == null ? Comm.UNDEFINED : color, key, "splitType");
        return seed == null ? null : new IntraComm(seed);
    }

    /** Fills in where we are at each level that may divide; returns the number of levels. */
    private static int places(SplitType type, Info hints, long[] places) {
        String wanted = hints.get(TYPE_HINT).orElse(null);
        if (type == SplitType.SHARED || type == SplitType.HW_GUIDED && SHARED_MEMORY.equals(wanted)) {
            places[0] = place("node", "");
            return 1;
        }
        TopologyProvider provider = ServiceLoader.load(TopologyProvider.class, SplitByType.class.getClassLoader()).findFirst()
                .orElse(null);
        if (type == SplitType.HW_GUIDED) {
            places[0] = provider == null || wanted == null || !provider.resourceTypes().contains(wanted) ? NOWHERE
                    : resource(provider, wanted);
            return 1;
        }
        places[0] = place("node", "");
        List<String> types = provider == null ? List.of() : provider.resourceTypes();
        int levels = Math.min(LEVELS, types.size() + 1);
        for (int i = 1; i < levels; i++) {
            places[i] = resource(provider, types.get(i - 1));
        }
        return levels;
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

    /** The color of a place is the lowest rank there. At the first level that divides, or at level 0 if none is asked for. */
    private static int color(IntraComm comm, long[] all, int levels) {
        int level = 0;
        while (level < levels && !divides(all, level)) {
            level++;
        }
        if (level == levels && levels > 0 || level == LEVELS) {
            return Comm.UNDEFINED;
        }
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
