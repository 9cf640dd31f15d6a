/**
 * The way in: reads a request's events, checks their form and content, names what is wrong, and
 * answers when everything right about the request is durable.
 *
 * <p>Bounded in flight: over the bound it refuses at once. It stores no event itself, and tells
 * nobody that something is stored before it is. From what is stored it learns, in its own time,
 * which fields events have.
 */
@NullMarked
package dev.tocsin.ingest;

import org.jspecify.annotations.NullMarked;
