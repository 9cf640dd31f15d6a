/**
 * Webhooks: where a notification goes and may go, how the request is signed, and the only HTTP
 * client of the server.
 *
 * <p>Sends one request and says what came of it. Never decides whether to try again, and never
 * touches the database; secrets never leave it in a log line or a {@code toString}.
 */
@NullMarked
package dev.tocsin.webhook;

import org.jspecify.annotations.NullMarked;
