/* Collective operations. CollectiveLoops.java is the same text in Java: change both or neither.
 * The root of bcast and reduce goes round, so that no rank runs ahead of the others by more than a few calls. */
#include "peer.h"

#include <string.h>

static int root_of(const peer *p, int64_t stamp) { return (int)(stamp % p->ranks); }

static int reduces(enum variant operation) { return operation == REDUCE || operation == ALLREDUCE; }

/* Integers below 2^20: their sum is exact in any order. */
static double number(int64_t seed, long index) { return (double)(word(seed, index) >> 44); }

/* One store per cache line. */
static void rewrite_numbers(double *numbers, long count, double stamp) {
    for (long at = 0; at < count; at += LINE_BYTES / 8) numbers[at] = stamp;
}

static void rewrite_collective(peer *p, enum variant operation, int root, int64_t stamp) {
    switch (operation) {
        case BCAST:
            if (p->rank == root) rewrite(p->send, p->size, stamp);
            break;
        case REDUCE:
        case ALLREDUCE: rewrite_numbers((double *)p->send, p->size / 8, (double)(stamp + p->rank)); break;
        case ALLGATHER: rewrite(p->send, p->size, stamp); break;
        case ALLTOALL:
            for (int to = 0; to < p->ranks; to++) rewrite(p->send + to * p->size, p->size, stamp + to);
            break;
        default: break;
    }
}

void call_collective(peer *p, enum variant operation, int root) {
    int bytes = (int)p->size, count = (int)(p->size / 8);
    switch (operation) {
        case BCAST: MPI_Bcast(p->rank == root ? p->send : p->recv, bytes, MPI_BYTE, root, MPI_COMM_WORLD); break;
        case REDUCE: MPI_Reduce(p->send, p->recv, count, MPI_DOUBLE, MPI_SUM, root, MPI_COMM_WORLD); break;
        case ALLREDUCE: MPI_Allreduce(p->send, p->recv, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD); break;
        case ALLGATHER: MPI_Allgather(p->send, bytes, MPI_BYTE, p->recv, bytes, MPI_BYTE, MPI_COMM_WORLD); break;
        case ALLTOALL: MPI_Alltoall(p->send, bytes, MPI_BYTE, p->recv, bytes, MPI_BYTE, MPI_COMM_WORLD); break;
        default: MPI_Barrier(MPI_COMM_WORLD);
    }
}

void run_collective(peer *p, enum variant operation, int64_t iterations, int64_t stamp) {
    for (int64_t i = 0; i < iterations; i++) {
        int root = root_of(p, stamp + i);
        rewrite_collective(p, operation, root, stamp + i);
        call_collective(p, operation, root);
    }
}

void fill_collective(peer *p, enum variant operation, int64_t base) {
    if (reduces(operation))
        for (long at = 0; at < p->size / 8; at++) ((double *)p->send)[at] = number(base + p->rank * 1000L, at);
    else if (operation == ALLTOALL)
        for (int to = 0; to < p->ranks; to++) fill_pattern(p->send + to * p->size, p->size, base + p->rank * 1000L + to);
    else
        fill_pattern(p->send, p->size, base + p->rank * 1000L);
}

void clear_collective(peer *p, enum variant operation) {
    memset(p->recv, 0xEE, p->size * (operation == ALLGATHER || operation == ALLTOALL ? p->ranks : 1));
}

static long wrong_numbers(const peer *p, int64_t base, int64_t stamp) {
    long wrong = 0;
    const double *found = (const double *)p->recv;
    for (long at = 0; at < p->size / 8; at++) {
        double expected = 0;
        for (int r = 0; r < p->ranks; r++)
            expected += stamp >= 0 && at % (LINE_BYTES / 8) == 0 ? (double)(stamp + r) : number(base + r * 1000L, at);
        if (found[at] != expected) wrong += 8;
    }
    return wrong;
}

long wrong_collective(const peer *p, enum variant operation, int64_t base, int64_t stamp, int64_t *checked_bytes) {
    int root = stamp < 0 ? 0 : root_of(p, stamp);
    long wrong = 0, bytes = p->size;
    switch (operation) {
        case BCAST:
            if (p->rank == root) return 0;
            wrong = wrong_bytes(p->recv, p->size, base + root * 1000L, stamp);
            break;
        case REDUCE:
            if (p->rank != root) return 0;
            wrong = wrong_numbers(p, base, stamp);
            break;
        case ALLREDUCE: wrong = wrong_numbers(p, base, stamp); break;
        case ALLGATHER:
            for (int r = 0; r < p->ranks; r++) wrong += wrong_bytes(p->recv + r * p->size, p->size, base + r * 1000L, stamp);
            bytes *= p->ranks;
            break;
        case ALLTOALL:
            for (int r = 0; r < p->ranks; r++)
                wrong += wrong_bytes(
                    p->recv + r * p->size, p->size, base + r * 1000L + p->rank, stamp < 0 ? -1 : stamp + p->rank);
            bytes *= p->ranks;
            break;
        default: return 0;
    }
    *checked_bytes += bytes;
    return wrong;
}
