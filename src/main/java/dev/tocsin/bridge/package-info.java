/**
 * The ways in and out for programs on the event bus: over TCP and WebSockets, in the frames of
 * Vert.x's own bridges, and as members of a cluster. It reads and writes what they say and bounds
 * what they may take; what is asked is answered by {@code api}, in the words of HTTP.
 *
 * <p>No event is ever published on an address: each goes to whom it is for, who was let in. Nothing
 * that a client sends reaches the bus.
 */
@NullMarked
package dev.tocsin.bridge;

import org.jspecify.annotations.NullMarked;
