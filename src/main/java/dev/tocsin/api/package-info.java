/**
 * The HTTP API: routes, tokens, JSON in and out, for m3ter's paths and our own.
 *
 * <p>Thin: it reads a request, checks its form and the caller's right, asks a port or a stage, and
 * writes the answer. It stores nothing, evaluates nothing, and never waits on an event loop.
 */
@NullMarked
package dev.tocsin.api;

import org.jspecify.annotations.NullMarked;
