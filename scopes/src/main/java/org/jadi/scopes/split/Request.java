package org.jadi.scopes.split;

import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;

/**
 * What somebody wants of a scope: so many objects of a type, and hints which ones. Immutable.
 *
 * <p>Without hints: those that fewest claim already, and among equals the first in the order of the tree.
 *
 * @param count how many
 * @param atLeast how many will do
 * @param type of what
 * @param near CPUs to which they are to be near; empty: no matter
 * @param far CPUs from which they are to be far; empty: no matter
 * @param last whether the last ones are taken rather than the first
 * @param smtSibling whether to take CPUs that share a core with its first CPU, of cores in use if there are any
 * @param wholeCore whether the other CPUs of the cores are taken too
 * @param exclusive whether nobody else may claim them
 * @param preferUnused whether what few claim is preferred, before what is near
 */
public record Request(int count, int atLeast, HwType type, CpuSet near, CpuSet far, boolean last, boolean smtSibling,
        boolean wholeCore, boolean exclusive, boolean preferUnused) {
    /** Checks the numbers. */
    public Request {
        if (count < 1 || atLeast < 1 || atLeast > count) {
            throw new IllegalArgumentException("a request is for 1 or more: count=" + count + " atLeast=" + atLeast);
        }
    }

    /** Begins with so many objects of a type. */
    public static Request of(int count, HwType type) {
        return new Request(count, count, type, CpuSet.EMPTY, CpuSet.EMPTY, false, false, false, false, true);
    }

    /** Fewer will do too. */
    public Request atLeast(int number) {
        return new Request(count, number, type, near, far, last, smtSibling, wholeCore, exclusive, preferUnused);
    }

    /** Near to some CPUs: those of a scope, the locality of a device, what a thread is bound to. */
    public Request closeTo(CpuSet cpus) {
        return new Request(count, atLeast, type, cpus, far, last, smtSibling, wholeCore, exclusive, preferUnused);
    }

    /** Far from some CPUs. */
    public Request awayFrom(CpuSet cpus) {
        return new Request(count, atLeast, type, near, cpus, last, smtSibling, wholeCore, exclusive, preferUnused);
    }

    /** The last ones of the scope, so that the first ones stay together for others. */
    public Request fromTheEnd() {
        return new Request(count, atLeast, type, near, far, true, smtSibling, wholeCore, exclusive, preferUnused);
    }

    /** The second threads of cores: a place for helpers that leaves the cores to the work. */
    public Request smtSiblings() {
        return new Request(count, atLeast, type, near, far, last, true, wholeCore, exclusive, preferUnused);
    }

    /** Cores as wholes. */
    public Request wholeCores() {
        return new Request(count, atLeast, type, near, far, last, smtSibling, true, exclusive, preferUnused);
    }

    /** Nobody else has claimed them, nor may until they are given back. */
    public Request alone() {
        return new Request(count, atLeast, type, near, far, last, smtSibling, wholeCore, true, preferUnused);
    }

    /** Nearness counts before how many claim them. */
    public Request ignoringUse() {
        return new Request(count, atLeast, type, near, far, last, smtSibling, wholeCore, exclusive, false);
    }
}
