/* Many messages of 8 bytes, each with a tag of its own. MatchingLoops.java is the same text in Java: change both or neither. */
#include "peer.h"

/* The same permutation for the same depth, in both languages. */
void order_messages(peer *p, const kernel *k) {
    if (k->shape != POSTED && k->shape != UNEXPECTED) return;
    int depth = p->slots;
    for (int n = 0; n < depth; n++) p->order[n] = k->variant == REVERSE ? depth - 1 - n : n;
    if (k->variant != RANDOM) return;
    uint64_t random = 1;
    for (int n = depth - 1; n > 0; n--) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        int other = (int)((random >> 33) % (uint64_t)(n + 1));
        int held = p->order[n];
        p->order[n] = p->order[other];
        p->order[other] = held;
    }
}

static void isend_one(peer *p, int n, int tag, int64_t stamp) {
    char *slot = p->send + tag * 8L;
    rewrite(slot, 8, stamp + tag);
    MPI_Isend(slot, 8, MPI_BYTE, p->partner, TAG_FIRST_OF_MANY + tag, MPI_COMM_WORLD, &p->requests[n]);
}

static void irecv_one(peer *p, int n, int tag) {
    MPI_Irecv(p->recv + tag * 8L, 8, MPI_BYTE, p->partner, TAG_FIRST_OF_MANY + tag, MPI_COMM_WORLD, &p->requests[n]);
}

static void tell(const peer *p) {
    char flag[4] = {0};
    MPI_Send(flag, 4, MPI_BYTE, p->partner, TAG_ACK, MPI_COMM_WORLD);
}

static void hear(const peer *p) {
    char flag[4];
    MPI_Recv(flag, 4, MPI_BYTE, p->partner, TAG_ACK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/* All receives are posted, by tag, before the first message is sent; messages come in the order of the kernel. */
void match_posted(peer *p, int64_t iterations, int64_t stamp) {
    for (int64_t i = 0; i < iterations; i++) {
        if (p->sends) {
            hear(p);
            for (int n = 0; n < p->slots; n++) isend_one(p, n, p->order[n], stamp + i * p->slots);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            hear(p);
        } else {
            for (int n = 0; n < p->slots; n++) irecv_one(p, n, n);
            tell(p);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            tell(p);
        }
    }
}

/* All messages are sent, by tag, before the first receive; receives ask for them in the order of the kernel. */
void match_unexpected(peer *p, int64_t iterations, int64_t stamp) {
    for (int64_t i = 0; i < iterations; i++) {
        if (p->sends) {
            for (int n = 0; n < p->slots; n++) isend_one(p, n, n, stamp + i * p->slots);
            tell(p);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            hear(p);
        } else {
            hear(p);
            for (int n = 0; n < p->slots; n++) irecv_one(p, n, p->order[n]);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            tell(p);
        }
    }
}
