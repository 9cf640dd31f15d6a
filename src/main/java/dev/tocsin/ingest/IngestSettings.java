package dev.tocsin.ingest;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of ingest.
 *
 * @param batchEventsMax most events in one request
 * @param eventBytesMax most bytes of one event, as sent
 * @param inFlightEventsMax most events that this node may have accepted and not yet answered
 * @param inFlightBytesMax most bytes of requests likewise
 * @param organizationInFlightEventsMax most events of one organization likewise
 * @param aheadMax how far ahead of the server's clock an event's time may be
 * @param answerWithin how long a request may wait for its events to be durable
 * @param retryAfter what a refused client is told to wait
 */
public record IngestSettings(
    int batchEventsMax,
    int eventBytesMax,
    int inFlightEventsMax,
    long inFlightBytesMax,
    int organizationInFlightEventsMax,
    Duration aheadMax,
    Duration answerWithin,
    Duration retryAfter) {
  public IngestSettings {
    Objects.requireNonNull(aheadMax);
    Objects.requireNonNull(answerWithin);
    Objects.requireNonNull(retryAfter);
    if (batchEventsMax < 1
        || eventBytesMax < 1
        || inFlightEventsMax < batchEventsMax
        || organizationInFlightEventsMax < batchEventsMax
        || inFlightBytesMax < eventBytesMax) {
      throw new IllegalArgumentException("each limit of ingest must have room for one request");
    }
  }
}
