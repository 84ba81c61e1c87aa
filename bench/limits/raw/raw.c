/* Messages between two processes by the shortest way known, without MPI: see mpi.h. The way is shared memory (shared.h), or with
 * RAW_SOCKET a TCP connection (socket.h). */
#define _GNU_SOURCE
#include <mpi.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_POSTED = 1 << 20, SPINS = 1 << 14 };

typedef struct { char *data; long room, got; } receive;

static int own_rank;
static pid_t child;
static receive posted[MAX_POSTED];
static int64_t first_posted, end_posted;
static long last_received;

static void must(int good, const char *what) {
    if (good) return;
    fprintf(stderr, "raw: %s: %s\n", what, strerror(errno));
    exit(3);
}

/* The receive that is first in turn is complete. */
static void received(long bytes) {
    last_received = bytes;
    first_posted++;
}

static int progress(void);
static void wait_a_little(int *spins);

/* Each defines prepare (before there are two processes), join (in both), memory_of, take, put, await_lent and sleeps. */
#ifdef RAW_SOCKET
#include "socket.h"
#else
#include "shared.h"
#endif

static int progress(void) { return first_posted != end_posted && take(&posted[first_posted % MAX_POSTED]); }

static void wait_a_little(int *spins) {
    if (progress()) *spins = 0;
    else if (++*spins > SPINS) sched_yield();
}

static void await_received(int64_t until) {
    int spins = 0;
    while (first_posted < until) {
        if (!sleeps()) wait_a_little(&spins);
    }
}

int MPI_Init(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    prepare();
    pid_t parent = getpid();
    child = fork();
    own_rank = child == 0;
    if (own_rank) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) exit(3);
    }
    join();
    return child < 0;
}

int MPI_Finalize(void) {
    int status = 0;
    if (own_rank == 0) waitpid(child, &status, 0);
    return status;
}

int MPI_Abort(MPI_Comm comm, int code) {
    (void)comm;
    exit(code);
}

int MPI_Comm_rank(MPI_Comm comm, int *rank) {
    (void)comm;
    *rank = own_rank;
    return 0;
}

int MPI_Comm_size(MPI_Comm comm, int *size) {
    (void)comm;
    *size = 2;
    return 0;
}

int MPI_Alloc_mem(long bytes, int info, void *memory) {
    (void)info;
    *(void **)memory = memory_of(bytes);
    return !*(void **)memory;
}

int MPI_Isend(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request *request) {
    (void)to;
    (void)tag;
    (void)comm;
    put(data, (long)count * type);
    request->posted = -1;
    return 0;
}

int MPI_Irecv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Request *request) {
    (void)from;
    (void)tag;
    (void)comm;
    posted[end_posted % MAX_POSTED] = (receive){data, (long)count * type, 0};
    request->posted = end_posted++;
    return 0;
}

int MPI_Wait(MPI_Request *request, MPI_Status *status) {
    if (request->posted < 0) await_lent();
    else await_received(request->posted + 1);
    if (status) status->bytes = (int)last_received;
    return 0;
}

int MPI_Waitall(int count, MPI_Request *requests, MPI_Status *statuses) {
    (void)statuses;
    int64_t until = 0;
    int sends = 0;
    for (int i = 0; i < count; i++) {
        if (requests[i].posted < 0) sends = 1;
        else if (requests[i].posted >= until) until = requests[i].posted + 1;
    }
    await_received(until);
    if (sends) await_lent();
    return 0;
}

int MPI_Send(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
    MPI_Request request;
    MPI_Isend(data, count, type, to, tag, comm, &request);
    return MPI_Wait(&request, MPI_STATUS_IGNORE);
}

int MPI_Recv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status *status) {
    MPI_Request request;
    MPI_Irecv(data, count, type, from, tag, comm, &request);
    return MPI_Wait(&request, status);
}

int MPI_Get_count(const MPI_Status *status, MPI_Datatype type, int *count) {
    *count = status->bytes / type;
    return 0;
}

static int none(void) {
    fprintf(stderr, "raw: there is no raw collective operation\n");
    exit(3);
}

int MPI_Barrier(MPI_Comm comm) {
    (void)comm;
    return none();
}

int MPI_Bcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
    (void)data, (void)count, (void)type, (void)root, (void)comm;
    return none();
}

int MPI_Reduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm) {
    (void)in, (void)out, (void)count, (void)type, (void)op, (void)root, (void)comm;
    return none();
}

int MPI_Allreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
    (void)in, (void)out, (void)count, (void)type, (void)op, (void)comm;
    return none();
}

int MPI_Allgather(const void *in, int n, MPI_Datatype t, void *out, int m, MPI_Datatype u, MPI_Comm comm) {
    (void)in, (void)n, (void)t, (void)out, (void)m, (void)u, (void)comm;
    return none();
}

int MPI_Alltoall(const void *in, int n, MPI_Datatype t, void *out, int m, MPI_Datatype u, MPI_Comm comm) {
    (void)in, (void)n, (void)t, (void)out, (void)m, (void)u, (void)comm;
    return none();
}
