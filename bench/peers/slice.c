/* One slice: warm-up, timed loop, check of the data. Session.java is the same in Java. */
#define _GNU_SOURCE
#include "peer.h"

#include <sched.h>
#include <string.h>
#include <time.h>

int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The calling thread only, as in Java: helper threads of the library stay free. */
void pin_to(int index) {
    cpu_set_t allowed, one;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof allowed, &allowed)) return;
    int wanted = index % CPU_COUNT(&allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || wanted-- > 0) continue;
        CPU_SET(cpu, &one);
        if (sched_setaffinity(0, sizeof one, &one)) perror("sched_setaffinity");
        return;
    }
}

void barrier(const peer *p) {
    char b = 0;
    if (p->rank == 0) {
        for (int r = 1; r < p->ranks; r++)
            MPI_Recv(&b, 1, MPI_BYTE, r, TAG_BARRIER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        for (int r = 1; r < p->ranks; r++) MPI_Send(&b, 1, MPI_BYTE, r, TAG_BARRIER, MPI_COMM_WORLD);
    } else {
        MPI_Send(&b, 1, MPI_BYTE, 0, TAG_BARRIER, MPI_COMM_WORLD);
        MPI_Recv(&b, 1, MPI_BYTE, 0, TAG_BARRIER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

uint64_t word(int64_t seed, long index) {
    return ((uint64_t)index + 1) * 0x9E3779B97F4A7C15ull + (uint64_t)seed;
}

void fill_pattern(char *buffer, long size, int64_t seed) {
    long at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t w = word(seed, at / 8);
        memcpy(buffer + at, &w, 8);
    }
    for (; at < size; at++) buffer[at] = (char)(word(seed, at / 8) >> (8 * (at % 8)));
}

/* The pattern, with `stamp` where rewrite() puts it; -1 means that nothing was rewritten. */
long wrong_bytes(const char *buffer, long size, int64_t seed, int64_t stamp) {
    long wrong = 0, at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t expected = stamp >= 0 && at % LINE_BYTES == 0 ? (uint64_t)stamp : word(seed, at / 8), found;
        memcpy(&found, buffer + at, 8);
        if (found != expected) wrong += 8;
    }
    for (; at < size; at++) {
        char expected = (char)(word(seed, at / 8) >> (8 * (at % 8)));
        if (stamp >= 0 && at == 0) expected = (char)stamp;
        wrong += buffer[at] != expected;
    }
    return wrong;
}

static int receives(const peer *p, const kernel *k) {
    return p->partner >= 0 && (!p->sends || k->shape == PING_PONG || k->shape == TWO_WAY || k->shape == WAKE);
}

static void count_checked(peer *p, outcome *o, long messages) {
    o->messages += messages;
    o->bytes += messages * p->size;
}

/* The last message in every slot, whole. */
static void check_last(peer *p, const kernel *k, int64_t first_stamp, outcome *o) {
    if (!receives(p, k)) return;
    for (int w = 0; w < p->slots; w++)
        o->errors += wrong_bytes(p->recv + w * p->size, p->size, p->partner * 1000L + w, first_stamp + w);
    count_checked(p, o, p->slots);
}

/* One more message whose every byte is new, so that a library that delivers an old copy is caught. */
static void check_sample(peer *p, const kernel *k, int64_t seed, outcome *o) {
    if (p->partner < 0) return;
    MPI_Request request;
    if (p->sends) {
        fill_pattern(p->send, p->size, seed);
        if (k->shape == PING_PONG) {
            MPI_Send(p->send, (int)p->size, MPI_BYTE, p->partner, TAG_SAMPLE, MPI_COMM_WORLD);
        } else {
            MPI_Isend(p->send, (int)p->size, MPI_BYTE, p->partner, TAG_SAMPLE, MPI_COMM_WORLD, &request);
            MPI_Wait(&request, MPI_STATUS_IGNORE);
        }
        fill_pattern(p->send, p->size, p->rank * 1000L);
    } else {
        MPI_Status status;
        int count;
        MPI_Recv(p->recv, (int)p->size, MPI_BYTE, p->partner, TAG_SAMPLE, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_BYTE, &count);
        o->errors += wrong_bytes(p->recv, p->size, seed, -1) + (count != p->size);
        count_checked(p, o, 1);
    }
}

/* What every rank found, added up at rank 0. */
static void gather(const peer *p, outcome *o) {
    if (p->rank > 0) {
        MPI_Send(o, sizeof *o, MPI_BYTE, 0, TAG_BARRIER, MPI_COMM_WORLD);
        return;
    }
    for (int r = 1; r < p->ranks; r++) {
        outcome other;
        MPI_Recv(&other, sizeof other, MPI_BYTE, r, TAG_BARRIER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        o->errors += other.errors;
        o->messages += other.messages;
        o->bytes += other.bytes;
    }
}

static void fill(peer *p, const kernel *k) {
    if (k->scope == EVERYBODY) fill_collective(p, k->variant, 0);
    else
        for (int w = 0; w < p->slots; w++) fill_pattern(p->send + w * p->size, p->size, p->rank * 1000L + w);
}

static void check_collective(peer *p, enum variant operation, int64_t last_stamp, outcome *o) {
    o->errors += wrong_collective(p, operation, 0, last_stamp, &o->bytes);
    o->messages++;
    /* Once more with all data new and without rewriting: its root is rank 0. */
    if (operation == BARRIER) return;
    int64_t base = last_stamp + 1000000;
    fill_collective(p, operation, base);
    clear_collective(p, operation);
    call_collective(p, operation, 0);
    o->errors += wrong_collective(p, operation, base, -1, &o->bytes);
    o->messages++;
    fill_collective(p, operation, 0);
}

static outcome slice(peer *p, command c) {
    const kernel *k = &kernels[c.kernel];
    place(p, k, c.size);
    if (p->filled_kernel != k || p->filled_size != c.size) {
        fill(p, k);
        p->filled_kernel = k;
        p->filled_size = c.size;
    }
    if (k->scope == EVERYBODY) clear_collective(p, k->variant);
    else memset(p->recv, 0xEE, p->slots * p->size);
    run_loop(p, k, c.warmup, p->stamp);
    p->stamp += c.warmup * p->slots;
    barrier(p);
    int64_t start = now();
    run_loop(p, k, c.iterations, p->stamp);
    if (k->scope != ONE_PAIR) barrier(p);
    outcome o = {now() - start, 0, 0, 0};
    if (k->shape == WAKE) o.nanos = p->waited;
    p->stamp += c.iterations * p->slots;
    if (k->scope == EVERYBODY) {
        check_collective(p, k->variant, p->stamp - 1, &o);
    } else {
        check_last(p, k, p->stamp - p->slots, &o);
        check_sample(p, k, p->stamp, &o);
    }
    gather(p, &o);
    return o;
}

outcome lead(peer *p, command c) {
    for (int r = 1; r < p->ranks; r++) MPI_Send(&c, sizeof c, MPI_BYTE, r, TAG_COMMAND, MPI_COMM_WORLD);
    outcome o = slice(p, c);
    p->errors += o.errors;
    p->checked_messages += o.messages;
    p->checked_bytes += o.bytes;
    return o;
}

void stop(peer *p) {
    command c = {-1, 0, 0, 0};
    for (int r = 1; r < p->ranks; r++) MPI_Send(&c, sizeof c, MPI_BYTE, r, TAG_COMMAND, MPI_COMM_WORLD);
}

void follow(peer *p) {
    for (;;) {
        command c;
        MPI_Recv(&c, sizeof c, MPI_BYTE, 0, TAG_COMMAND, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (c.kernel < 0) return;
        slice(p, c);
    }
}

double loop_cost(peer *p, long size) {
    long repeat = 1 + (16L << 20) / (size + LINE_BYTES);
    int64_t best = INT64_MAX;
    for (int round = 0; round < 5; round++) {
        int64_t start = now();
        for (long i = 0; i < repeat; i++) {
            rewrite(p->send, size, p->stamp + i);
            __asm__ volatile("" ::: "memory"); /* the stores must happen each time */
        }
        int64_t nanos = now() - start;
        if (nanos < best) best = nanos;
    }
    p->filled_kernel = NULL;
    return (double)best / repeat;
}
