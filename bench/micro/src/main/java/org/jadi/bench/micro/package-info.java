/** JMH benchmarks of single steps inside the library. Names give the shape of what is measured. */
package org.jadi.bench.micro;
