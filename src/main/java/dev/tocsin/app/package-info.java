/**
 * Puts the server together: reads the settings, starts the parts in order and stops them in the
 * opposite one.
 *
 * <p>The only place where the clock, randomness and the parts themselves come from; it decides
 * nothing about events.
 */
@NullMarked
package dev.tocsin.app;

import org.jspecify.annotations.NullMarked;
