/* How long a cache line takes from one CPU to another, without MPI: two pinned threads hand one line to and fro.
 * handoff              prints nanoseconds one way, every 100 ms, until it is ended
 * handoff --serve MS   the same once per line of standard input, over MS milliseconds */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 200, MIN_BATCHES = 5 };

static struct {
    _Alignas(256) atomic_long turn;
    _Alignas(256) atomic_int stop;
} shared;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pin_to(int index) {
    static cpu_set_t allowed;
    static int known;
    cpu_set_t one;
    if (!known) known = !sched_getaffinity(0, sizeof allowed, &allowed);
    int wanted = index % CPU_COUNT(&allowed);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || wanted-- > 0) continue;
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

static void *answer(void *unused) {
    pin_to(1);
    for (long next = 1;; next += 2) {
        while (atomic_load_explicit(&shared.turn, memory_order_acquire) != next)
            if (atomic_load_explicit(&shared.stop, memory_order_relaxed)) return unused;
        atomic_store_explicit(&shared.turn, next + 1, memory_order_release);
    }
}

/* The best batch of the time: a preempted batch says nothing about the caches. */
static double measure(double milliseconds) {
    pthread_t other;
    atomic_store(&shared.turn, 0);
    atomic_store(&shared.stop, 0);
    pthread_create(&other, NULL, answer, NULL);
    int64_t begin = 0, best = INT64_MAX;
    long next = 0;
    /* The first batch waits for the other thread to start: it does not count. */
    for (int batch = -1; batch < MIN_BATCHES || now() - begin < milliseconds * 1e6; batch++) {
        int64_t start = now();
        for (int i = 0; i < BATCH; i++, next += 2) {
            atomic_store_explicit(&shared.turn, next + 1, memory_order_release);
            while (atomic_load_explicit(&shared.turn, memory_order_acquire) != next + 2) {}
        }
        int64_t nanos = now() - start;
        if (batch < 0) begin = now();
        else if (nanos < best) best = nanos;
    }
    atomic_store(&shared.stop, 1);
    pthread_join(other, NULL);
    return best / (2.0 * BATCH);
}

int main(int argc, char **argv) {
    int serve = argc == 3 && !strcmp(argv[1], "--serve");
    double milliseconds = serve ? atof(argv[2]) : 100;
    char line[64];
    pin_to(0);
    while (!serve || fgets(line, sizeof line, stdin)) {
        printf("@ handoff %.1f\n", measure(milliseconds));
        fflush(stdout);
    }
    return 0;
}
