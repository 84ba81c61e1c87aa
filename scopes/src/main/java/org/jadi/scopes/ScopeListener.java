package org.jadi.scopes;

/** Is told when a scope has changed its shape, by the thread that changed it, after it is done. */
@FunctionalInterface
public interface ScopeListener {
    /** Called with the shape before and after. What it throws goes to who changed the scope, which stays changed. */
    void onChange(Scope scope, Shape before, Shape after);
}
