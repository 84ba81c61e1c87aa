/* As much of MPI as peers/ needs for messages between two processes, and nothing that an MPI has to do beyond moving them: no
 * matching, no tags, no communicators, messages received in the order in which they were sent. So the programs of peers/ built
 * with this header show what the machine can do in the same loops. See raw.c. */
#ifndef JADI_RAW_MPI_H
#define JADI_RAW_MPI_H

typedef int MPI_Comm;
typedef int MPI_Datatype; /* bytes of one */
typedef int MPI_Op;
typedef struct { int bytes; } MPI_Status;
typedef struct { long posted; } MPI_Request; /* place in the queue of posted receives, or -1 */

enum { MPI_COMM_WORLD, MPI_INFO_NULL, MPI_SUM };
enum { MPI_BYTE = 1, MPI_DOUBLE = 8 };
#define MPI_STATUS_IGNORE ((MPI_Status *)0)
#define MPI_STATUSES_IGNORE ((MPI_Status *)0)

int MPI_Init(int *argc, char ***argv);
int MPI_Finalize(void);
int MPI_Abort(MPI_Comm comm, int code) __attribute__((noreturn));
int MPI_Comm_rank(MPI_Comm comm, int *rank);
int MPI_Comm_size(MPI_Comm comm, int *size);
int MPI_Alloc_mem(long bytes, int info, void *memory);

int MPI_Send(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm);
int MPI_Recv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status *status);
int MPI_Isend(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request *request);
int MPI_Irecv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Request *request);
int MPI_Wait(MPI_Request *request, MPI_Status *status);
int MPI_Waitall(int count, MPI_Request *requests, MPI_Status *statuses);
int MPI_Get_count(const MPI_Status *status, MPI_Datatype type, int *count);

/* There is no raw collective operation to compare with: these end the program. */
int MPI_Barrier(MPI_Comm comm);
int MPI_Bcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm comm);
int MPI_Reduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm);
int MPI_Allreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm);
int MPI_Allgather(const void *in, int n, MPI_Datatype t, void *out, int m, MPI_Datatype u, MPI_Comm comm);
int MPI_Alltoall(const void *in, int n, MPI_Datatype t, void *out, int m, MPI_Datatype u, MPI_Comm comm);

#endif
