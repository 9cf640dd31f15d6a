package dev.tocsin.api;

import dev.tocsin.rule.CalculationLimits;
import java.time.Duration;
import java.util.Objects;

/**
 * The limits of the API.
 *
 * @param bodyBytesMax most bytes of a request that stores events
 * @param managementBodyBytesMax most bytes of any other request
 * @param bodiesBytesMax most bytes of bodies that a node holds, received in part or in whole
 * @param managementInFlightMax most management calls that run at the same time
 * @param managementQueueMax most that wait for their turn
 * @param managementPerOrganizationMax most of one organization, running or waiting
 * @param ingestPatience how long to wait for ingest's answer; longer than ingest waits itself
 * @param retryAfter what a refused client is told to wait
 * @param drainWithin how long a stopping server waits for the requests it has
 * @param lateWindow how long ago what is armed may have been due and is not skipped
 * @param calculations what a rule's calculation may cost
 * @param explanations how long it may be said why one came to what it came to
 */
public record ApiSettings(
    int bodyBytesMax,
    int managementBodyBytesMax,
    long bodiesBytesMax,
    int managementInFlightMax,
    int managementQueueMax,
    int managementPerOrganizationMax,
    Duration ingestPatience,
    Duration retryAfter,
    Duration drainWithin,
    Duration lateWindow,
    CalculationLimits calculations,
    ExplanationLimits explanations) {
  /** Far above any rule or webhook; what is larger is a mistake or an attack. */
  public static final int MANAGEMENT_BODY_BYTES_MAX = 256 << 10;

  public ApiSettings {
    Objects.requireNonNull(ingestPatience);
    Objects.requireNonNull(retryAfter);
    Objects.requireNonNull(drainWithin);
    Objects.requireNonNull(lateWindow);
    Objects.requireNonNull(calculations);
    Objects.requireNonNull(explanations);
    if (bodyBytesMax < 1
        || managementBodyBytesMax < 1
        || bodiesBytesMax < Math.max(bodyBytesMax, managementBodyBytesMax)
        || managementInFlightMax < 1
        || managementQueueMax < 0
        || managementPerOrganizationMax < 1) {
      throw new IllegalArgumentException("each limit of the API must have room for one request");
    }
  }

  /** A quarter of the room is as much as one organization gets, and never less than one body. */
  BodyRoom.Limits bodyRoom() {
    long one = Math.max(bodyBytesMax, managementBodyBytesMax);
    return new BodyRoom.Limits(bodiesBytesMax, Math.max(one, bodiesBytesMax / 4), retryAfter);
  }
}
