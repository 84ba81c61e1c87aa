/* Who asks for slices: the command line (report) or the comparison's coordinator (serve). */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

enum { BATCHES = 11 };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Batches that double until time and count are both reached; a count that takes more than a second does not matter.
 * Returns iterations for `target` seconds, 1 at least. */
static int64_t warm_up(peer *p, const kernel *k, long size, double seconds, int64_t count, double target) {
    int64_t batch = 1, done = 0, begin = now();
    for (;;) {
        outcome o = lead(p, (command){k - kernels, size, batch, 0});
        done += batch;
        double per = (double)(o.nanos > 0 ? o.nanos : 1) / batch + (k->shape == WAKE ? 1e3 * size : 0);
        if (now() - begin >= seconds * 1e9 && (done >= count || per * count > 1e9)) {
            int64_t iterations = (int64_t)(target * 1e9 / per);
            return iterations > 1 ? iterations : 1;
        }
        if (per * batch < 0.02e9) batch *= 2;
    }
}

static void print_metric(const peer *p, const char *program, const kernel *k, long size, int64_t iterations, double median) {
    double per = median / messages_of(p, k, size, iterations); /* ns per message, all pairs together */
    double pairs = k->scope == ALL_PAIRS ? p->ranks / 2 : 1;
    long long n = iterations;
    switch (k->shape) {
        case PING_PONG: printf("%s %ld half_round_trip %.4f us %lld\n", program, size, per * pairs / 1e3, n); break;
        case POSTED:
        case UNEXPECTED: printf("%s %ld per_message %.4f us %lld\n", program, size, per / 1e3, n); break;
        case WAKE: printf("%s %ld round_trip %.4f us %lld\n", program, size, per / 1e3, n); break;
        case COLLECTIVE: printf("%s %ld per_call %.4f us %lld\n", program, size, per / 1e3, n); break;
        default:
            if (strcmp(k->name, "rate"))
                printf("%s %ld %s %.2f MB/s %lld\n", program, size, k->shape == TWO_WAY ? "two_way" : "one_way",
                       size / per * 1e3, n);
            if (k->scope == ALL_PAIRS || !strcmp(k->name, "rate"))
                printf("%s %ld message_rate %.4f M/s %lld\n", program, size, 1e3 / per, n);
    }
}

static void report_kernel(peer *p, const char *program, const kernel *k, const char *default_sizes) {
    long sizes[MAX_SIZES];
    const options *o = p->options;
    int n = parse_sizes(o->sizes ? o->sizes : default_sizes, sizes);
    for (int s = 0; s < n; s++) {
        if (!fits(k, p->ranks, sizes[s])) {
            printf("# %s: no size of %ld\n", program, sizes[s]);
            continue;
        }
        double nanos[BATCHES];
        int64_t iterations =
            warm_up(p, k, sizes[s], o->warmup_seconds, o->warmup_iterations, o->seconds / BATCHES);
        if (o->iterations) iterations = o->iterations;
        for (int b = 0; b < BATCHES; b++) {
            outcome r = lead(p, (command){k - kernels, sizes[s], iterations, iterations > 1 ? 2 : 0});
            nanos[b] = r.nanos;
        }
        qsort(nanos, BATCHES, sizeof nanos[0], by_value);
        print_metric(p, program, k, sizes[s], iterations, nanos[BATCHES / 2]);
        if (k->shape != WAKE && k->shape != POSTED && k->shape != UNEXPECTED)
            printf("%s %ld loop_cost %.4f us %lld\n", program, sizes[s], loop_cost(p, sizes[s]) / 1e3, (long long)iterations);
        fflush(stdout);
        if (p->errors) break;
    }
}

int report(peer *p, const char *program) {
    printf("# %s, %d ranks, %s buffers\n# name size_bytes metric value unit iterations\n", program, p->ranks,
           p->options->allocated ? "allocated" : "heap");
    if (!strcmp(program, "bandwidth"))
        report_kernel(p, program, kernel_by_name(p->options->two_way ? "twoway" : "bandwidth"), "1-16M");
    else if (!strcmp(program, "multipair")) {
        report_kernel(p, program, kernel_by_name("multilatency"), "8");
        if (!p->errors) report_kernel(p, program, kernel_by_name("multipair"), "8-1M");
    } else {
        const kernel *k = kernel_by_name(program);
        int many = k->shape == POSTED || k->shape == UNEXPECTED;
        report_kernel(p, program, k,
                      many                                           ? "1,10,100,1000,10000"
                      : k->shape == WAKE                             ? "20000"
                      : k->variant == BARRIER                        ? "0"
                      : k->shape == COLLECTIVE                       ? "8-1M"
                      : k->shape == PING_PONG                        ? "0,1-16M"
                                                                     : "8");
    }
    stop(p);
    printf("# checked %lld messages, %lld bytes; wrong bytes: %lld\n", (long long)p->checked_messages,
           (long long)p->checked_bytes, (long long)p->errors);
    return p->errors != 0;
}

/* Answers start with "@ ", so that whatever else reaches standard output does no harm. */
int serve(peer *p) {
    char line[256], name[32];
    long size;
    long long iterations;
    double seconds, target;
    printf("@ ready %d\n", p->ranks);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) && strncmp(line, "quit", 4)) {
        const kernel *k = NULL;
        if (sscanf(line, "warm %31s %ld %lf %lld %lf", name, &size, &seconds, &iterations, &target) == 5
            && (k = kernel_by_name(name)) && fits(k, p->ranks, size)) {
            int64_t calibrated = warm_up(p, k, size, seconds, iterations, target);
            printf("@ warm %s %ld %lld %lld\n", name, size, (long long)calibrated, (long long)p->errors);
        } else if (sscanf(line, "run %31s %ld %lld", name, &size, &iterations) == 3 && (k = kernel_by_name(name))
                   && fits(k, p->ranks, size) && iterations > 0) {
            outcome o = lead(p, (command){k - kernels, size, iterations, iterations > 4 ? 1 + iterations / 10 : 0});
            printf("@ slice %s %ld %lld %lld %lld %lld\n", name, size, iterations,
                   (long long)messages_of(p, k, size, iterations), (long long)o.nanos, (long long)o.errors);
        } else if (sscanf(line, "loop %ld", &size) == 1 && size >= 0 && size <= BUFFER_BYTES) {
            printf("@ loop %ld %.3f\n", size, loop_cost(p, size));
        } else {
            printf("@ bad %s", line);
        }
        fflush(stdout);
    }
    stop(p);
    return p->errors != 0;
}
