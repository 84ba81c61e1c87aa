package org.jadi.scopes.node;

/** What is the matter with a claim. The numbers are those in the table. */
public enum ClaimState {
    /** There is none. */
    FREE,
    /** Its holder uses it. */
    HELD,
    /** Its holder has given a ticket for it, which nobody has redeemed yet. */
    ISSUED,
    /** Its holder offers it to whoever wants to borrow. */
    OFFERED,
    /** Its holder has it from the lender. */
    BORROWED,
    /** Its holder has it from the lender, who wants it back. */
    RECALLED
}
