package org.jadi.scopes.node;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.jadi.scopes.node.TableLayout.ABANDONED;
import static org.jadi.scopes.node.TableLayout.EXCLUSIVE;
import static org.jadi.scopes.node.TableLayout.HEADER_FINGERPRINT;
import static org.jadi.scopes.node.TableLayout.HEADER_GENERATION;
import static org.jadi.scopes.node.TableLayout.HEADER_MAGIC;
import static org.jadi.scopes.node.TableLayout.HEADER_NEXT_ID;
import static org.jadi.scopes.node.TableLayout.HEADER_SLOTS;
import static org.jadi.scopes.node.TableLayout.HEADER_STATE;
import static org.jadi.scopes.node.TableLayout.HEADER_TOP;
import static org.jadi.scopes.node.TableLayout.HEADER_VERSION;
import static org.jadi.scopes.node.TableLayout.HOLDERS;
import static org.jadi.scopes.node.TableLayout.HOLDER_PID;
import static org.jadi.scopes.node.TableLayout.HOLDER_STATE;
import static org.jadi.scopes.node.TableLayout.LIVE;
import static org.jadi.scopes.node.TableLayout.MAGIC;
import static org.jadi.scopes.node.TableLayout.MOST_NAME_BYTES;
import static org.jadi.scopes.node.TableLayout.RECORDS;
import static org.jadi.scopes.node.TableLayout.RECORD_EXPIRY_MS;
import static org.jadi.scopes.node.TableLayout.RECORD_FLAGS;
import static org.jadi.scopes.node.TableLayout.RECORD_HOLDER;
import static org.jadi.scopes.node.TableLayout.RECORD_ID;
import static org.jadi.scopes.node.TableLayout.RECORD_INSTANCE;
import static org.jadi.scopes.node.TableLayout.RECORD_LENDER;
import static org.jadi.scopes.node.TableLayout.RECORD_NAME;
import static org.jadi.scopes.node.TableLayout.RECORD_NAME_LENGTH;
import static org.jadi.scopes.node.TableLayout.RECORD_SECRET;
import static org.jadi.scopes.node.TableLayout.RECORD_STATE;
import static org.jadi.scopes.node.TableLayout.RECORD_THREAD;
import static org.jadi.scopes.node.TableLayout.RECORD_WORDS;
import static org.jadi.scopes.node.TableLayout.UTILITY;
import static org.jadi.scopes.node.TableLayout.VERSION;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jadi.scopes.error.ErrorCode;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.error.StaleScopeException;
import org.jadi.scopes.topology.CpuSet;

/**
 * The table of claims. Slots are CPUs by their numbers, and devices behind them. Any thread; every call is one step for
 * everybody, and begins by sweeping the claims of those who have died.
 */
public final class ClaimTable implements AutoCloseable {
    private static final int NOBODY = -1;

    private final MemorySegment table;
    private final TableGuard guard;
    private final int slots;
    private final int self;
    private volatile boolean closed; // changed while locked

    /** Who claims, and how. */
    public record Claimant(String name, long instance, long thread, boolean exclusive, boolean utility) {
        /** Somebody with a name who shares. */
        public static Claimant sharing(String name) {
            return new Claimant(name, 0, 0, false, false);
        }

        /** Returns this, alone on what it claims. */
        public Claimant alone() {
            return new Claimant(name, instance, thread, true, utility);
        }
    }

    private ClaimTable(MemorySegment table, TableGuard guard, int slots, int self) {
        this.table = table;
        this.guard = guard;
        this.slots = slots;
        this.self = self;
    }

    /** Makes a table that this process alone sees. */
    public static ClaimTable ofProcess(int slots) {
        MemorySegment table = Arena.ofAuto().allocate(TableLayout.tableBytes(slots), 8);
        TableGuard guard = new ProcessGuard();
        format(table, slots, "");
        return guard.locked(() -> enter(table, guard, slots));
    }

    /**
     * Opens the table in a file, or makes it.
     *
     * @param fingerprint what all who share it must agree on, 32 characters at most
     * @throws IOException if it cannot be made, or is of another version or machine; the message says which
     */
    public static ClaimTable open(Path file, int slots, String fingerprint) throws IOException {
        while (true) {
            FileGuard guard = FileGuard.open(file);
            boolean entered = false;
            try {
                ClaimTable table = guard.locked(() -> openLocked(guard, slots, fingerprint));
                entered = table != null;
                if (entered) {
                    return table;
                }
            } catch (java.io.UncheckedIOException e) {
                throw e.getCause();
            } finally {
                if (!entered) {
                    guard.close();
                }
            }
        }
    }

    /** Returns null if the last one to leave has deleted the file since we opened it. */
    private static ClaimTable openLocked(FileGuard guard, int slots, String fingerprint) {
        try {
            FileChannel channel = guard.channel();
            long bytes = TableLayout.tableBytes(slots);
            if (channel.size() < TableLayout.HEADER_BYTES) {
                // Written, not just sized: a full file system is to fail here and not at a store.
                ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
                for (long at = 0; at < bytes; at += zeros.capacity()) {
                    channel.write(zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)), at);
                }
            }
            if (channel.size() < bytes) {
                throw new IOException("the table of claims has another size, so it is of another machine: bytes=" + channel.size()
                        + " expected=" + bytes);
            }
            MemorySegment table = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
            if (table.get(JAVA_LONG, HEADER_MAGIC) != MAGIC) {
                table.fill((byte) 0); // CRASH: who made it died before the magic number
                format(table, slots, fingerprint);
            }
            if (table.get(JAVA_INT, HEADER_STATE) == ABANDONED) {
                return null;
            }
            if (table.get(JAVA_INT, HEADER_VERSION) != VERSION || table.get(JAVA_INT, HEADER_SLOTS) != slots
                    || !fingerprint(table).equals(fingerprint)) {
                throw new IOException("the table of claims is of another version or machine: version=" + table.get(JAVA_INT,
                        HEADER_VERSION) + " expected=" + VERSION + " machine=" + fingerprint(table) + " expected=" + fingerprint);
            }
            return enter(table, guard, slots);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void format(MemorySegment table, int slots, String fingerprint) {
        byte[] text = Arrays.copyOf(fingerprint.getBytes(StandardCharsets.US_ASCII), 32);
        table.set(JAVA_INT, HEADER_VERSION, VERSION);
        table.set(JAVA_INT, HEADER_STATE, LIVE);
        table.set(JAVA_INT, HEADER_SLOTS, slots);
        table.set(JAVA_LONG, HEADER_NEXT_ID, 1);
        MemorySegment.copy(text, 0, table, JAVA_BYTE, HEADER_FINGERPRINT, text.length);
        table.set(JAVA_LONG, HEADER_MAGIC, MAGIC);
    }

    private static String fingerprint(MemorySegment table) {
        byte[] text = table.asSlice(HEADER_FINGERPRINT, 32).toArray(JAVA_BYTE);
        return new String(text, StandardCharsets.US_ASCII).replace("\0", "");
    }

    private static ClaimTable enter(MemorySegment table, TableGuard guard, int slots) {
        ClaimTable entering = new ClaimTable(table, guard, slots, NOBODY);
        entering.sweep();
        for (int i = 0; i < HOLDERS; i++) {
            if (table.get(JAVA_INT, TableLayout.holder(i) + HOLDER_STATE) == 0) {
                guard.occupy(i);
                table.set(JAVA_LONG, TableLayout.holder(i) + HOLDER_PID, ProcessHandle.current().pid());
                table.set(JAVA_INT, TableLayout.holder(i) + HOLDER_STATE, 1);
                return new ClaimTable(table, guard, slots, i);
            }
        }
        throw new ScopeException(ErrorCode.OUT_OF_RESOURCES, "too many processes share the table of claims: most=" + HOLDERS);
    }

    /** Returns whether other processes see the table. */
    public boolean isShared() {
        return guard.isShared();
    }

    /** Returns the number of slots. */
    public int slots() {
        return slots;
    }

    /** Returns who claims what now. */
    public Usage usage() {
        return step(this::look);
    }

    /**
     * Claims what is chosen, knowing what is claimed already; in one step, so that nobody comes in between.
     *
     * @param choice may throw to claim nothing
     * @throws ScopeException OUT_OF_RESOURCES if the table is full
     */
    public Claim claim(Claimant claimant, Function<Usage, CpuSet> choice) {
        return step(() -> change(write(claimant, choice.apply(look())), ClaimState.HELD));
    }

    private long write(Claimant claimant, CpuSet chosen) {
        long record = free();
        long id = table.get(JAVA_LONG, HEADER_NEXT_ID);
        table.set(JAVA_LONG, HEADER_NEXT_ID, id + 1);
        table.set(JAVA_LONG, record + RECORD_ID, id);
        table.set(JAVA_INT, record + RECORD_HOLDER, self);
        table.set(JAVA_INT, record + RECORD_LENDER, NOBODY);
        table.set(JAVA_INT, record + RECORD_FLAGS, (claimant.exclusive ? EXCLUSIVE : 0) | (claimant.utility ? UTILITY : 0));
        table.set(JAVA_LONG, record + RECORD_INSTANCE, claimant.instance);
        table.set(JAVA_LONG, record + RECORD_THREAD, claimant.thread);
        writeName(record, claimant.name);
        writeSlots(record, chosen);
        return record;
    }

    /**
     * Changes what one of our claims claims; in one step. What the choice sees is without this claim.
     *
     * @throws StaleScopeException if it is not ours, or not held (any more)
     */
    public Claim replace(long id, Function<Usage, CpuSet> choice) {
        return step(() -> {
            long record = held(id, ClaimState.HELD);
            CpuSet chosen = choice.apply(new Usage(look().claims().stream().filter(c -> c.id() != id).toList()));
            writeSlots(record, chosen);
            return change(record, ClaimState.HELD);
        });
    }

    /** Gives a claim of ours back, whatever its state. Does nothing if it is not ours (any more). */
    public void release(long id) {
        step(() -> {
            long record = find(id);
            if (record >= 0 && table.get(JAVA_INT, record + RECORD_HOLDER) == self) {
                free(record);
            } else if (record >= 0 && table.get(JAVA_INT, record + RECORD_LENDER) == self) {
                table.set(JAVA_INT, record + RECORD_LENDER, NOBODY);
                change(record, ClaimState.RECALLED);
            }
            return null;
        });
    }

    /**
     * Makes claims that whoever shows the secret takes over, in place of one of ours; in one step.
     *
     * @param replaced a claim of ours that is given up for them, or 0
     * @param parts the slots of each
     * @param secrets two numbers for each
     * @param expiryMs time since 1970 after which they are not valid any more
     */
    public List<Claim> issue(long replaced, Claimant claimant, List<CpuSet> parts, long[] secrets, long expiryMs) {
        return step(() -> {
            if (replaced != 0) {
                free(held(replaced, ClaimState.HELD));
            }
            List<Claim> issued = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                long record = write(claimant, parts.get(i));
                table.set(JAVA_LONG, record + RECORD_SECRET, secrets[2 * i]);
                table.set(JAVA_LONG, record + RECORD_SECRET + 8, secrets[2 * i + 1]);
                table.set(JAVA_LONG, record + RECORD_EXPIRY_MS, expiryMs);
                issued.add(change(record, ClaimState.ISSUED));
            }
            return issued;
        });
    }

    /**
     * Takes over a claim that was issued. Who comes first has it.
     *
     * @throws StaleScopeException if it was redeemed, revoked or released, has expired, or the secret is another
     */
    public Claim redeem(long id, long secretHigh, long secretLow) {
        return step(() -> {
            long record = find(id);
            boolean issued = record >= 0 && state(record) == ClaimState.ISSUED
                    && table.get(JAVA_LONG, record + RECORD_SECRET) == secretHigh
                    && table.get(JAVA_LONG, record + RECORD_SECRET + 8) == secretLow;
            if (!issued || System.currentTimeMillis() > table.get(JAVA_LONG, record + RECORD_EXPIRY_MS)) {
                throw new StaleScopeException("the ticket is not valid: " + (issued ? "it has expired"
                        : "it was redeemed or revoked, or who issued it has ended") + ": id=" + id);
            }
            table.set(JAVA_INT, record + RECORD_HOLDER, self);
            return change(record, ClaimState.HELD);
        });
    }

    /**
     * Takes back a claim that was issued and not redeemed.
     *
     * @throws StaleScopeException if it was redeemed
     */
    public Claim revoke(long id) {
        return step(() -> change(held(id, ClaimState.ISSUED), ClaimState.HELD));
    }

    /** Offers one of our claims to whoever borrows. */
    public Claim offer(long id) {
        return step(() -> change(held(id, ClaimState.HELD), ClaimState.OFFERED));
    }

    /** Borrows an offer of another holder, the one that the choice names; it may name none. Returns null if none. */
    public Claim borrow(Function<List<Claim>, Claim> choice) {
        return step(() -> {
            Claim chosen = choice.apply(look().claims().stream().filter(c -> c.state() == ClaimState.OFFERED)
                    .filter(c -> table.get(JAVA_INT, find(c.id()) + RECORD_HOLDER) != self).toList());
            if (chosen == null) {
                return null;
            }
            long record = find(chosen.id());
            table.set(JAVA_INT, record + RECORD_LENDER, table.get(JAVA_INT, record + RECORD_HOLDER));
            table.set(JAVA_INT, record + RECORD_HOLDER, self);
            return change(record, ClaimState.BORROWED);
        });
    }

    /**
     * Asks for something back that we have offered.
     *
     * @return whether we have it: nobody had borrowed it, or it was given back; if not, ask again
     */
    public boolean recall(long id) {
        return step(() -> {
            long record = find(id);
            if (record >= 0 && table.get(JAVA_INT, record + RECORD_LENDER) == self) {
                change(record, ClaimState.RECALLED);
                return false;
            }
            change(held(id, ClaimState.OFFERED), ClaimState.HELD);
            return true;
        });
    }

    /** Gives back what we have borrowed; its lender offers it again, or has it if he recalled it. */
    public void giveBack(long id) {
        step(() -> {
            long record = find(id);
            if (record >= 0 && table.get(JAVA_INT, record + RECORD_HOLDER) == self) {
                returnToLender(record);
            }
            return null;
        });
    }

    /** Returns one claim as it is now, or null if it is free. */
    public Claim find(Claim claim) {
        return step(() -> {
            long record = find(claim.id());
            return record < 0 ? null : read(record);
        });
    }

    /** Gives everything back. Does nothing the second time. The last one to leave a shared table deletes it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        guard.locked(() -> {
            if (!closed) {
                sweep();
                leave(self);
                guard.vacate(self);
                boolean last = true;
                for (int i = 0; i < HOLDERS; i++) {
                    last &= table.get(JAVA_INT, TableLayout.holder(i) + HOLDER_STATE) == 0;
                }
                if (last) {
                    table.set(JAVA_INT, HEADER_STATE, ABANDONED);
                    guard.abandon();
                }
                closed = true;
            }
            return null;
        });
        guard.close();
    }

    private <T> T step(Supplier<T> action) {
        if (closed) {
            throw new IllegalStateException("the table of claims is closed");
        }
        return guard.locked(() -> {
            sweep();
            return action.get();
        });
    }

    /** Frees what the dead have held. */
    private void sweep() {
        for (int i = 0; i < HOLDERS; i++) {
            if (i != self && table.get(JAVA_INT, TableLayout.holder(i) + HOLDER_STATE) != 0 && !guard.isAlive(i)) {
                leave(i);
            }
        }
    }

    private void leave(int holder) {
        for (int i = 0; i < top(); i++) {
            long record = TableLayout.record(i, slots);
            if (state(record) == ClaimState.FREE) {
                continue;
            }
            if (table.get(JAVA_INT, record + RECORD_LENDER) == holder) {
                table.set(JAVA_INT, record + RECORD_LENDER, NOBODY);
                change(record, ClaimState.RECALLED);
            }
            if (table.get(JAVA_INT, record + RECORD_HOLDER) == holder) {
                returnToLender(record);
            }
        }
        table.set(JAVA_INT, TableLayout.holder(holder) + HOLDER_STATE, 0);
    }

    private void returnToLender(long record) {
        int lender = table.get(JAVA_INT, record + RECORD_LENDER);
        if (lender == NOBODY) {
            free(record);
        } else {
            table.set(JAVA_INT, record + RECORD_HOLDER, lender);
            table.set(JAVA_INT, record + RECORD_LENDER, NOBODY);
            change(record, ClaimState.OFFERED);
        }
    }

    private Usage look() {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < top(); i++) {
            long record = TableLayout.record(i, slots);
            if (state(record) != ClaimState.FREE) {
                claims.add(read(record));
            }
        }
        return new Usage(claims);
    }

    private Claim read(long record) {
        byte[] name = table.asSlice(record + RECORD_NAME, table.get(JAVA_INT, record + RECORD_NAME_LENGTH)).toArray(JAVA_BYTE);
        int flags = table.get(JAVA_INT, record + RECORD_FLAGS);
        return new Claim(table.get(JAVA_LONG, record + RECORD_ID), state(record), pid(table.get(JAVA_INT, record + RECORD_HOLDER)),
                pid(table.get(JAVA_INT, record + RECORD_LENDER)), (flags & EXCLUSIVE) != 0, (flags & UTILITY) != 0,
                new String(name, StandardCharsets.UTF_8), table.get(JAVA_LONG, record + RECORD_INSTANCE),
                table.get(JAVA_LONG, record + RECORD_THREAD), CpuSet.ofWords(table.asSlice(record + RECORD_WORDS,
                        TableLayout.words(slots) * 8L).toArray(JAVA_LONG)));
    }

    private long pid(int holder) {
        return holder == NOBODY ? 0 : table.get(JAVA_LONG, TableLayout.holder(holder) + HOLDER_PID);
    }

    private int top() {
        return table.get(JAVA_INT, HEADER_TOP);
    }

    private ClaimState state(long record) {
        return ClaimState.values()[table.get(JAVA_INT, record + RECORD_STATE)];
    }

    private Claim change(long record, ClaimState state) {
        table.set(JAVA_INT, record + RECORD_STATE, state.ordinal());
        table.set(JAVA_LONG, HEADER_GENERATION, table.get(JAVA_LONG, HEADER_GENERATION) + 1);
        return read(record);
    }

    private void free(long record) {
        table.set(JAVA_INT, record + RECORD_STATE, ClaimState.FREE.ordinal());
        table.set(JAVA_LONG, HEADER_GENERATION, table.get(JAVA_LONG, HEADER_GENERATION) + 1);
    }

    private long free() {
        for (int i = 0; i < RECORDS; i++) {
            if (i >= top() || state(TableLayout.record(i, slots)) == ClaimState.FREE) {
                table.set(JAVA_INT, HEADER_TOP, Math.max(top(), i + 1));
                return TableLayout.record(i, slots);
            }
        }
        throw new ScopeException(ErrorCode.OUT_OF_RESOURCES, "the table of claims is full: most=" + RECORDS);
    }

    private long find(long id) {
        for (int i = 0; i < top(); i++) {
            long record = TableLayout.record(i, slots);
            if (state(record) != ClaimState.FREE && table.get(JAVA_LONG, record + RECORD_ID) == id) {
                return record;
            }
        }
        return -1;
    }

    private long held(long id, ClaimState expected) {
        long record = find(id);
        if (record < 0 || table.get(JAVA_INT, record + RECORD_HOLDER) != self || state(record) != expected) {
            throw new StaleScopeException("the claim is not ours any more, or is in another state: id=" + id + " expected=" + expected
                    + " found=" + (record < 0 ? "nothing" : state(record)));
        }
        return record;
    }

    private void writeSlots(long record, CpuSet chosen) {
        if (chosen.last() >= slots) {
            throw new IllegalArgumentException("the table has not so many slots: slot=" + chosen.last() + " slots=" + slots);
        }
        long[] words = Arrays.copyOf(chosen.toWords(), TableLayout.words(slots));
        MemorySegment.copy(words, 0, table, JAVA_LONG, record + RECORD_WORDS, words.length);
    }

    private void writeName(long record, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MOST_NAME_BYTES);
        table.set(JAVA_INT, record + RECORD_NAME_LENGTH, length);
        MemorySegment.copy(bytes, 0, table, JAVA_BYTE, record + RECORD_NAME, length);
    }
}
