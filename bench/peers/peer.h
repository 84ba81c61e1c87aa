/* The C side of the comparison: the same loops as org.jadi.bench, over the MPI library it was compiled with. */
#ifndef JADI_PEER_H
#define JADI_PEER_H

#include <mpi.h>
#include <stdint.h>
#include <stdio.h>

enum { TAG_DATA = 1, TAG_ACK = 2, TAG_COMMAND = 3, TAG_BARRIER = 4, TAG_SAMPLE = 5, TAG_FIRST_OF_MANY = 16 };
enum { LINE_BYTES = 64, MAX_WINDOW = 64, MIN_WINDOW = 2, MAX_SIZES = 64, MAX_DEPTH = 1000000 };
#define BUFFER_BYTES (32L << 20) /* one direction; bounds the window of large messages */

/* What moves in one iteration. */
enum shape { PING_PONG, ONE_WAY, TWO_WAY, POSTED, UNEXPECTED, WAKE, COLLECTIVE };
/* Who takes part: rank 0 with rank 1, rank i with rank i + size/2, or everybody. */
enum scope { ONE_PAIR, ALL_PAIRS, EVERYBODY };
/* In which order many messages are matched, or which collective operation. */
enum variant { IN_ORDER, REVERSE, RANDOM, BARRIER, BCAST, REDUCE, ALLREDUCE, ALLGATHER, ALLTOALL };

typedef struct {
    const char *name;
    enum shape shape;
    enum scope scope;
    enum variant variant;
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
    int slots;    /* buffers of `size` bytes in turn: the window, the depth, or one */
    long size;
    long pause_micros;     /* WAKE */
    int64_t waited;        /* WAKE: nanoseconds of the iterations without their pauses */
    MPI_Request *requests; /* room for the slots of both directions */
    long room;
    int *order;            /* POSTED, UNEXPECTED: which message comes, or is asked for, when */
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

int fits(const kernel *k, int ranks, long size);
int slots_of(const peer *p, const kernel *k, long size);
int64_t messages_of(const peer *p, const kernel *k, long size, int64_t iterations);
void place(peer *p, const kernel *k, long size);
void rewrite(char *buffer, long size, int64_t stamp);
void run_loop(peer *p, const kernel *k, int64_t iterations, int64_t stamp);

void order_messages(peer *p, const kernel *k);
void match_posted(peer *p, int64_t iterations, int64_t stamp);
void match_unexpected(peer *p, int64_t iterations, int64_t stamp);

void run_collective(peer *p, enum variant operation, int64_t iterations, int64_t stamp);
void call_collective(peer *p, enum variant operation, int root);
void fill_collective(peer *p, enum variant operation, int64_t base);
void clear_collective(peer *p, enum variant operation);
/* `stamp` is that of the last call, or -1 if the data is as fill_collective left it. */
long wrong_collective(const peer *p, enum variant operation, int64_t base, int64_t stamp, int64_t *checked_bytes);

uint64_t word(int64_t seed, long index);
void fill_pattern(char *buffer, long size, int64_t seed);
long wrong_bytes(const char *buffer, long size, int64_t seed, int64_t stamp);

outcome lead(peer *p, command c);   /* rank 0: have everybody run c */
void follow(peer *p);               /* the others: run what rank 0 says until it says stop */
void stop(peer *p);
double loop_cost(peer *p, long size); /* ns to rewrite one message, no MPI */

int report(peer *p, const char *program); /* rank 0, from the command line */
int serve(peer *p);                       /* rank 0, from standard input */

#endif
