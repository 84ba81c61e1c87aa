/**
 * The engine's packet header: 32 bytes that devices carry and never read. The bytes and the steps of each protocol stand
 * in {@code adi/PROTOCOL.md}. Main type: {@link org.jadi.adi.packet.PacketHeader}; stateless.
 */
package org.jadi.adi.packet;
