package org.jadi.scopes.node;

/**
 * Where things are in the table; all in the byte order of the machine. PROTOCOL.md shows it as pictures.
 *
 * <p>Holders and records are of fixed number; a record has a bitmap of slots whose length the header tells.
 */
final class TableLayout {
    /** "jadiscop", read as a little-endian number. */
    static final long MAGIC = 0x706f63736964616aL;
    static final int VERSION = 1;

    static final long HEADER_MAGIC = 0;
    static final long HEADER_VERSION = 8;
    static final long HEADER_STATE = 12;
    static final long HEADER_SLOTS = 16;
    /** Records from here on have never been used, so nobody looks at them. */
    static final long HEADER_TOP = 20;
    static final long HEADER_GENERATION = 24;
    static final long HEADER_NEXT_ID = 32;
    static final long HEADER_FINGERPRINT = 40; // 32 characters
    static final long HEADER_BYTES = 128;
    static final int LIVE = 1;
    static final int ABANDONED = 2;

    static final int HOLDERS = 1024;
    static final long HOLDER_STATE = 0;
    static final long HOLDER_PID = 8;
    static final long HOLDER_BYTES = 16;

    static final int RECORDS = 4096;
    static final long RECORD_STATE = 0;
    static final long RECORD_HOLDER = 4;
    static final long RECORD_FLAGS = 8;
    static final long RECORD_LENDER = 12;
    static final long RECORD_ID = 16;
    static final long RECORD_SECRET = 24; // two longs
    static final long RECORD_EXPIRY_MS = 40;
    static final long RECORD_INSTANCE = 48;
    static final long RECORD_THREAD = 56;
    static final long RECORD_NAME_LENGTH = 64;
    static final long RECORD_NAME = 68;
    static final int MOST_NAME_BYTES = 60;
    static final long RECORD_WORDS = 128;

    static final int EXCLUSIVE = 1;
    static final int UTILITY = 2;

    private TableLayout() {}

    static long holder(int index) {
        return HEADER_BYTES + index * HOLDER_BYTES;
    }

    static long record(int index, int slots) {
        return holder(HOLDERS) + index * recordBytes(slots);
    }

    static long recordBytes(int slots) {
        return RECORD_WORDS + words(slots) * 8L;
    }

    static int words(int slots) {
        return (slots + 63) / 64;
    }

    static long tableBytes(int slots) {
        return record(RECORDS, slots);
    }

    /** The byte of the file whose lock guards the table; those after it are locked by the holders, each its own. */
    static final long LOCK_TABLE = 1L << 40;
    static final long LOCK_HOLDERS = LOCK_TABLE + 1;
}
