/* mpirun -np 2 peer PROGRAM [options] */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: peer PROGRAM [--sizes 0,1-16M] [--iterations N | --seconds S]\n"
    "       [--warmup-seconds S] [--warmup-iterations N] [--window N] [--two-way]\n"
    "       [--buffers heap|allocated] [--pin] [--serve]\n"
    "programs: latency, bandwidth, rate, multipair, barrier, bcast, reduce, allreduce, allgather, alltoall,\n"
    "          posted-in-order, posted-reverse, posted-random, unexpected-..., wake\n";

int parse_options(options *o, int argc, char **argv) {
    for (int i = 2; i < argc; i++) {
        char *name = argv[i];
        if (!strcmp(name, "--pin")) { o->pin = 1; continue; }
        if (!strcmp(name, "--serve")) { o->serve = 1; continue; }
        if (!strcmp(name, "--two-way")) { o->two_way = 1; continue; }
        if (++i == argc) return 0;
        char *value = argv[i];
        if (!strcmp(name, "--sizes")) o->sizes = value;
        else if (!strcmp(name, "--iterations")) o->iterations = atol(value);
        else if (!strcmp(name, "--seconds")) o->seconds = atof(value);
        else if (!strcmp(name, "--warmup-seconds")) o->warmup_seconds = atof(value);
        else if (!strcmp(name, "--warmup-iterations")) o->warmup_iterations = atol(value);
        else if (!strcmp(name, "--window")) o->window = atoi(value);
        else if (!strcmp(name, "--buffers")) o->allocated = !strcmp(value, "allocated");
        else return 0;
    }
    return o->window >= MIN_WINDOW && o->window <= MAX_WINDOW && o->iterations >= 0;
}

static long size_of(char *text, char **end) {
    long size = strtol(text, end, 10);
    if (**end == 'K') { size <<= 10; ++*end; }
    else if (**end == 'M') { size <<= 20; ++*end; }
    return size;
}

/* "0,8,1K-16M": a range is its powers of two. Returns how many, 0 if malformed. */
int parse_sizes(const char *text, long sizes[MAX_SIZES]) {
    int n = 0;
    char *at = (char *)text;
    while (*at) {
        long first = size_of(at, &at), last = *at == '-' ? size_of(at + 1, &at) : first;
        if (first < 0 || last > BUFFER_BYTES / MIN_WINDOW || (last > first && first == 0)) return 0;
        for (long size = first; size <= last && n < MAX_SIZES; size *= 2) {
            sizes[n++] = size;
            if (size == 0) break;
        }
        if (*at == ',') at++;
        else if (*at) return 0;
    }
    return n;
}

static char *buffer(int allocated) {
    void *memory = NULL;
    if (allocated ? MPI_Alloc_mem(BUFFER_BYTES, MPI_INFO_NULL, &memory) : posix_memalign(&memory, 4096, BUFFER_BYTES))
        MPI_Abort(MPI_COMM_WORLD, 3);
    return memory;
}

int main(int argc, char **argv) {
    static peer p;
    static options o = {NULL, 0, 0.5, 0.2, 200, MAX_WINDOW, 0, 0, 0, 0};
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &p.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &p.ranks);
    long sizes[MAX_SIZES];
    if (argc < 2 || !kernel_by_name(argv[1]) || !parse_options(&o, argc, argv)
        || (o.sizes && !parse_sizes(o.sizes, sizes)) || p.ranks < 2 || p.ranks % 2) {
        if (p.rank == 0) fprintf(stderr, "%s       (an even number of ranks)\n", usage);
        MPI_Finalize();
        return 2;
    }
    p.options = &o;
    p.send = buffer(o.allocated);
    p.recv = buffer(o.allocated);
    if (o.pin) pin_to(p.rank);
    int failed = 0;
    if (p.rank > 0) follow(&p);
    else failed = o.serve ? serve(&p) : report(&p, argv[1]);
    MPI_Finalize();
    return failed;
}
