import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.Bootstraps;

/** The smallest job: every rank publishes a value and reads its neighbour's. Needs no device. */
public class Exchange {
    public static void main(String[] args) {
        try (Bootstrap job = Bootstraps.open()) {
            job.put("value-" + job.rank(), new byte[] {(byte) job.rank()});
            job.fence();
            int next = (job.rank() + 1) % job.size();
            if (job.get("value-" + next)[0] != next) {
                throw new IllegalStateException("wrong value of rank " + next);
            }
            System.out.println("rank " + job.rank() + " of " + job.size());
            job.finish();
        }
    }
}
