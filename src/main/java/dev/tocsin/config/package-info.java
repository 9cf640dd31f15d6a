/**
 * What the operator wrote: the server's settings and the organizations, read, checked and typed.
 *
 * <p>Reports every problem at once, each with its place. Reads the environment; nothing else here
 * does anything with what it read.
 */
@NullMarked
package dev.tocsin.config;

import org.jspecify.annotations.NullMarked;
