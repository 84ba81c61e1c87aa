package org.jadi.adi.device;

/** The addresses that all ranks published for one device. Any thread. */
public interface AddressBook {
    /**
     * Returns what a rank's device of the same name published.
     *
     * @return the bytes of {@link Device#address}, or null where that rank has no such device
     */
    byte[] address(int rank);
}
