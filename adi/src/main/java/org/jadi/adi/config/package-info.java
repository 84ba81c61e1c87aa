/**
 * Configuration: keys with type, default, unit and text in one table per module, read once at start.
 *
 * <p>Main type: {@link org.jadi.adi.config.Config}. Immutable, any thread. Order of sources: option (given by mpirun as
 * environment), system property, environment, file, default.
 */
package org.jadi.adi.config;
