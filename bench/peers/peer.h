/* The C side of the comparison: the same loops as org.jadi.bench, over the MPI library it was compiled with. */
#ifndef JADI_PEER_H
#define JADI_PEER_H

#include <mpi.h>
#include <stdint.h>
#include <stdio.h>

enum { TAG_DATA = 1, TAG_ACK = 2, TAG_COMMAND = 3, TAG_BARRIER = 4, TAG_SAMPLE = 5 };
enum { LINE_BYTES = 64, MAX_WINDOW = 64, MIN_WINDOW = 2, MAX_SIZES = 64 };
#define BUFFER_BYTES (32L << 20) /* one direction; bounds the window of large messages */

/* What moves in one iteration. */
enum shape { PING_PONG, ONE_WAY, TWO_WAY };

typedef struct {
    const char *name;
    enum shape shape;
    int all_pairs; /* rank i with rank i + size/2, else only rank 0 with rank 1 */
} kernel;

typedef struct {
    const char *sizes;
    long iterations;         /* 0: as many as fill `seconds` */
    double seconds;          /* measured time per size */
    double warmup_seconds;   /* both limits of the warm-up hold */
    long warmup_iterations;
    int window;
    int allocated; /* MPI_Alloc_mem instead of malloc */
    int pin;
    int serve;
    int two_way;
} options;

/* One rank's state. All ranks see the same commands, so `stamp` is the same everywhere without being sent. */
typedef struct {
    int rank, ranks;
    const options *options;
    char *send, *recv;
    int64_t stamp;
    const kernel *filled_kernel; /* for which kernel, size the send slots hold the pattern */
    long filled_size;
    int64_t errors, checked_messages, checked_bytes; /* rank 0: of all ranks, all slices */
    int partner;  /* -1: not in this kernel */
    int sends;    /* the side that starts */
    int slots;    /* buffers of `size` bytes in turn: the window, or one */
    long size;
    MPI_Request requests[2 * MAX_WINDOW];
} peer;

typedef struct {
    int64_t kernel, size, iterations, warmup;
} command;

typedef struct {
    int64_t nanos;
    int64_t errors;          /* wrong bytes, all ranks once gathered */
    int64_t messages, bytes; /* checked */
} outcome;

extern const kernel kernels[];
const kernel *kernel_by_name(const char *name);

int parse_options(options *o, int argc, char **argv);
int parse_sizes(const char *text, long sizes[MAX_SIZES]);

int64_t now(void);
void pin_to(int index);
void barrier(const peer *p);

int window_of(const peer *p, const kernel *k, long size);
int64_t messages_of(const peer *p, const kernel *k, long size, int64_t iterations);
void place(peer *p, const kernel *k, long size);
void rewrite(char *buffer, long size, int64_t stamp);
void run_loop(peer *p, const kernel *k, int64_t iterations, int64_t stamp);

void fill_pattern(char *buffer, long size, int64_t seed);
long wrong_bytes(const char *buffer, long size, int64_t seed, int64_t stamp);

outcome lead(peer *p, command c);   /* rank 0: have everybody run c */
void follow(peer *p);               /* the others: run what rank 0 says until it says stop */
void stop(peer *p);
double loop_cost(peer *p, long size); /* ns to rewrite one message, no MPI */

int report(peer *p, const char *program); /* rank 0, from the command line */
int serve(peer *p);                       /* rank 0, from standard input */

#endif
