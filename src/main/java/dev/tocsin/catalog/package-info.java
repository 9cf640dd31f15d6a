/**
 * The event types there are, those of the system and those of each organization, and what is known
 * of their entities' fields.
 *
 * <p>Knows names and types, never values: it neither validates a payload nor stores one.
 */
@NullMarked
package dev.tocsin.catalog;

import org.jspecify.annotations.NullMarked;
