/**
 * The event bus with types: an {@link Address} knows the record that travels to it, so that a
 * sender and a consumer that disagree do not compile.
 *
 * <p>Work is handed over within a node, a {@link dev.tocsin.bus.Doorbell} rings on every node;
 * neither is the only copy of anything.
 */
@NullMarked
package dev.tocsin.bus;

import org.jspecify.annotations.NullMarked;
