/** Four calls of libc, for a socket that this process inherited by number: Java opens sockets, but adopts none. */
package org.jadi.bootstrap.pmi.binding;
