/* The timed loops. Loops.java is the same text in Java: change both or neither. */
#include "peer.h"

#include <string.h>

const kernel kernels[] = {
    {"latency", PING_PONG, 0},      {"bandwidth", ONE_WAY, 0},    {"twoway", TWO_WAY, 0}, {"rate", ONE_WAY, 0},
    {"multilatency", PING_PONG, 1}, {"multipair", ONE_WAY, 1}, {NULL, PING_PONG, 0},
};

const kernel *kernel_by_name(const char *name) {
    for (const kernel *k = kernels; k->name; k++)
        if (!strcmp(k->name, name)) return k;
    return NULL;
}

/* A full window up to 512 KiB, then what fits the buffer: every message in flight has memory of its own. */
int window_of(const peer *p, const kernel *k, long size) {
    if (k->shape == PING_PONG) return 1;
    int window = p->options->window;
    while (window > MIN_WINDOW && window * size > BUFFER_BYTES) window /= 2;
    return window;
}

int64_t messages_of(const peer *p, const kernel *k, long size, int64_t iterations) {
    int64_t pairs = k->all_pairs ? p->ranks / 2 : 1;
    int64_t ways = k->shape == ONE_WAY ? 1 : 2;
    return pairs * ways * iterations * window_of(p, k, size);
}

void place(peer *p, const kernel *k, long size) {
    int pairs = k->all_pairs ? p->ranks / 2 : 1;
    p->sends = p->rank < pairs;
    p->partner = p->sends ? p->rank + pairs : p->rank < 2 * pairs ? p->rank - pairs : -1;
    p->slots = window_of(p, k, size);
    p->size = size;
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

void run_loop(peer *p, const kernel *k, int64_t iterations, int64_t stamp) {
    if (p->partner < 0) return;
    switch (k->shape) {
        case PING_PONG: ping_pong(p, iterations, stamp); break;
        case ONE_WAY: one_way(p, iterations, stamp); break;
        case TWO_WAY: two_way(p, iterations, stamp); break;
    }
}
