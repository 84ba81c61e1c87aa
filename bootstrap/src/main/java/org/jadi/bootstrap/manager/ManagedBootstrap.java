package org.jadi.bootstrap.manager;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jadi.bootstrap.Bootstrap;
import org.jadi.bootstrap.BootstrapException;
import org.jadi.bootstrap.JobSecret;
import org.jadi.bootstrap.KeyRules;
import org.jadi.bootstrap.crypto.Randomness;

/**
 * A rank of a job that another launcher started.
 *
 * <p>What a rank puts before a fence travels as one value, cut into parts of the manager's size, so that keys and values
 * here need not obey the manager's rules. Values of other ranks are fetched when the first of them is asked for. The first
 * fence, inside {@link #join}, carries the job's name and secret, both made by rank 0.
 */
public final class ManagedBootstrap implements Bootstrap {
    private static final String IDENTITY = "jadi.job";
    private static final Duration FINISH_PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_PARTS = 1 << 20;

    private final ProcessManager manager;
    private final Duration patience;
    private final Map<String, byte[]> pending = new LinkedHashMap<>();
    private final Map<String, byte[]> visible = new HashMap<>();
    private String jobId;
    private JobSecret secret;

    /** Fences that all ranks have passed, and those of which all values were fetched. */
    private int passed;
    private int fetched;

    // Guarded by life: what a lost manager leaves.
    private final Object life = new Object();
    private Runnable onLost;
    private boolean lost;
    private boolean ended;

    private ManagedBootstrap(ProcessManager manager, Duration patience) {
        this.manager = manager;
        this.patience = patience;
    }

    /** Joins the job of a manager. Collective over the job. */
    public static ManagedBootstrap join(ProcessManager manager, Duration patience) {
        ManagedBootstrap b = new ManagedBootstrap(manager, patience);
        try {
            manager.onLost(b::lost);
            b.exchangeIdentity();
            return b;
        } catch (RuntimeException e) {
            b.close();
            throw e;
        }
    }

    private void exchangeIdentity() {
        if (rank() == 0) {
            String identity = Randomness.name("job-") + " " + JobSecret.random().toHex();
            pending.put(IDENTITY, identity.getBytes(StandardCharsets.US_ASCII));
        }
        fence();
        read(0, 0, visible);
        fetched = 1; // the first fence carries nothing else
        byte[] identity = visible.remove(IDENTITY);
        String[] words = identity == null ? new String[0] : new String(identity, StandardCharsets.US_ASCII).split(" ");
        if (words.length != 2) {
            throw new BootstrapException("rank 0 published no identity of the job through " + manager.name()
                    + "; do all ranks run the same version of Jadi?");
        }
        jobId = words[0];
        secret = JobSecret.fromHex(words[1]);
    }

    @Override
    public int rank() {
        return manager.rank();
    }

    @Override
    public int size() {
        return manager.size();
    }

    @Override
    public String jobId() {
        return jobId;
    }

    @Override
    public JobSecret secret() {
        return secret;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public synchronized void put(String key, byte[] value) {
        KeyRules.check(key, value);
        pending.put(key, value.clone());
    }

    @Override
    public synchronized byte[] get(String key) {
        byte[] value = visible.get(key);
        if (value == null && fetched < passed) {
            for (; fetched < passed; fetched++) {
                for (int rank = 0; rank < size(); rank++) {
                    read(fetched, rank, visible);
                }
            }
            value = visible.get(key);
        }
        return value == null ? null : value.clone();
    }

    @Override
    public synchronized void fence() {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(encode(pending));
        pending.clear();
        int room = manager.maxValueChars() - Integer.toString(MAX_PARTS).length() - 1;
        int parts = Math.max(1, (text.length() + room - 1) / room);
        for (int part = 0; part < parts; part++) {
            String piece = text.substring(part * room, Math.min(text.length(), (part + 1) * room));
            manager.put(key(passed, part), part == 0 ? parts + "." + piece : piece);
        }
        manager.fence(patience);
        passed++;
    }

    private static String key(int fence, int part) {
        return "jadi-" + fence + "-" + part;
    }

    /** Adds to a map what a rank had put before a fence. */
    private void read(int fence, int rank, Map<String, byte[]> into) {
        String first = part(fence, rank, 0);
        int dot = first.indexOf('.');
        try {
            int parts = Integer.parseInt(first.substring(0, Math.max(0, dot)));
            StringBuilder text = new StringBuilder(first.substring(dot + 1));
            for (int part = 1; part < parts; part++) {
                text.append(part(fence, rank, part));
            }
            decode(Base64.getUrlDecoder().decode(text.toString()), into);
        } catch (IllegalArgumentException | IOException e) {
            throw new BootstrapException("rank " + rank + " published something malformed through " + manager.name()
                    + ": fence=" + fence + "; do all ranks run the same version of Jadi?", e);
        }
    }

    private String part(int fence, int rank, int part) {
        String value = manager.get(rank, key(fence, part));
        if (value == null) {
            throw new BootstrapException("the launcher's key-value space (" + manager.name() + ") has nothing of rank " + rank
                    + ": key=" + key(fence, part) + "; is every process of this step a program of Jadi's?");
        }
        return value;
    }

    private static byte[] encode(Map<String, byte[]> pairs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> pair : pairs.entrySet()) {
                out.writeUTF(pair.getKey());
                out.writeInt(pair.getValue().length);
                out.write(pair.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void decode(byte[] bytes, Map<String, byte[]> into) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        while (in.available() > 0) {
            String key = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                throw new IOException("a value is longer than what holds it: length=" + length);
            }
            into.put(key, in.readNBytes(length));
        }
    }

    @Override
    public void finish() {
        synchronized (life) {
            ended = true;
        }
        synchronized (this) {
            manager.finish(FINISH_PATIENCE);
        }
    }

    @Override
    public void abort(int code, String reason) {
        System.err.println("jadi: " + reason);
        try {
            manager.abort(code, reason);
        } catch (BootstrapException e) {
            // The caller ends its process next, which is all that can be done without the manager.
        }
    }

    @Override
    public void onStateRequest(Supplier<String> state) {
        // Foreign managers do not ask.
    }

    @Override
    public void onLauncherLost(Runnable action) {
        boolean already;
        synchronized (life) {
            onLost = action;
            already = lost && !ended;
        }
        if (already) {
            action.run();
        }
    }

    private void lost(String because) {
        Runnable action;
        synchronized (life) {
            if (lost || ended) {
                return;
            }
            lost = true;
            action = onLost;
        }
        System.err.println("jadi: rank " + rank() + ": " + manager.name() + ": " + because);
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void close() {
        synchronized (life) {
            ended = true;
        }
        manager.close();
    }
}
