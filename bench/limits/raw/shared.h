/* Up to 56 bytes travel in the cache line that announces them. Longer ones go
 *   RAW_COPIES=2  through a ring of 1 MiB, piece by piece, both sides copying at once (what plain arrays need);
 *   RAW_COPIES=1  straight out of the sender's buffer, if it is memory of MPI_Alloc_mem, by one copy of the receiver.
 * The size of a piece is tried out on the first messages of each size.
 * RAW_FUTEX: rank 1 sleeps on a futex as soon as it waits, and rank 0 wakes it; otherwise both spin. */
enum { LINES = 1024, INLINE_BYTES = 56, PUBLISH_EVERY = 64, TRIALS = 8, CANDIDATES = 6 };
#define RING_BYTES (1L << 20)
#define MEMORY_BYTES (80L << 20)

typedef struct {
    _Alignas(64) _Atomic uint32_t sequence; /* position + 1, once the rest of the line is there */
    uint32_t bytes;                         /* of the whole message */
    union {
        char data[INLINE_BYTES];
        struct { int64_t length, at; } piece; /* in the ring, or in the sender's memory */
    };
} line;

/* One direction. The words of the two sides lie in different pairs of lines. */
typedef struct {
    line lines[LINES];
    _Alignas(128) _Atomic int64_t consumed_lines; /* by the receiver, published now and then */
    _Alignas(128) _Atomic int64_t consumed_bytes; /* of the ring, after each piece */
    _Alignas(128) _Atomic int64_t copied;         /* messages read out of the sender's memory */
    _Alignas(128) _Atomic uint32_t bell;          /* RAW_FUTEX */
    _Alignas(4096) char ring[RING_BYTES];
    _Alignas(4096) char memory[MEMORY_BYTES]; /* the sender's */
} direction;

static direction *both, *out, *in;
static long allocated;
static int64_t sent_lines, known_lines, sent_bytes, known_bytes, lent;
static int64_t taken_lines, taken_bytes, taken_copies;
static struct { long size; int calls, best; int64_t begin, nanos[CANDIDATES]; } pieces;

static int64_t nanos_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void prepare(void) {
    both = mmap(NULL, 2 * sizeof(direction), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(both != MAP_FAILED, "mmap");
}

static void join(void) {
    out = &both[own_rank];
    in = &both[!own_rank];
}

static void *memory_of(long bytes) {
    if (allocated + bytes > MEMORY_BYTES) return NULL;
    void *memory = out->memory + allocated;
    allocated += (bytes + 4095) & ~4095L;
    return memory;
}

/* Takes one line if there is one. */
static int take(receive *r) {
    line *l = &in->lines[taken_lines % LINES];
    if (atomic_load_explicit(&l->sequence, memory_order_acquire) != (uint32_t)(taken_lines + 1)) return 0;
    long bytes = l->bytes, length = bytes;
    if (bytes > r->room) {
        fprintf(stderr, "raw: message of %ld bytes for %ld\n", bytes, r->room);
        exit(3);
    }
    if (bytes <= INLINE_BYTES) {
        memcpy(r->data, l->data, bytes);
    } else {
        length = l->piece.length;
        long at = l->piece.at;
        if (at < 0) {
            memcpy(r->data, in->memory + ~at, bytes);
            atomic_store_explicit(&in->copied, ++taken_copies, memory_order_release);
        } else {
            memcpy(r->data + r->got, in->ring + at % RING_BYTES, length);
            taken_bytes = at + length;
            atomic_store_explicit(&in->consumed_bytes, taken_bytes, memory_order_release);
        }
    }
    if (++taken_lines % PUBLISH_EVERY == 0) atomic_store_explicit(&in->consumed_lines, taken_lines, memory_order_release);
    r->got += length;
    if (r->got == bytes) received(bytes);
    return 1;
}

static line *next_line(long bytes) {
    int spins = 0;
    while (sent_lines - known_lines >= LINES - PUBLISH_EVERY) {
        known_lines = atomic_load_explicit(&out->consumed_lines, memory_order_acquire);
        if (sent_lines - known_lines >= LINES - PUBLISH_EVERY) wait_a_little(&spins);
    }
    line *l = &out->lines[sent_lines % LINES];
    l->bytes = (uint32_t)bytes;
    return l;
}

static void publish(line *l) {
    atomic_store_explicit(&l->sequence, (uint32_t)++sent_lines, memory_order_release);
#ifdef RAW_FUTEX
    if (own_rank == 0) {
        atomic_fetch_add(&out->bell, 1);
        syscall(SYS_futex, &out->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
#endif
}

/* Where the next piece goes in the ring; none is cut by its end. */
static long ring_place(long length) {
    long at = sent_bytes;
    if (at % RING_BYTES + length > RING_BYTES) at += RING_BYTES - at % RING_BYTES;
    int spins = 0;
    while (at + length - known_bytes > RING_BYTES) {
        known_bytes = atomic_load_explicit(&out->consumed_bytes, memory_order_acquire);
        if (at + length - known_bytes > RING_BYTES) wait_a_little(&spins);
    }
    return at;
}

/* Both sides send equally often, so both try the same candidate at the same time. */
static long piece_bytes(long size) {
    static const long candidates[CANDIDATES] = {4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 256 << 10};
    if (size <= candidates[0]) return size;
    if (pieces.size != size) pieces.calls = 0;
    pieces.size = size;
    if (pieces.calls < TRIALS * CANDIDATES) {
        int64_t now = nanos_now();
        int before = pieces.calls / TRIALS, position = pieces.calls % TRIALS;
        if (position == 0 && before > 0) pieces.nanos[before - 1] = now - pieces.begin;
        if (position == 1) pieces.begin = now; /* the first of a new candidate follows one of the last */
        pieces.calls++;
        if (pieces.calls == TRIALS * CANDIDATES) {
            pieces.nanos[CANDIDATES - 1] = (now - pieces.begin) * (TRIALS - 1) / (TRIALS - 2);
            pieces.best = 0;
            for (int c = 1; c < CANDIDATES; c++)
                if (pieces.nanos[c] < pieces.nanos[pieces.best]) pieces.best = c;
        }
        return candidates[before];
    }
    return candidates[pieces.best];
}

static void put(const char *data, long bytes) {
    if (bytes <= INLINE_BYTES) {
        line *l = next_line(bytes);
        memcpy(l->data, data, bytes);
        publish(l);
        return;
    }
    if (RAW_COPIES == 1 && data >= out->memory && data + bytes <= out->memory + MEMORY_BYTES) {
        line *l = next_line(bytes);
        l->piece.length = bytes;
        l->piece.at = ~(data - out->memory);
        lent++;
        publish(l);
        return;
    }
    long piece = piece_bytes(bytes);
    for (long done = 0; done < bytes; done += piece) {
        long length = bytes - done < piece ? bytes - done : piece;
        long at = ring_place(length);
        memcpy(out->ring + at % RING_BYTES, data + done, length);
        line *l = next_line(bytes);
        l->piece.length = length;
        l->piece.at = at;
        sent_bytes = at + ((length + 63) & ~63L);
        publish(l);
    }
}

static void await_lent(void) {
    int spins = 0;
    while (atomic_load_explicit(&out->copied, memory_order_acquire) < lent) wait_a_little(&spins);
}

/* Lets rank 1 sleep until something comes. */
static int sleeps(void) {
#ifdef RAW_FUTEX
    uint32_t rung = atomic_load(&in->bell);
    if (progress()) return 1;
    if (own_rank == 1) {
        syscall(SYS_futex, &in->bell, FUTEX_WAIT, rung, NULL, NULL, 0);
        return 1;
    }
#endif
    return 0;
}
