package org.jadi.device.shm;

import java.util.List;
import org.jadi.adi.config.CommonKeys;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.config.ConfigKey.Type;

/**
 * The knobs of the device.
 *
 * @param jobDirectory folder of the job's shared files; empty for the default below {@code root}
 * @param root where shared memory is mounted
 * @param ringBytes size of each ring, a power of two
 * @param eagerLimitBytes messages up to this size are sent without asking
 * @param getThresholdBytes from this size on data in memory of Mpi.allocate is fetched by the receiver
 * @param copyBytes from this size on a copy goes through libc
 * @param heapBytes address space of one rank for Mpi.allocate
 * @param useNative whether calls into libc are allowed
 */
record ShmConfig(String jobDirectory, String root, int ringBytes, long eagerLimitBytes, long getThresholdBytes, int copyBytes,
        long heapBytes, boolean useNative) {
    static final ConfigKey JOB_DIR = new ConfigKey("shm.jobDir", Type.TEXT, "",
            "Folder of the job's shared files; set by mpirun, empty for a folder of the job's own below shm.root.");
    static final ConfigKey ROOT = new ConfigKey("shm.root", Type.TEXT, "/dev/shm",
            "Where shared memory is mounted. The variable is obeyed by mpirun too, for the ranks of its own host.");
    static final ConfigKey RING = new ConfigKey("shm.ringBytes", Type.SIZE, "256k",
            "Bytes of the ring from one rank to another, a power of two, 1k to 64m; smaller where /dev/shm is full.");
    static final ConfigKey EAGER = new ConfigKey("shm.eagerLimitBytes", Type.SIZE, "128k",
            "Messages up to this many bytes are sent without asking the receiver.");
    static final ConfigKey GET = new ConfigKey("shm.getThresholdBytes", Type.SIZE, "1g",
            "From this many bytes on, data in memory of Mpi.allocate is fetched by the receiver in one copy;"
            + " less than two copies that overlap, it pays where many ranks share the memory's bandwidth.");
    static final ConfigKey COPY = new ConfigKey("shm.nativeCopyBytes", Type.SIZE, "6k",
            "From this many bytes on, copies go through libc's memcpy.");
    static final ConfigKey HEAP = new ConfigKey("shm.heapBytes", Type.SIZE, "64g",
            "Address space of one rank for Mpi.allocate; memory is used only for what is allocated.");

    static final List<ConfigKey> KEYS = List.of(JOB_DIR, ROOT, RING, EAGER, GET, COPY, HEAP);

    static ShmConfig of(Config c) {
        long ring = c.bytes(RING, 1 << 10, 64 << 20);
        if (Long.bitCount(ring) != 1) {
            throw new IllegalArgumentException(RING.property() + " must be a power of two: value=" + ring);
        }
        return new ShmConfig(c.text(JOB_DIR), c.text(ROOT), (int) ring, c.bytes(EAGER, 0, Long.MAX_VALUE),
                c.bytes(GET, 0, Long.MAX_VALUE), (int) c.bytes(COPY, 0, Integer.MAX_VALUE),
                c.bytes(HEAP, 0, 1L << 44), CommonKeys.allowsNative(c));
    }
}
