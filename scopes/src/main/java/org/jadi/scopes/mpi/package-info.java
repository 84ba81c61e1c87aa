/**
 * What scopes do for MPI, and scopes over communicators. The only package that knows the modules of MPI, which may be
 * missing: then nothing here is loaded.
 */
package org.jadi.scopes.mpi;
