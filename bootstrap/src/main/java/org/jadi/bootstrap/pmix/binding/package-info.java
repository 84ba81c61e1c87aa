/** The calls of libpmix that a job needs, with the layouts of versions 3 to 5 of the PMIx standard's C binding. */
package org.jadi.bootstrap.pmix.binding;
