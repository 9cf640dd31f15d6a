package dev.tocsin.webhook;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of requests to webhooks.
 *
 * @param timeout how long a request may take from its start to its answer's end, connecting and
 *     reading included
 * @param connectionsMax most connections to one receiver's host and port; webhooks of many
 *     organizations may share one, so this has to be as large as everything that may be in flight
 * @param responseBytesMax how much of an answer's body is read before it is cut off
 * @param keptResponseBytes how much of it is kept for the run's reader
 */
public record SenderSettings(
    Duration timeout, int connectionsMax, int responseBytesMax, int keptResponseBytes) {
  public SenderSettings {
    Objects.requireNonNull(timeout);
    if (!timeout.isPositive()
        || connectionsMax < 1
        || keptResponseBytes < 0
        || responseBytesMax < keptResponseBytes) {
      throw new IllegalArgumentException(
          "a request needs time and a connection, and what is kept of an answer must be read");
    }
  }
}
