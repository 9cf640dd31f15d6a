/**
 * Shows the events of an organization, as they are stored, to whoever subscribed to them: each once
 * and in order, also to those who come back after a while. Subscribers come from wherever one can
 * be reached, HTTP or the bus; here they are an interface.
 *
 * <p>PostgreSQL knows the order and how far it may be read; a message that an event was stored only
 * makes it fast. Nothing here keeps an event longer than it takes to hand it over.
 */
@NullMarked
package dev.tocsin.stream;

import org.jspecify.annotations.NullMarked;
