/** Hashes and random bits without the security providers of the JDK, which cost every rank milliseconds at its start. */
package org.jadi.bootstrap.crypto;
