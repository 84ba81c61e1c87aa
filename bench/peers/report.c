/* Who asks for slices: the command line (report) or the comparison's coordinator (serve). */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

enum { BATCHES = 11 };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Batches that double until time and count are both reached. Returns iterations for `seconds`. */
static int64_t warm_up(peer *p, const kernel *k, long size, double seconds, int64_t count, double target) {
    int64_t batch = 4, done = 0, begin = now();
    for (;;) {
        outcome o = lead(p, (command){k - kernels, size, batch, 0});
        done += batch;
        double per = (double)(o.nanos > 0 ? o.nanos : 1) / batch;
        if (done >= count && now() - begin >= seconds * 1e9) {
            int64_t iterations = (int64_t)(target * 1e9 / per);
            return iterations > 2 ? iterations : 2;
        }
        if (o.nanos < 0.02e9) batch *= 2;
    }
}

static void print_metric(const peer *p, const char *program, const kernel *k, long size, int64_t iterations, double median) {
    double per = median / messages_of(p, k, size, iterations); /* ns per message, all pairs together */
    double ways = k->all_pairs ? p->ranks / 2 : 1;
    if (k->shape == PING_PONG)
        printf("%s %ld half_round_trip %.4f us %lld\n", program, size, per * ways / 1e3, (long long)iterations);
    else if (!strcmp(k->name, "rate"))
        printf("%s %ld message_rate %.4f M/s %lld\n", program, size, 1e3 / per, (long long)iterations);
    else {
        printf("%s %ld %s %.2f MB/s %lld\n", program, size, k->shape == TWO_WAY ? "two_way" : "one_way", size / per * 1e3,
               (long long)iterations);
        if (k->all_pairs) printf("%s %ld message_rate %.4f M/s %lld\n", program, size, 1e3 / per, (long long)iterations);
    }
}

static void report_kernel(peer *p, const char *program, const kernel *k, const char *default_sizes) {
    long sizes[MAX_SIZES];
    const options *o = p->options;
    int n = parse_sizes(o->sizes ? o->sizes : default_sizes, sizes);
    for (int s = 0; s < n; s++) {
        double nanos[BATCHES];
        int64_t iterations =
            warm_up(p, k, sizes[s], o->warmup_seconds, o->warmup_iterations, o->seconds / BATCHES);
        if (o->iterations) iterations = o->iterations;
        for (int b = 0; b < BATCHES; b++) {
            outcome r = lead(p, (command){k - kernels, sizes[s], iterations, 2});
            nanos[b] = r.nanos;
        }
        qsort(nanos, BATCHES, sizeof nanos[0], by_value);
        print_metric(p, program, k, sizes[s], iterations, nanos[BATCHES / 2]);
        printf("%s %ld loop_cost %.4f us %lld\n", program, sizes[s], loop_cost(p, sizes[s]) / 1e3, (long long)iterations);
        fflush(stdout);
        if (p->errors) break;
    }
}

int report(peer *p, const char *program) {
    const char *all = "0,1-16M", *some = "1-16M";
    printf("# %s, %d ranks, %s buffers\n# name size_bytes metric value unit iterations\n", program, p->ranks,
           p->options->allocated ? "allocated" : "heap");
    if (!strcmp(program, "latency"))
        report_kernel(p, program, kernel_by_name("latency"), all);
    else if (!strcmp(program, "bandwidth"))
        report_kernel(p, program, kernel_by_name(p->options->two_way ? "twoway" : "bandwidth"), some);
    else if (!strcmp(program, "rate"))
        report_kernel(p, program, kernel_by_name("rate"), "8");
    else {
        report_kernel(p, program, kernel_by_name("multilatency"), "8");
        if (!p->errors) report_kernel(p, program, kernel_by_name("multipair"), "8-1M");
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
            && (k = kernel_by_name(name)) && size >= 0 && size <= BUFFER_BYTES / MIN_WINDOW) {
            int64_t calibrated = warm_up(p, k, size, seconds, iterations, target);
            printf("@ warm %s %ld %lld %lld\n", name, size, (long long)calibrated, (long long)p->errors);
        } else if (sscanf(line, "run %31s %ld %lld", name, &size, &iterations) == 3 && (k = kernel_by_name(name))
                   && size >= 0 && size <= BUFFER_BYTES / MIN_WINDOW && iterations > 0) {
            outcome o = lead(p, (command){k - kernels, size, iterations, 2 + iterations / 10});
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
