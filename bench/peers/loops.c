/* The timed loops. Loops.java is the same text in Java: change both or neither. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const kernel kernels[] = {
    {"latency", PING_PONG, ONE_PAIR, 0},
    {"bandwidth", ONE_WAY, ONE_PAIR, 0},
    {"twoway", TWO_WAY, ONE_PAIR, 0},
    {"rate", ONE_WAY, ONE_PAIR, 0},
    {"multilatency", PING_PONG, ALL_PAIRS, 0},
    {"multipair", ONE_WAY, ALL_PAIRS, 0},
    {"posted-in-order", POSTED, ONE_PAIR, IN_ORDER},
    {"posted-reverse", POSTED, ONE_PAIR, REVERSE},
    {"posted-random", POSTED, ONE_PAIR, RANDOM},
    {"unexpected-in-order", UNEXPECTED, ONE_PAIR, IN_ORDER},
    {"unexpected-reverse", UNEXPECTED, ONE_PAIR, REVERSE},
    {"unexpected-random", UNEXPECTED, ONE_PAIR, RANDOM},
    {"wake", WAKE, ONE_PAIR, 0},
    {"barrier", COLLECTIVE, EVERYBODY, BARRIER},
    {"bcast", COLLECTIVE, EVERYBODY, BCAST},
    {"reduce", COLLECTIVE, EVERYBODY, REDUCE},
    {"allreduce", COLLECTIVE, EVERYBODY, ALLREDUCE},
    {"allgather", COLLECTIVE, EVERYBODY, ALLGATHER},
    {"alltoall", COLLECTIVE, EVERYBODY, ALLTOALL},
    {NULL, PING_PONG, ONE_PAIR, 0},
};

const kernel *kernel_by_name(const char *name) {
    for (const kernel *k = kernels; k->name; k++)
        if (!strcmp(k->name, name)) return k;
    return NULL;
}

/* Whether a size is one of this kernel: bytes, of POSTED and UNEXPECTED messages, of WAKE microseconds of pause. */
int fits(const kernel *k, int ranks, long size) {
    switch (k->shape) {
        case POSTED: case UNEXPECTED: return size > 0 && size <= MAX_DEPTH;
        case WAKE: return size >= 0 && size <= 1000000;
        case COLLECTIVE: return size >= 0 && size % 8 == 0 && size * ranks <= BUFFER_BYTES;
        default: return size >= 0 && size <= BUFFER_BYTES / MIN_WINDOW;
    }
}

/* A full window up to 512 KiB, then what fits the buffer: every message in flight has memory of its own. */
int slots_of(const peer *p, const kernel *k, long size) {
    if (k->shape == POSTED || k->shape == UNEXPECTED) return (int)size;
    if (k->shape != ONE_WAY && k->shape != TWO_WAY) return 1;
    int window = p->options->window;
    while (window > MIN_WINDOW && window * size > BUFFER_BYTES) window /= 2;
    return window;
}

/* What a time is divided by: messages, or calls of a collective operation. */
int64_t messages_of(const peer *p, const kernel *k, long size, int64_t iterations) {
    int64_t pairs = k->scope == ALL_PAIRS ? p->ranks / 2 : 1;
    int64_t ways = k->shape == PING_PONG || k->shape == TWO_WAY ? 2 : 1;
    return pairs * ways * iterations * slots_of(p, k, size);
}

void place(peer *p, const kernel *k, long size) {
    int pairs = k->scope == ALL_PAIRS ? p->ranks / 2 : 1;
    p->sends = p->rank < pairs;
    p->partner = p->sends ? p->rank + pairs : p->rank < 2 * pairs ? p->rank - pairs : -1;
    if (k->scope == EVERYBODY) p->partner = (p->rank + 1) % p->ranks;
    p->slots = slots_of(p, k, size);
    p->size = k->shape == POSTED || k->shape == UNEXPECTED || k->shape == WAKE ? 8 : size;
    if (p->room < p->slots) {
        p->requests = realloc(p->requests, 2 * p->slots * sizeof *p->requests);
        p->order = realloc(p->order, p->slots * sizeof *p->order);
        if (!p->requests || !p->order) MPI_Abort(MPI_COMM_WORLD, 3);
        p->room = p->slots;
    }
    p->pause_micros = k->shape == WAKE ? size : 0;
    order_messages(p, k);
}

/* One store per cache line: what an application that computes its message does to the caches. */
void rewrite(char *buffer, long size, int64_t stamp) {
    if (size < 8) {
        if (size > 0) buffer[0] = (char)stamp;
        return;
    }
    for (long at = 0; at + 8 <= size; at += LINE_BYTES) memcpy(buffer + at, &stamp, 8);
}

static void ping_pong(peer *p, int64_t iterations, int64_t stamp) {
    int count = (int)p->size, partner = p->partner;
    for (int64_t i = 0; i < iterations; i++) {
        if (p->sends) {
            rewrite(p->send, p->size, stamp + i);
            MPI_Send(p->send, count, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD);
            MPI_Recv(p->recv, count, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(p->recv, count, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            rewrite(p->send, p->size, stamp + i);
            MPI_Send(p->send, count, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD);
        }
    }
}

static void post_sends(peer *p, MPI_Request *requests, int64_t stamp) {
    for (int w = 0; w < p->slots; w++) {
        char *slot = p->send + w * p->size;
        rewrite(slot, p->size, stamp + w);
        MPI_Isend(slot, (int)p->size, MPI_BYTE, p->partner, TAG_DATA, MPI_COMM_WORLD, &requests[w]);
    }
}

static void post_receives(peer *p, MPI_Request *requests) {
    for (int w = 0; w < p->slots; w++)
        MPI_Irecv(p->recv + w * p->size, (int)p->size, MPI_BYTE, p->partner, TAG_DATA, MPI_COMM_WORLD, &requests[w]);
}

static void one_way(peer *p, int64_t iterations, int64_t stamp) {
    char ack[4] = {0};
    for (int64_t i = 0; i < iterations; i++) {
        if (p->sends) {
            post_sends(p, p->requests, stamp + i * p->slots);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            MPI_Recv(ack, 4, MPI_BYTE, p->partner, TAG_ACK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            post_receives(p, p->requests);
            MPI_Waitall(p->slots, p->requests, MPI_STATUSES_IGNORE);
            MPI_Send(ack, 4, MPI_BYTE, p->partner, TAG_ACK, MPI_COMM_WORLD);
        }
    }
}

static void two_way(peer *p, int64_t iterations, int64_t stamp) {
    for (int64_t i = 0; i < iterations; i++) {
        post_receives(p, p->requests);
        post_sends(p, p->requests + p->slots, stamp + i * p->slots);
        MPI_Waitall(2 * p->slots, p->requests, MPI_STATUSES_IGNORE);
    }
}

/* The other side has been waiting for `pause_micros` when the message comes. Only what follows the pause is counted. */
static void wake(peer *p, int64_t iterations, int64_t stamp) {
    int partner = p->partner;
    p->waited = 0;
    for (int64_t i = 0; i < iterations; i++) {
        if (p->sends) {
            usleep(p->pause_micros);
            int64_t start = now();
            rewrite(p->send, p->size, stamp + i);
            MPI_Send(p->send, 8, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD);
            MPI_Recv(p->recv, 8, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            p->waited += now() - start;
        } else {
            MPI_Recv(p->recv, 8, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            rewrite(p->send, p->size, stamp + i);
            MPI_Send(p->send, 8, MPI_BYTE, partner, TAG_DATA, MPI_COMM_WORLD);
        }
    }
}

void run_loop(peer *p, const kernel *k, int64_t iterations, int64_t stamp) {
    if (p->partner < 0) return;
    switch (k->shape) {
        case PING_PONG: ping_pong(p, iterations, stamp); break;
        case ONE_WAY: one_way(p, iterations, stamp); break;
        case TWO_WAY: two_way(p, iterations, stamp); break;
        case POSTED: match_posted(p, iterations, stamp); break;
        case UNEXPECTED: match_unexpected(p, iterations, stamp); break;
        case WAKE: wake(p, iterations, stamp); break;
        case COLLECTIVE: run_collective(p, k->variant, iterations, stamp); break;
    }
}
