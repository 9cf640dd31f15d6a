/**
 * A server as its operator runs it, seen from outside: its process, its HTTP calls, and a receiver
 * of its webhooks. Knows nothing of the server's classes but where they are.
 */
@NullMarked
package dev.tocsin.process;

import org.jspecify.annotations.NullMarked;
