package org.jadi.scopes;

import java.util.List;

/**
 * What works here.
 *
 * @param library what described the machine, {@code hwloc 3.0 (...)} or {@code none}
 * @param refused libraries that were tried and not used, and why
 * @param machine the machine in a line
 * @param binding whether threads are really bound
 * @param bindingProblem why not; empty if they are
 * @param claimsShared whether claims are seen by the other processes of the node
 * @param claimsProblem why not; empty if they are, or nobody has needed them yet
 */
public record Support(String library, List<String> refused, String machine, boolean binding, String bindingProblem,
        boolean claimsShared, String claimsProblem) {}
