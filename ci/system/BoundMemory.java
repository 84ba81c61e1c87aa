import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.scopes.bind.MemoryPolicy;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.topology.NodeSet;

/** Binds memory of Mpi.allocate, which devices share, to memory node 0; says what the kernel then says of it, and sends it round. */
public class BoundMemory {
    private static final int BYTES = 4 << 20;

    public static void main(String[] args) throws Exception {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            MemorySegment memory = mpi.allocate(BYTES);
            long bound = MemoryPolicy.set(memory, MemoryPolicy.Kind.BIND, NodeSet.of(0));
            String refused = "";
            try {
                MemoryPolicy.set(memory, MemoryPolicy.Kind.BIND, NodeSet.of(900));
            } catch (ScopeException e) {
                refused = e.getMessage();
            }
            memory.asSlice(0, BYTES / 2).fill((byte) (world.rank() + 1));
            world.isend(memory.asSlice(0, BYTES / 2), (world.rank() + 1) % world.size(), 0);
            world.recv(memory.asSlice(BYTES / 2), (world.rank() + world.size() - 1) % world.size(), 0);
            world.barrier();
            int got = memory.get(ValueLayout.JAVA_BYTE, BYTES - 1);
            System.out.println("rank " + world.rank() + " bound " + (bound >= BYTES - 8192) + " policy " + policy(memory.address())
                    + " got " + got + " refused " + refused.contains("no such nodes"));
        }
    }

    /** The kernel's lines begin with the first address of a mapping, and the policy. */
    private static String policy(long address) throws Exception {
        Path maps = Path.of("/proc/self/numa_maps");
        String policy = "unknown";
        if (Files.isReadable(maps)) {
            for (String line : Files.readAllLines(maps)) {
                String[] words = line.split(" ");
                if (Long.compareUnsigned(Long.parseUnsignedLong(words[0], 16), address + 8192) <= 0) {
                    policy = words[1];
                }
            }
        }
        return policy;
    }
}
