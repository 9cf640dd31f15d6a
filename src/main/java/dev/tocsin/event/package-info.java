/**
 * The vocabulary every stage speaks: events, their names, payloads and ids.
 *
 * <p>Immutable values only. Nothing here reads a clock, a database, a socket or the environment,
 * and nothing here knows which stage uses it.
 */
@NullMarked
package dev.tocsin.event;

import org.jspecify.annotations.NullMarked;
