package org.jadi.bench.compare;

/** How far apart the caches of the two CPUs were during a slice. A virtual machine's CPUs move. */
enum Distance {
    NEAR,
    FAR,
    /** It changed during the slice: compared with nothing. */
    MIXED
}
