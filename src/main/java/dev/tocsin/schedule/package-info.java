/**
 * Keeps appointments: arms what was stored before a configuration was made, and fires what is due.
 *
 * <p>Nothing here is remembered between two rounds: what is owed is in rows, which any node takes
 * for a while and gives back with what came of it.
 */
@NullMarked
package dev.tocsin.schedule;

import org.jspecify.annotations.NullMarked;
